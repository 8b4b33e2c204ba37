package luabind

import (
	"errors"
	"strings"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/ast"
	"github.com/yuin/gopher-lua/parse"

	"sosh/primitive"
)

// compile makes a function of a chunk; a mistake is of kind usage.
func (s *State) compile(source, chunk string) (*lua.LFunction, error) {
	stmts, err := parse.Parse(strings.NewReader(source+"\n"), chunk)
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

// compilePrompt takes an expression, or statements. Locals at the top level
// become globals, or they would be gone with the line: "local x = 1", "local
// function f". Locals inside of blocks and functions stay what they are.
func (s *State) compilePrompt(source, chunk string) (*lua.LFunction, error) {
	stmts, err := parse.Parse(strings.NewReader("return "+source+"\n"), chunk)
	if err != nil {
		stmts, err = parse.Parse(strings.NewReader(source+"\n"), chunk)
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
		e := primitive.Usagef("%s:%d: %s", chunk, c.Line, primitive.Visible(c.Message))
		line := numberedLine(source, c.Line)
		return marked(e, excerpt(c.Line, line, len(line)-len(strings.TrimLeft(line, " \t")), len(line)))
	}
	return primitive.Usagef("%s: %s", chunk, primitive.Visible(err.Error()))
}

// marked is a mistake with the line it is in.
func marked(e *primitive.Error, excerpt string) error {
	if excerpt == "" {
		return e
	}
	return &ScriptError{Err: e, Excerpt: excerpt}
}

func parseError(source, chunk string, p *parse.Error) error {
	lines := strings.Split(strings.TrimRight(source, "\n"), "\n")
	line, column, near, above := p.Pos.Line, p.Pos.Column, "near "+primitive.Quote(p.Token), habitLines
	switch {
	case line == parse.EOF:
		line, near, above = len(lines), "at the end: something is still open", maxHabitLines
		column = len(lines[line-1]) + 1
	case column == 0 && line > 1: // a text without its end is noticed on the next line
		line--
		column = len(lines[min(line, len(lines))-1])
	}
	e := primitive.Usagef("%s:%d: %s %s", chunk, line, p.Message, near)
	for i := line; i > max(0, line-above) && i <= len(lines); i-- {
		if hint := hintIn(habits, lines[i-1]); hint != "" {
			e = e.WithHint("%s", hint)
			break
		}
	}
	return marked(e, markSyntax(source, line, column, p.Token))
}

// The line that is to blame may be a few before the one that made no sense.
const (
	habitLines    = 5
	maxHabitLines = 500 // when something is open at the end
)
