package repl

import (
	"fmt"
	"io"
	"strings"
	"sync"

	"sosh/primitive"
)

// A display is one of the program's outputs. Several goroutines write to it; no
// write is torn by another, and none spoils a line being typed.
type display struct {
	sh  *Shell
	tty bool

	mu sync.Mutex
	w  io.Writer
}

// Write shows p above the line being typed, if there is one.
func (d *display) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.tty {
		defer d.sh.meter.aside()()
	}
	if source := d.sh.source.Load(); source != nil && d.tty {
		return (*source).Write(p)
	}
	return d.write(p)
}

// write is a write without a line being typed; it remembers whether the cursor of
// the terminal is left within a line.
func (d *display) write(p []byte) (int, error) {
	if d.tty && len(p) > 0 {
		d.sh.midline.Store(p[len(p)-1] != '\n')
	}
	return d.w.Write(p)
}

// line shows a line, without its end, from the beginning of a row.
func (d *display) line(text string) {
	if keys := d.sh.keyboard(); keys != nil && d.isTTY() {
		d.mu.Lock()
		defer d.mu.Unlock()
		defer d.sh.meter.aside()()
		_, _ = keys.WriteLine([]byte(text + "\n")) // nowhere to report to
		return
	}
	if d.isTTY() && d.sh.midline.Load() {
		text = "\n" + text
	}
	_, _ = io.WriteString(d, text+"\n") // nowhere to report to
}

// redirect sends what is written elsewhere until the returned function is
// called.
func (d *display) redirect(w io.Writer) (restore func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	was, tty := d.w, d.tty
	d.w, d.tty = w, false
	return func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.w, d.tty = was, tty
	}
}

// say writes a line for the person to the error output. The text holds a peer's
// bytes only escaped; what would drive the terminal all the same is escaped here.
func (sh *Shell) say(format string, args ...any) {
	sh.sayLine(primitive.Visible(fmt.Sprintf(format, args...)))
}

// sayLine is say for text that is safe already and may have colours.
func (sh *Shell) sayLine(text string) {
	sh.err.line(strings.TrimRight(text, "\n"))
}
