package repl

import (
	"context"
	"errors"
	"io"
	"os/exec"
	"strings"

	"sosh/repl/style"
)

// page shows text that is safe already: as it is, or, when it is typed for at
// the prompt and longer than the window, through the pager.
func (sh *Shell) page(ctx context.Context, f frame, text string) error {
	if !f.prompt || f.task || !f.tty || !sh.opts.InTTY || !sh.moves() {
		return f.write(text)
	}
	columns, lines := sh.windowSize()
	if linesOn(text, columns) < lines {
		return f.write(text)
	}
	switch program := sh.pager(); {
	case program == "off":
		return f.write(text)
	case program != "":
		return sh.pageThrough(ctx, f, program, text)
	}
	return sh.more(ctx, f, text, columns, lines)
}

// linesOn is how many lines of a window a text takes.
func linesOn(text string, columns int) (n int) {
	for line := range strings.Lines(text) {
		n += 1 + max(0, style.Width(strings.TrimSuffix(line, "\n"))-1)/columns
	}
	return n
}

// The program that is used when nobody says which: it ends at once when all
// fits (-F), shows colours (-R) and leaves the text on the screen (-X).
const lessProgram = "less -FRX"

// pager is the program to use: "" for our own, "off" for none.
func (sh *Shell) pager() string {
	program := strings.TrimSpace(sh.settings.get("pager"))
	if program != "auto" {
		return program
	}
	if program = strings.TrimSpace(sh.env("PAGER")); program == "" {
		program = lessProgram
	}
	if program == "cat" {
		return "off"
	}
	if _, err := exec.LookPath(strings.Fields(program)[0]); err != nil {
		return ""
	}
	return program
}

// pageThrough gives a text to a pager and waits for its end. Ctrl-C is the
// pager's own while it runs; however it ends, the terminal is as before.
func (sh *Shell) pageThrough(ctx context.Context, f frame, program, text string) error {
	defer sh.lend(true)()
	var words []word
	for _, w := range strings.Fields(program) {
		words = append(words, word{parts: []part{{text: w}}, arg: true})
	}
	ctx = context.WithoutCancel(ctx)
	err := sh.through(ctx, [][]word{words}, f.out, func(_ context.Context, out io.Writer) error {
		_, err := io.WriteString(out, ended(text))
		return err
	}, f)
	if errors.Is(err, context.Canceled) {
		return nil // it was left with Ctrl-C
	}
	return err
}

func ended(text string) string {
	if strings.HasSuffix(text, "\n") {
		return text
	}
	return text + "\n"
}

// more is the pager where there is no other: a window full at a time.
func (sh *Shell) more(ctx context.Context, f frame, text string, columns, lines int) error {
	var page strings.Builder
	used := 0
	for line := range strings.Lines(ended(text)) {
		n := linesOn(line, columns)
		if used > 0 && used+n >= lines {
			if err := f.write(page.String()); err != nil {
				return err
			}
			if on, err := sh.goesOn(ctx); err != nil || !on {
				return err
			}
			page.Reset()
			used = 0
		}
		page.WriteString(line)
		used += n
	}
	return f.write(page.String())
}

// goesOn asks whether to show the next page.
func (sh *Shell) goesOn(ctx context.Context) (bool, error) {
	answer, err := sh.Ask(ctx, "-- more -- (Enter goes on, q ends)")
	if errors.Is(err, ErrInterrupt) || errors.Is(err, io.EOF) {
		return false, nil
	}
	return !strings.HasPrefix(strings.TrimSpace(answer), "q"), err
}
