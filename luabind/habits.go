package luabind

import (
	"regexp"
	"sync"
)

// A habit is another language's way of writing, and Lua's.
type habit struct {
	pattern string // an expression, compiled when a mistake is explained
	hint    string
	lacks   string // and this is not in the line; or ""
}

const then, do = `\bthen\b`, `\bdo\b`

// habits explain mistakes in the source. The text of strings and comments is
// left out of the lines they see.
var habits = []habit{
	{`!=`, "not equal is ~= in Lua", ""},
	{`(\w+)\s*(\.\.|[-+*/%^])=`, "write x = x + 1; Lua has no +=", ""},
	{`\+\+`, "write x = x + 1; Lua has no ++", ""},
	{`&&|\|\||!\s*[\w(]`, "write and, or, not", ""},
	{`^\s*(import|from)\s+\w`, "local m = require \"m\" loads a module; what sosh offers needs no import", ""},
	{`^\s*(async\s+)?def\s+\w`, "a function is: function name(a, b) … end", ""},
	{`^\s*class\s+\w`, "Lua has no classes; a table holds fields and functions: local t = {x = 1}", ""},
	{`\blambda\b`, "a function in an expression is: function(x) return x + 1 end", ""},
	{`^\s*(elif|elsif)\b`, "else if is one word in Lua: elseif … then", ""},
	{`^\s*(try|except|raise|finally|catch|throw)\b`, "errors are caught with pcall: local ok, err = pcall(function() … end); error(\"text\") raises", ""},
	{`^\s*with\s.*\bas\b`, "open and close by hand: local f = assert(io.open(name)) … f:close()", ""},
	{`^\s*(pass|continue)\s*$`, "leave the block empty; goto jumps on: goto next … ::next::", ""},
	{`\bis\s+(not\s+)?(None|nil|True|False)\b`, "compare with x == nil, x ~= nil", ""},
	{`^\s*(if|elseif|while)\b.*\bnot\s+in\b|^\s*(if|elseif|while)\b.*\bin\b`, "a table is asked with t[key] ~= nil; a string with s:find(\"text\", 1, true)", ""},
	{`^\s*for\b.*\bin\s+range\b`, "count with: for i = 1, 10 do … end", ""},
	{`^\s*(if|while|for|else|elseif|function)\b.*:\s*$`, "blocks have no colon: if … then … end, while … do … end, for … do … end", ""},
	{`^\s*(if|while|for|else|elseif|function|local function)\b.*\{\s*$`, "blocks have no braces: if … then … end, while … do … end, function f() … end", ""},
	{`\belse\s+if\b`, "elseif is one word; an if of its own after else needs an end of its own", ""},
	{`^\s*(if|elseif)\b`, "it is: if … then … elseif … then … else … end", then},
	{`^\s*(while|for)\b`, "it is: while … do … end, for i = 1, 10 do … end", do},
	{`^\s*(int|char|var|let|const|float)\s+\w`, "a variable is: local x = 1", ""},
	{`\?.*:`, "a choice in an expression is: x = condition and a or b", ""},
	{`(=|\breturn)\s.*\bif\b.*\belse\b`, "a choice in an expression is: x = condition and a or b", ""},
	{`(=|\(|\breturn)\s*\[($|[^\[=])`, "a list is {1, 2, 3}", ""},
	{`\{\s*""\s*:|\{\s*\w+\s*:\s`, "a table with names is {name = 1, [\"other name\"] = 2}", ""},
	{`\b[fbr]""`, "strings have no f, b or r before them: \"x is \" .. x, or string.format(\"x is %d\", x)", ""},
	{`^\s*print\b.*""\s*%`, formatHint, ""},
	{`^\s*print\s+[^("{\s\[]`, "print is a function: print(x)", ""},
	{`^\s*(#|//|/\*)`, "comments begin with --", ""},
	{`""""`, "a string of several lines is [[ … ]]", ""},
}

const formatHint = "values are put into text with string.format(\"%s\", x)"

// runtimeHabits explain errors of lines that are Lua, but mean something else.
var runtimeHabits = []habit{
	{`\bfor\s+\w+(\s*,\s*\w+)?\s+in\s+[\w.]+\s+do\b`, "go through a list with: for i, x in ipairs(list) do … end, a table with pairs", ""},
	{`""\s*%|^\s*print\b.*""\s*%`, formatHint, ""},
	{`\b[a-z]\w*\.(upper|lower|rep|sub|find|match|gmatch|gsub|format|byte|reverse)\s*\(\s*(\)|"|\d)`, "methods of a string take a colon: s:upper()", ""},
	{`\w\[0\]`, "lists begin at 1: list[1]", ""},
}

// quoted is what habits do not look into.
var (
	quoted  = pattern{expr: `"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'`}
	comment = pattern{expr: `--.*`}
)

// A pattern is an expression that is compiled at its first use, not at every
// start.
type pattern struct {
	expr string
	once sync.Once
	re   *regexp.Regexp
}

func (p *pattern) compiled() *regexp.Regexp {
	p.once.Do(func() { p.re = regexp.MustCompile(p.expr) })
	return p.re
}

func hintIn(habits []habit, line string) string {
	line = comment.compiled().ReplaceAllString(quoted.compiled().ReplaceAllString(line, `""`), "")
	for _, h := range habits {
		if matches(h.pattern, line) && (h.lacks == "" || !matches(h.lacks, line)) {
			return h.hint
		}
	}
	return ""
}

func matches(expr, line string) bool { return regexp.MustCompile(expr).MatchString(line) }

// foreignNames are what names of Python and others are in Lua; the map is made
// when a mistake is explained.
func foreignNames() map[string]string {
	return map[string]string{
		"True": "it is true in Lua", "False": "it is false in Lua",
		"None": "it is nil in Lua", "null": "it is nil in Lua", "NULL": "it is nil in Lua", "undefined": "it is nil in Lua",
		"len": "the length of x is #x", "str": "tostring(x)", "int": "math.floor(tonumber(x))", "float": "tonumber(x)",
		"input": "ask(\"question\")", "raw_input": "ask(\"question\")", "range": "for i = 1, 10 do … end",
		"enumerate": "for i, x in ipairs(list) do … end", "isinstance": "type(x) == \"string\"", "repr": "string.format(\"%q\", x)",
		"self":   "declare the function with a colon: function obj:method()",
		"append": "list[#list + 1] = x", "split": "for word in s:gmatch(\"%S+\") do … end", "strip": "s:match(\"^%s*(.-)%s*$\")",
		"join": "table.concat(list, \", \")", "startswith": "s:sub(1, #prefix) == prefix", "endswith": "s:sub(-#suffix) == suffix",
		"replace": "s:gsub(old, new)", "encode": "strings are bytes already", "decode": "strings are bytes already",
		"items": "for k, v in pairs(t) do … end", "keys": "for k in pairs(t) do … end", "println": "print(x)", "printf": "print(string.format(…))",
		"time": "task.sleep(seconds) waits; os.time() and os.clock() tell the time", "threading": "task.spawn(fn) runs a function beside others",
		"sys": "arguments are in arg, exit(code) ends", "random": "math.random(1, 6)", "re": "s:match(pattern), s:gmatch(pattern)",
		"struct": "pack.pack(\">H\", n), pack.unpack(\">H\", s)", "dumps": "json.encode(x)", "loads": "json.decode(s)",
		"sendall": "c:send(data) sends everything", "select": "each task waits for itself: task.spawn(fn)",
		"settimeout": "give the time to the call: c:recv({timeout = 2})", "console": "print(x)", "exit": "exit(code)",
	}
}
