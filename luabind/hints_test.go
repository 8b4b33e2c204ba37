package luabind

import (
	"strings"
	"testing"

	"sosh/primitive"
)

// Other languages' ways of writing are answered with Lua's.
func TestSyntaxHints(t *testing.T) {
	f := newFixture(t, Options{})
	for source, hint := range map[string]string{
		"if a != b then end":    "~=",
		"x += 1":                "x = x + 1",
		"s ..= 'a'":             "x = x + 1",
		"x++":                   "x = x + 1",
		"import socket":         "require",
		"from socket import *":  "require",
		"def f(x):\n  return x": "function name(a, b)",
		"class A:\n":            "no classes",
		"f = lambda x: x":       "function(x) return",
		"if a then\n  b()\nelif c then\n  d()\nend":     "elseif",
		"if a then\n  b()\nelse if c then\n  d()\nend":  "elseif is one word",
		"if a:\n  b()\nend":                             "no colon",
		"while true:\n  b()":                            "no colon",
		"for i in range(3):\n  print(i)":                "for i = 1, 10 do",
		"if (a) {\n  b()\n}":                            "no braces",
		"function f() {\n}":                             "no braces",
		"if a\n  b()\nend":                              "if … then",
		"while a\n  b()\nend":                           "while … do",
		"try:\n  f()\nexcept OSError as e:\n  print(e)": "pcall",
		"raise ValueError('x')":                         "error(",
		"with open('f') as f:":                          "io.open",
		"a = b && c":                                    "and, or, not",
		"a = b || c":                                    "and, or, not",
		"if !a then end":                                "and, or, not",
		"if a is None then end":                         "x == nil",
		"if a in list then end":                         "t[key] ~= nil",
		"if a not in list then end":                     "t[key] ~= nil",
		"x = a ? b : c":                                 "condition and a or b",
		"x = a if b else c":                             "condition and a or b",
		"x = [1, 2]":                                    "{1, 2, 3}",
		"x = {'a': 1}":                                  "{name = 1",
		"const x = 1":                                   "local x = 1",
		"print x":                                       "print(x)",
		"local s = f'x is {x}' y":                       "string.format",
		"x = 1\n# a comment here":                       "--",
		"// comment":                                    "--",
		"for i = 1, 3 do\n  if i == 2 then\n    continue\n  end\nend": "goto",
	} {
		f.fails(t, source, primitive.Usage, hint)
	}
}

// What is right, or quoted, gives no hint.
func TestNoHints(t *testing.T) {
	f := newFixture(t, Options{})
	for _, source := range []string{
		"local t = {['a'] = 1, ['b'] = 2}\nif t.a then x() else y() end\nfor k in pairs(t) do z(k) end\nx = = 1",
		"print('a != b && c') -- x += 1\nlocal c = {c:send('x')}\nwhile true do break end\nx = = 1",
	} {
		_, err := f.Run(t.Context(), source, "prompt")
		if e := primitive.AsError(err); e.Hint != "" {
			t.Errorf("%s: hint %q", source, e.Hint)
		}
	}
}

func TestRuntimeHints(t *testing.T) {
	f := newFixture(t, Options{})
	for source, parts := range map[string][]string{
		`print "x is %d" % 5`:                       {"string.format"},
		`local s = "x is %d" % 5`:                   {"string.format"},
		`local s = "a" + "b"`:                       {"joined with .."},
		`local n = nil; local s = "a" .. n`:         {"n is nil, not text"},
		`local n = nil; local s = n .. "a"`:         {"n is nil, not text"},
		`local s = "a" .. true`:                     {"cannot be joined", "tostring(x)"},
		`local n = nil; local m = n + 1`:            {"n is nil, not a number"},
		`local n = nil; local m = #n`:               {"n is nil and has no length"},
		`local l = {1}; local m = l[0] + 1`:         {"lists begin at 1"},
		`local l = {{}}; local m = l[0].x`:          {"lists begin at 1"},
		"local list = {1, 2}\nfor x in list do end": {"ipairs(list)"},
		`len("x")`:                           {"the length of x is #x"},
		`local s = "a,b"; s:split(",")`:      {"gmatch"},
		`local t = {}; t:append(1)`:          {"list[#list + 1] = x"},
		`local s = "a"; s = s.upper()`:       {"s:upper()"},
		`time.sleep(1)`:                      {"task.sleep(seconds)"},
		`json.dumps({})`:                     {"json.encode"},
		`local x = print.y`:                  {"a function has no field", "call it first"},
		`line.open("127.0.0.1:7").send("x")`: {"use a colon: c:send(…)"},
		`task.queue(1).put(1)`:               {"use a colon"},
	} {
		_, err := f.Run(t.Context(), source, "prompt")
		if err == nil {
			t.Errorf("%s: no error", source)
			continue
		}
		for _, part := range parts {
			if text := err.Error() + "\n" + primitive.AsError(err).Hint; !strings.Contains(text, part) {
				t.Errorf("%s: %q lacks %q", source, text, part)
			}
		}
	}
}

// A nil handle says which call failed and why: the one that it is from.
func TestNilHandles(t *testing.T) {
	f := newFixture(t, Options{Strict: true})
	const refused = "c is nil: line open 127.0.0.1:81: connection refused"
	f.fails(t, "local c = line.open('127.0.0.1', 81)\nlocal d = line.open('127.0.0.1', 7)\nd:close()\nlocal n = d:recv()\nc:send('x')", primitive.Usage, refused)
	f.fails(t, "local c = line.open('127.0.0.1', 81)\nlocal d = line.open('127.0.0.1', 7)\nd:close()\nlocal n = d:recv()\nn:x()", primitive.Usage, "n is nil: recv c")
	f.fails(t, "local function connect() return line.open('127.0.0.1', 81) end\nlocal c = connect()\nc:send('x')", primitive.Usage, refused)
	f = newFixture(t, Options{Strict: true})
	if err := f.fails(t, "local c\nlocal d = line.open('127.0.0.1', 81)\nc:send('x')", primitive.Usage); strings.Contains(err.Error(), "refused") {
		t.Errorf("another variable's failure: %v", err)
	}
	// from one line of the prompt to the next
	f.eval(t, "c = line.open('127.0.0.1', 81)")
	f.eval(t, "1 + 1")
	f.fails(t, "c:send('x')", primitive.Usage, refused)
	f.fails(t, "send(c, 'x')", primitive.Usage, refused)
	f.SetFailed("s", primitive.Newf(primitive.Refused, "tcp connect 127.0.0.1:81: connection refused"))
	f.fails(t, "s:send('x')", primitive.Usage, "s is nil: tcp connect 127.0.0.1:81: connection refused")
}
