package luabind

import (
	"errors"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"sosh/primitive"
)

// An ExitError is how a run ends whose script called exit: the program should
// end with this code.
type ExitError struct{ Code int }

func (e *ExitError) Error() string { return "exit " + strconv.Itoa(e.Code) }

// ExitCode is the code.
func (e *ExitError) ExitCode() int { return e.Code }

// A ScriptError is what ended a script: the message begins with file and line.
// Its text goes on with that line of the source, the place marked, and ends with
// the traceback; the primitive.Error in it is without.
type ScriptError struct {
	Err       *primitive.Error
	Excerpt   string // two lines; empty where the source is not known
	Traceback string // empty for a mistake in the source
}

func (e *ScriptError) Error() string {
	text := e.Err.Error()
	for _, more := range []string{e.Excerpt, e.Traceback} {
		if more != "" {
			text += "\n" + more
		}
	}
	return text
}

// Unwrap gives the error with its kind.
func (e *ScriptError) Unwrap() error { return e.Err }

// raise makes a Lua error at the caller's line; it does not return.
func (s *State) raise(L *lua.LState, err error) int {
	e := primitive.AsError(err)
	text := e.Error() + hintSuffix(e)
	s.cur.remember(text, e)
	if place := s.where(L); place != "" {
		text = place + " " + text
	}
	L.Error(lua.LString(text), 0)
	return 0
}

// where is "file:line:" of the Lua code that called; around the threads on which
// protected calls run a function of ours.
func (s *State) where(L *lua.LState) string {
	for ; L != nil; L = s.cur.inner[L] {
		for level := 1; ; level++ {
			if _, ok := L.GetStack(level); !ok {
				break
			}
			if place := L.Where(level); place != "" {
				return place
			}
		}
	}
	return ""
}

// raisef raises a mistake of the caller.
func (s *State) raisef(L *lua.LState, format string, args ...any) int {
	return s.raise(L, primitive.Usagef(format, args...))
}

func hintSuffix(e *primitive.Error) string {
	if e.Hint == "" {
		return ""
	}
	return " (hint: " + e.Hint + ")"
}

// fail returns nil, message, kind and what was got before the failure. A wrong
// call and an interruption raise.
func (s *State) fail(L *lua.LState, partial any, err error) int {
	t, e := s.cur, primitive.AsError(err)
	stopped := e.Kind == primitive.Canceled || e.Kind == primitive.Timeout
	if e.Kind == primitive.Usage || stopped && s.interrupted(t) {
		return s.raise(L, e)
	}
	text := e.Error()
	t.remember(text, e)
	t.failed(text, s.callerLine(L))
	L.Push(lua.LNil)
	L.Push(lua.LString(text))
	L.Push(lua.LString(e.Kind))
	if partial == nil {
		return 3
	}
	L.Push(s.toLua(partial))
	return 4
}

// failf is fail with a kind and a text.
func (s *State) failf(L *lua.LState, kind primitive.Kind, format string, args ...any) int {
	return s.fail(L, nil, primitive.Newf(kind, format, args...))
}

// failure is the error of a task whose Lua code ended with err.
func (s *State) failure(t *task, err error) error {
	if t.exit != nil {
		return t.exit
	}
	var api *lua.ApiError
	if !errors.As(err, &api) {
		return err
	}
	text := s.errorText(api.Object)
	e := s.explained(t.errorOf(text))
	excerpt := ""
	if e.Kind != primitive.Canceled { // an interrupt is no mistake of the line
		excerpt = s.markRuntime(e.Cause)
	}
	return &ScriptError{Err: e, Excerpt: excerpt, Traceback: traceback(api.StackTrace)}
}

// errorOf finds the kind of an error's text again.
func (t *task) errorOf(text string) *primitive.Error {
	e := primitive.Error{Kind: primitive.Failed, Cause: text}
	if r := t.recall(text); r != nil {
		e = *r.err
		e.Op, e.Target = "", ""
		e.Cause = strings.TrimSuffix(text, hintSuffix(r.err))
	}
	if t.phase == final {
		e.Kind = t.reason().Kind
	}
	e.Cause = primitive.Visible(strings.TrimRight(e.Cause, "\n"))
	return &e
}

// errorText is an error object in words.
func (s *State) errorText(v lua.LValue) string {
	switch v.Type() {
	case lua.LTString, lua.LTNumber:
		return v.String()
	}
	return "error: " + s.show(v)
}

// traceback drops the frames that are no Lua.
func traceback(trace string) string {
	var lines []string
	for line := range strings.Lines(trace) {
		line = strings.TrimRight(line, "\n")
		if !strings.HasPrefix(strings.TrimSpace(line), "[G]") {
			lines = append(lines, line)
		}
	}
	return primitive.Visible(strings.Join(lines, "\n"))
}
