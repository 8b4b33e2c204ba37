package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"sosh/primitive"
	"sosh/wire"
)

// prompt reads lines from a person until they leave, and gives the exit code.
func (sh *Shell) prompt(ctx context.Context, f frame) int {
	source, err := sh.openSource()
	if err != nil {
		return sh.report(err, "", f)
	}
	ctx, ended := sh.untilSignal(ctx, source)
	defer ended()
	f.prompt, f.netcat, f.chunk = true, nil, "line"
	if sh.opts.Recorder != nil {
		sh.opts.Recorder.Turn(true)
	}
	wire.Of(sh.session).Turn(true)
	sh.source.Store(&source)
	sh.initialize(ctx, f)
	sh.applySettings()
	defer func() {
		sh.source.Store(nil)
		source.Close()
		_ = sh.history.Close() // what cannot be written is lost
	}()
	defer sh.notices.start()()
	look, end := sh.lookOut()
	defer end()
	sh.lookout.Store(look)
	defer sh.lookout.Store(nil)
	for {
		look.atPrompt(true)
		text, err := sh.typed(ctx, source)
		look.atPrompt(false)
		switch {
		case errors.Is(err, ErrInterrupt):
			if text == "" {
				sh.say("to leave: exit, or Ctrl-D")
			}
		case errors.Is(err, io.EOF):
			if sh.mayLeave(ctx, source) {
				sh.settle(ctx, false, f)
				return 0
			}
		case ctx.Err() != nil:
			sh.settle(ctx, false, f)
			return ended()
		case err != nil:
			return sh.report(err, "", f)
		default:
			if err := sh.obey(ctx, text, f); leaves(err) {
				sh.settle(ctx, false, f)
				return sh.report(err, "", f)
			}
		}
	}
}

// openSource is where the prompt gets its lines from.
func (sh *Shell) openSource() (LineSource, error) {
	if sh.opts.Lines != nil {
		return sh.opts.Lines, nil
	}
	if err := sh.history.Open(); err != nil {
		sh.say("the history is not kept: %v", err)
	}
	if e, err := sh.openEditor(); e != nil || err != nil {
		return e, err
	}
	return &plainSource{sh: sh, prompts: sh.opts.InTTY && sh.opts.OutTTY}, nil
}

// typed reads a statement. With ErrInterrupt comes what was typed until then.
func (sh *Shell) typed(ctx context.Context, source LineSource) (string, error) {
	sh.asking.Lock()
	defer sh.asking.Unlock()
	text, err := source.Statement(ctx, sh.promptText())
	if err == nil && strings.TrimSpace(text) != "" {
		sh.history.Add(text)
	}
	return text, err
}

// obey runs what was typed. Ctrl-C ends it and gives the prompt back.
func (sh *Shell) obey(ctx context.Context, text string, f frame) error {
	ctx, stop := sh.interruptible(ctx, 0)
	defer stop()
	if source := sh.source.Load(); source != nil {
		defer (*source).Busy(sh.interrupts.Load().interrupt)()
	}
	// What is typed is one source to Lua, so that a function of an earlier line
	// still knows its line.
	before := sh.lines
	sh.lines += 1 + strings.Count(text, "\n")
	list, err := sh.parseTyped(text)
	place := ""
	for _, st := range list {
		if err != nil {
			break
		}
		f.line = before + strings.Count(text[:st.pos], "\n")
		place = blockPlace(text, st)
		_, err = sh.do(ctx, st, sh.seen(f))
		if primitive.KindOf(err) == primitive.EOF {
			sh.report(err, place, f)
			err = nil
		}
	}
	if !leaves(err) {
		sh.status.Store(int32(sh.report(err, place, f)))
	}
	return err
}

// blockPlace is the line of a command in a block of several; Lua tells its own.
func blockPlace(text string, st statement) string {
	if st.lua != "" || !strings.Contains(text, "\n") {
		return ""
	}
	return fmt.Sprintf("line %d of the block:", 1+strings.Count(text[:st.pos], "\n"))
}

// mayLeave asks when tasks are running. A second Ctrl-D is a yes.
func (sh *Shell) mayLeave(ctx context.Context, source LineSource) bool {
	running := sh.unfinishedTasks()
	if len(running) == 0 {
		return true
	}
	for _, t := range running {
		sh.say("%s is still running: %s", t.Name(), t.What)
	}
	sh.asking.Lock()
	defer sh.asking.Unlock()
	answer, err := source.Line(ctx, "leave all the same? [y/N] ")
	answer = strings.ToLower(strings.TrimSpace(answer))
	return errors.Is(err, io.EOF) || err == nil && (answer == "y" || answer == "yes")
}
