package repl

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"sosh/primitive"
	"sosh/repl/style"
)

// A meter is the line on a terminal that says how long a command has been at it,
// and how far it is. Whatever else is written takes its place, and it comes back
// under it.
type meter struct {
	mu    sync.Mutex
	w     io.Writer
	drawn bool
	text  string // that was drawn
	above int    // lines of it above the last one
	held  int    // questions that are open: nothing is drawn
}

// A command that takes longer than this gets the line, which is drawn anew this
// often.
const (
	meterAfter = 500 * time.Millisecond
	meterEvery = 250 * time.Millisecond
	drawEvery  = 60 * time.Millisecond // of a picture of several lines, which whatever is written takes away
)

// aside takes the line away and keeps it away until the returned function is
// called.
func (m *meter) aside() (done func()) {
	m.mu.Lock()
	m.erase()
	return m.mu.Unlock
}

// hold takes the line away until the returned function is called, while others
// write: a question has the terminal.
func (m *meter) hold() (release func()) {
	defer m.aside()()
	m.held++
	return func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.held--
	}
}

func (m *meter) erase() {
	if m.drawn {
		_, _ = io.WriteString(m.w, "\r\x1b[K"+strings.Repeat("\x1b[A\x1b[K", m.above)) // the terminal may be gone
		m.drawn, m.above = false, 0
	}
}

// draw draws the text, once all that was written stands there: shown waits for it.
func (m *meter) draw(w io.Writer, text string, shown func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.held > 0 || m.drawn && m.text == text {
		return
	}
	shown()
	if strings.Count(text, "\n") < m.above { // what stands below would stay
		m.erase()
	}
	m.put(w, text)
}

// allShown waits until what was written stands on the terminal.
func (sh *Shell) allShown() {
	if keys := sh.keyboard(); keys != nil {
		keys.Drain()
	}
}

// put writes the text over what stands there.
func (m *meter) put(w io.Writer, text string) {
	up := "\r" + strings.Repeat("\x1b[A", m.above)
	m.w, m.drawn, m.text, m.above = w, true, text, strings.Count(text, "\n")
	_, _ = io.WriteString(w, up+strings.ReplaceAll(text, "\n", "\x1b[K\r\n")+"\x1b[K") // the terminal may be gone
}

// metered watches a command that a person waits for. The returned function takes
// the line away for good.
func (sh *Shell) metered(ctx context.Context, row *primitive.Row, args *primitive.Args, f frame) (context.Context, func()) {
	if !sh.watched(row, f) {
		return ctx, func() {}
	}
	r := sh.run(strings.TrimSpace(row.Name + " " + args.Target()))
	return primitive.WithProgress(ctx, r.progress), r.end
}

// watched is whether somebody who waits for a command looks at the terminal.
func (sh *Shell) watched(row *primitive.Row, f frame) bool {
	unseen := f.quiet || f.task || f.silent || f.piped || f.json && f.tty
	return !unseen && sh.err.isTTY() && row.Result.Type != "task" && sh.moves()
}

// run begins to tell of a command; end must follow.
func (sh *Shell) run(what string) *running {
	r := &running{sh: sh, what: what, began: time.Now(), over: make(chan struct{})}
	r.late = time.AfterFunc(meterAfter, r.begin)
	return r
}

// A running command, as its line tells of it.
type running struct {
	sh          *Shell
	what        string
	began       time.Time
	late        *time.Timer // begins to draw
	done, total atomic.Int64
	words       atomic.Pointer[primitive.Words] // how far it is, in words of its own; may be nil

	mu    sync.Mutex
	ended bool
	over  chan struct{}
	draws sync.WaitGroup
}

func (r *running) progress(done, total int64) {
	r.done.Store(done)
	r.total.Store(total)
}

func (r *running) begin() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.ended {
		r.draws.Go(r.draw)
	}
}

func (r *running) end() {
	r.late.Stop()
	r.mu.Lock()
	if !r.ended {
		r.ended = true
		close(r.over)
	}
	r.mu.Unlock()
	r.draws.Wait()
	r.sh.meter.aside()()
}

func (r *running) draw() {
	tick := time.NewTicker(meterEvery)
	defer tick.Stop()
	for {
		columns, rows := r.sh.windowSize()
		text := r.picture(columns-1, rows-1)
		r.sh.meter.draw(r.sh.opts.Err, text, r.sh.allShown)
		if strings.Contains(text, "\n") {
			tick.Reset(drawEvery)
		}
		select {
		case <-tick.C:
		case <-r.over:
			return
		}
	}
}

// picture is what is drawn: as many lines as there is room for.
func (r *running) picture(columns, rows int) string {
	words, took := r.words.Load(), time.Since(r.began)
	if words == nil || words.Draw == nil {
		return style.Cut(r.line(took), columns)
	}
	lines := strings.Split(primitive.Visible(words.Draw(columns, rows)), "\n")
	lines = lines[max(0, len(lines)-max(rows, 1)):]
	lines[len(lines)-1] += fmt.Sprintf(", %d s", int(took.Seconds()))
	for i := range lines {
		lines[i] = style.Cut(lines[i], columns)
	}
	return strings.Join(lines, "\n")
}

// line is "tcp connect 10.0.0.1:80 … 3 s", or with what was done.
func (r *running) line(took time.Duration) string {
	text := primitive.Escape(r.what, false) + " … "
	done, total := r.done.Load(), r.total.Load()
	switch words := r.words.Load(); {
	case words != nil:
		text += primitive.Escape(words.Line, false) + ", "
	case total > 0:
		text += fmt.Sprintf("%s of %s, ", sizeText(done), sizeText(total))
	case done > 0:
		text += sizeText(done) + ", "
	}
	return text + fmt.Sprintf("%d s", int(took.Seconds()))
}

// sizeText is a number of bytes for people.
func sizeText(n int64) string {
	switch {
	case n < 1<<10:
		return fmt.Sprintf("%d B", n)
	case n < 1<<20:
		return fmt.Sprintf("%.0f KiB", float64(n)/(1<<10))
	case n < 1<<30:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%.2f GiB", float64(n)/(1<<30))
}
