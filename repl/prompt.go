package repl

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"sosh/primitive"
	"sosh/session"
)

// prompt reads lines from a person until they leave, and gives the exit code.
func (sh *Shell) prompt(ctx context.Context, f frame) int {
	source, err := sh.openSource()
	if err != nil {
		return sh.report(err, "", f)
	}
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM)
	defer stop()
	// An interrupt between two commands is nobody's, and must not end the program.
	stray := make(chan os.Signal, 1)
	signal.Notify(stray, os.Interrupt)
	defer signal.Stop(stray)
	f.prompt, f.netcat, f.chunk = true, nil, "line"
	if sh.opts.Recorder != nil {
		sh.opts.Recorder.Turn(true)
	}
	sh.source.Store(&source)
	defer func() {
		sh.source.Store(nil)
		source.Close()
		sh.history.close()
	}()
	defer sh.notices.start()()
	look, end := sh.lookOut()
	defer end()
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
			return terminated
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
	if err := sh.history.open(); err != nil {
		sh.say("the history is not kept: %v", err)
	}
	if sh.opts.InTTY && sh.opts.OutTTY && os.Getenv("TERM") != "dumb" {
		return newReadline(sh)
	}
	return &plainSource{sh: sh, prompts: sh.opts.InTTY && sh.opts.OutTTY}, nil
}

// typed reads as many lines as make complete statements. With ErrInterrupt comes
// what was typed until then.
func (sh *Shell) typed(ctx context.Context, source LineSource) (string, error) {
	sh.asking.Lock()
	defer sh.asking.Unlock()
	text, err := source.Line(ctx, sh.promptText())
	for err == nil && sh.lacksEnd(text) {
		var line string
		if line, err = source.Line(ctx, ".. "); err == nil || line != "" {
			text += "\n" + line
		}
		if len(text) > maxLine {
			return "", primitive.Newf(primitive.Oversized, "a statement is longer than %d bytes", maxLine)
		}
		if errors.Is(err, io.EOF) {
			return text, nil // parsing it again tells what is missing
		}
	}
	if err == nil && strings.TrimSpace(text) != "" {
		source.Remember(text)
		sh.history.add(text)
	}
	return text, err
}

// promptText shows the current handle.
func (sh *Shell) promptText() string {
	h, err := sh.session.Current(func(h primitive.Handle) bool {
		_, task := h.(*session.Task)
		return !task
	})
	if err != nil || h == nil {
		return "sosh> "
	}
	return "sosh " + h.Name() + "> "
}

// obey runs what was typed. Ctrl-C ends it and gives the prompt back.
func (sh *Shell) obey(ctx context.Context, text string, f frame) error {
	ctx, stop := sh.interruptible(ctx, 0)
	defer stop()
	list, err := sh.parse(text)
	for _, st := range list {
		if err != nil {
			break
		}
		f.line = 0
		_, err = sh.do(ctx, st, f)
		if primitive.KindOf(err) == primitive.EOF {
			sh.report(err, "", f)
			err = nil
		}
	}
	if !leaves(err) {
		sh.report(err, "", f)
	}
	return err
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
