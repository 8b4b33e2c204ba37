package repl

import (
	"context"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"sosh/docgen"
	"sosh/primitive"
	"sosh/repl/history"
	"sosh/session"
)

type insideKey struct{}

// inside marks what runs as a part of a line that is recorded as a whole.
func inside(ctx context.Context) context.Context {
	ctx = context.WithValue(ctx, insideKey{}, true)
	return primitive.WithNoter(ctx, func(*primitive.Call) bool { return false })
}

// record keeps a line that is no call of a row. It must be called with the
// context that the line was run with from outside.
func (sh *Shell) record(ctx context.Context, c primitive.Call) {
	if sh.session.Recording() && ctx.Value(insideKey{}) == nil {
		sh.session.Record(ctx, c)
	}
}

// noted completes the record of a command: its name for the result, and where
// its output goes. What else is called because of it is not recorded.
func (sh *Shell) noted(ctx context.Context, row *primitive.Row, st statement, f frame) context.Context {
	if !sh.session.Recording() || ctx.Value(insideKey{}) != nil {
		return ctx
	}
	into, once := operators(st, st.words), new(atomic.Bool)
	return primitive.WithNoter(ctx, func(c *primitive.Call) bool {
		c.Name, c.Into = st.name, into
		c.Waits = sh.waits(row, f)
		return (row == nil || c.Row == row) && !once.Swap(true)
	})
}

// operators is the end of a command line as written, from the first operator on.
func operators(st statement, words []word) string {
	for _, w := range words {
		if op := w.bare(); !w.arg && (op == ">" || op == ">>" || op == "|") {
			return strings.TrimRight(st.text[w.pos-st.pos:], " &")
		}
	}
	return ""
}

// begun records the start of a command in the background.
func (sh *Shell) begun(ctx context.Context, j job, st statement, result any) {
	if t, ok := result.(*session.Task); ok && j.args != nil {
		sh.record(ctx, primitive.Call{
			Row: j.row, Given: j.args.Given(), Task: t.Name(), Begun: true, Name: st.name, Into: operators(st, st.words),
		})
	}
}

func runRecord(_ context.Context, sh *Shell, c ownCall) (any, error) {
	texts, err := c.texts()
	if err != nil {
		return nil, err
	}
	r := sh.opts.Recorder
	switch {
	case r == nil:
		return nil, primitive.Newf(primitive.Unsupported, "this session does not record")
	case len(texts) == 1 && (texts[0] == "on" || texts[0] == "off"):
		r.Turn(texts[0] == "on")
		return nil, nil
	case len(texts) > 0:
		return nil, primitive.Usagef("on or off?")
	case r.On():
		return nil, c.f.text("recording is on: " + strconv.Itoa(len(r.Calls())) + " kept; history --save FILE.lua writes them")
	}
	return nil, c.f.text("recording is off")
}

// savedAs reads the words of "history --save FILE [--force]".
func savedAs(texts []string) (name string, force bool, err error) {
	for i := 0; i < len(texts); i++ {
		value, is := strings.CutPrefix(texts[i], "--save=")
		switch {
		case texts[i] == "--force":
			force = true
		case is && name == "":
			name = value
		case texts[i] == "--save" && name == "" && i+1 < len(texts):
			i++
			name = texts[i]
		default:
			return "", false, primitive.Usagef("%s is not understood", primitive.Quote(texts[i]))
		}
	}
	if !strings.HasSuffix(name, ".lua") && !strings.HasSuffix(name, ".sosh") {
		return "", false, primitive.Usagef("the file is to end in .lua or .sosh")
	}
	return name, force, nil
}

// save writes what was done as a script.
func (sh *Shell) save(texts []string, f frame) error {
	name, force, err := savedAs(texts)
	if err != nil {
		return err
	}
	if sh.opts.Recorder == nil {
		return primitive.Newf(primitive.Unsupported, "this session does not record")
	}
	calls, secrets := sh.presentable(sh.opts.Recorder.Calls())
	if len(calls) == 0 {
		return primitive.Newf(primitive.NotFound, "nothing was recorded").WithHint("record on, then do what is to be saved")
	}
	if err := writeNew(name, sh.script(name, calls), force); err != nil {
		return err
	}
	if f.quiet {
		return nil
	}
	sh.say("%d steps saved to %s", len(calls), primitive.Escape(name, false))
	if secrets > 0 {
		sh.say("%d that look like they hold a secret are left out", secrets)
	}
	return nil
}

// presentable are the calls without those that look like they hold a secret.
func (sh *Shell) presentable(calls []primitive.Call) (kept []primitive.Call, secrets int) {
	for _, c := range calls {
		text := c.Lua + "\n" + docgen.ExportShell([]primitive.Call{c}, quoteData)
		if history.Redact(text) != text || givesSecret(c) {
			secrets++
			continue
		}
		kept = append(kept, c)
	}
	return kept, secrets
}

// givesSecret is whether a call was given what its row declares to be secret.
func givesSecret(c primitive.Call) bool {
	return slices.ContainsFunc(c.Given, func(g primitive.Given) bool { return g.Param.Secret })
}

// script is the text of a saved session, in the language that the name says.
func (sh *Shell) script(name string, calls []primitive.Call) string {
	comment, text := "--", ""
	if strings.HasSuffix(name, ".lua") {
		text = docgen.Export(calls)
	} else {
		comment, text = "#", docgen.ExportShell(calls, quoteData)
	}
	head := comment + " A session of sosh, written by history --save.\n"
	if lost := sh.opts.Recorder.Lost(); lost > 0 {
		head += comment + " Its first " + strconv.Itoa(lost) + " steps were not kept.\n"
	}
	return head + text
}

// quoteData writes a text as a word that is nothing but data, wherever it stands.
func quoteData(text string) string {
	quoted := quoteWord(text)
	if quoted == text && (text == "?" || text == "_" || strings.HasPrefix(text, "=")) {
		return `"` + text + `"`
	}
	return quoted
}

// writeNew writes a file that only its owner can read; one that is there stays,
// unless forced.
func writeNew(name, text string, force bool) error {
	mode := os.O_WRONLY | os.O_CREATE | os.O_EXCL
	if force {
		mode = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	}
	file, err := os.OpenFile(name, mode, 0o600)
	if os.IsExist(err) {
		e := primitive.Newf(primitive.Failed, "%s exists", primitive.Escape(name, false))
		e.Err = fs.ErrExist
		return e.WithHint("to replace it: history --save %s --force", quoteWord(name))
	}
	if err != nil {
		return fileError(name, err)
	}
	if err = file.Chmod(0o600); err == nil {
		_, err = file.WriteString(text)
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fileError(name, err)
	}
	return nil
}
