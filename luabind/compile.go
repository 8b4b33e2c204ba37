package luabind

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/ast"
	"github.com/yuin/gopher-lua/parse"

	"sosh/primitive"
)

// compile makes a function of a chunk; a mistake is of kind usage.
func (s *State) compile(source, chunk string) (*lua.LFunction, error) {
	stmts, err := parse.Parse(strings.NewReader(source), chunk)
	if err != nil {
		return nil, syntaxError(source, chunk, err)
	}
	return s.compileStmts(stmts, source, chunk)
}

func (s *State) compileStmts(stmts []ast.Stmt, source, chunk string) (*lua.LFunction, error) {
	proto, err := lua.Compile(stmts, chunk)
	if err != nil {
		return nil, syntaxError(source, chunk, err)
	}
	s.keepSource(source, chunk)
	return s.main.NewFunctionFromProto(proto), nil
}

// Sources kept to name variables in errors.
const keptSources = 64

func (s *State) keepSource(source, chunk string) {
	if len(s.sources) >= keptSources {
		clear(s.sources)
	}
	s.sources[chunk] = source
}

// compilePrompt takes an expression, or statements. Locals at the top level
// become globals, or they would be gone with the line: "local x = 1", "local
// function f". Locals inside of blocks and functions stay what they are.
func (s *State) compilePrompt(source, chunk string) (*lua.LFunction, error) {
	stmts, err := parse.Parse(strings.NewReader("return "+source), chunk)
	if err != nil {
		stmts, err = parse.Parse(strings.NewReader(source), chunk)
	}
	if err != nil {
		return nil, syntaxError(source, chunk, err)
	}
	for i, stmt := range stmts {
		if local, ok := stmt.(*ast.LocalAssignStmt); ok {
			stmts[i] = asGlobal(local)
		}
	}
	return s.compileStmts(stmts, source, chunk)
}

// asGlobal is the assignment that a local declaration at the prompt means.
func asGlobal(local *ast.LocalAssignStmt) ast.Stmt {
	assign := &ast.AssignStmt{Rhs: local.Exprs}
	assign.SetLine(local.Line())
	assign.SetLastLine(local.LastLine())
	for _, name := range local.Names {
		ident := &ast.IdentExpr{Value: name}
		ident.SetLine(local.Line())
		ident.SetLastLine(local.Line())
		assign.Lhs = append(assign.Lhs, ident)
	}
	if len(assign.Rhs) == 0 {
		none := &ast.NilExpr{}
		none.SetLine(local.Line())
		none.SetLastLine(local.Line())
		assign.Rhs = []ast.Expr{none}
	}
	return assign
}

// Incomplete is whether the source only lacks its end: a block, a bracket, a
// long string or comment is open.
func (s *State) Incomplete(source string) bool {
	value, unfinishedValue := unfinished("return " + source)
	_, unfinishedChunk := unfinished(source)
	return !value && (unfinishedValue || unfinishedChunk)
}

// unfinished parses a source, and says whether it is whole, and if not, whether
// only its end is missing. A short string that is open at the end of its line is
// wrong, not unfinished, hence the line feed.
func unfinished(source string) (whole, open bool) {
	_, err := parse.Parse(strings.NewReader(source+"\n"), "")
	var e *parse.Error
	return err == nil, errors.As(err, &e) && e.Pos.Line == parse.EOF
}

// syntaxError is a mistake in the source as file:line: what.
func syntaxError(source, chunk string, err error) error {
	var p *parse.Error
	var c *lua.CompileError
	switch {
	case errors.As(err, &p):
		return parseError(source, chunk, p)
	case errors.As(err, &c):
		return primitive.Usagef("%s:%d: %s", chunk, c.Line, primitive.Visible(c.Message))
	}
	return primitive.Usagef("%s: %s", chunk, primitive.Visible(err.Error()))
}

func parseError(source, chunk string, p *parse.Error) error {
	lines := strings.Split(strings.TrimRight(source, "\n"), "\n")
	line, near := p.Pos.Line, "near "+primitive.Quote(p.Token)
	if line == parse.EOF {
		line, near = len(lines), "at the end: something is still open"
	}
	e := primitive.Usagef("%s:%d: %s %s", chunk, line, p.Message, near)
	for i := line; i > max(0, line-habitLines) && i <= len(lines); i-- {
		if hint := habitHint(lines[i-1]); hint != "" {
			return e.WithHint("%s", hint)
		}
	}
	return e
}

// The line that is to blame may be a few before the one that made no sense.
const habitLines = 5

// habits are other languages' ways of writing, and Lua's.
var habits = []struct {
	pattern *regexp.Regexp
	hint    string
}{
	{regexp.MustCompile(`!=`), "not equal is ~= in Lua"},
	{regexp.MustCompile(`(\w+)\s*([-+*/])=`), "write x = x + 1; Lua has no +="},
	{regexp.MustCompile(`\+\+`), "write x = x + 1; Lua has no ++"},
	{regexp.MustCompile(`^\s*(import|from)\s+\w`), "local m = require \"m\" loads a module; what sosh offers needs no import"},
	{regexp.MustCompile(`^\s*(def)\s+\w`), "a function is: function name(a, b) … end"},
	{regexp.MustCompile(`^\s*elif\b`), "else if is one word in Lua: elseif … then"},
	{regexp.MustCompile(`^\s*(if|while|for|else|try|except)\b.*:\s*$`), "blocks have no colon: if … then … end, while … do … end, for … do … end"},
	{regexp.MustCompile(`^\s*(try|except|raise|finally)\b`), "errors are caught with pcall: local ok, err = pcall(function() … end)"},
	{regexp.MustCompile(`&&|\|\|`), "write and, or, not"},
	{regexp.MustCompile(`^\s*#`), "comments begin with --"},
}

func habitHint(line string) string {
	for _, h := range habits {
		if h.pattern.MatchString(line) {
			return h.hint
		}
	}
	return ""
}

// variable names what was used as a nil value at a line: the word before ":send".
func (s *State) variable(L *lua.LState, pattern string) string {
	dbg, ok := L.GetStack(1)
	if !ok {
		return ""
	}
	if _, err := L.GetInfo("Sl", dbg, lua.LNil); err != nil {
		return ""
	}
	lines := strings.Split(s.sources[dbg.Source], "\n")
	if dbg.CurrentLine < 1 || dbg.CurrentLine > len(lines) {
		return ""
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return ""
	}
	found := re.FindAllStringSubmatch(lines[dbg.CurrentLine-1], 2)
	if len(found) != 1 {
		return "" // none, or not clear which
	}
	return found[0][1]
}

// argumentName is the variable given as the first argument of verb(…), or other.
func (s *State) argumentName(L *lua.LState, verb, other string) string {
	if name := s.variable(L, fmt.Sprintf(`\b%s\s*\(\s*(\w+)`, regexp.QuoteMeta(verb))); name != "" {
		return name
	}
	return other
}
