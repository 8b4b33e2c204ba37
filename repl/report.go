package repl

import (
	"encoding/json"
	"errors"
	"strings"

	"sosh/primitive"
)

// A leaver is an error that ends the program with a code: exit, or os.exit of a
// script.
type leaver interface{ ExitCode() int }

// leave is the wish to end the shell.
type leave struct{ code int }

func (leave) Error() string   { return "the shell is left" }
func (l leave) ExitCode() int { return l.code }

// leaves is whether an error ends the shell.
func leaves(err error) bool {
	var l leaver
	return errors.As(err, &l)
}

// report shows a failure with the place it happened at, and gives the exit code
// it stands for. The end of a stream is only a note.
func (sh *Shell) report(err error, place string, f frame) (code int) {
	if err == nil {
		return 0
	}
	var l leaver
	if errors.As(err, &l) {
		return l.ExitCode()
	}
	var done reported
	if errors.As(err, &done) {
		return done.code
	}
	var with flagged
	if errors.As(err, &with) {
		err = with.error
		f.json, f.quiet = with.json, with.quiet
	}
	e := primitive.AsError(err)
	code = e.Kind.ExitCode()
	switch {
	case sh.terminated.Load() && e.Kind == primitive.Canceled: // whoever sent SIGTERM knows
	case e.Told:
	case code == 0 && f.quiet:
	case f.json:
		data, _ := json.Marshal(e)
		_, _ = sh.err.Write(append(data, '\n')) // nowhere to report to
	case code == 0:
		sh.say("%s", message(err, e))
	default:
		sh.sayFailure(place, message(err, e), e)
	}
	return code
}

// sayFailure tells what failed in red, and what to type. The name of the system's
// error leads the hint: it is what manuals and other programs call it.
func (sh *Shell) sayFailure(place, text string, e *primitive.Error) {
	look := sh.look(sh.err.isTTY())
	sh.sayLine(primitive.Visible(prefix(place)) + painted(look.Error, primitive.Visible(text)))
	if e.Hint == "" {
		return
	}
	hint := e.Hint
	if e.Errno != "" {
		hint = e.Errno + ": " + hint
	}
	sh.sayLine(look.Word("hint:") + " " + primitive.Visible(hint))
}

// painted colours each line for itself, so that what cuts lines keeps them whole.
func painted(paint func(string) string, text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = paint(line)
	}
	return strings.Join(lines, "\n")
}

// message is the text of an error; what wraps an Error may say more than it.
func message(err error, e *primitive.Error) string {
	var inner *primitive.Error
	if _, ok := err.(unknown); !ok && errors.As(err, &inner) && error(inner) != err {
		return err.Error()
	}
	return e.Error()
}

// A flagged failure is shown as the flags of its command ask.
type flagged struct {
	error
	json, quiet bool
}

func (e flagged) Unwrap() error { return e.error }

// A reported failure was shown already, where it happened.
type reported struct{ code int }

func (reported) Error() string { return "failed, as told above" }

func prefix(place string) string {
	if place == "" {
		return "sosh: "
	}
	return place + " "
}
