package term

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"sosh/internal/vt"
)

// A stand is a Screen whose terminal is a model.
func stand(t *testing.T, tty io.Writer, width, height int, color bool) *Screen {
	t.Helper()
	s := newScreen(tty, func() (int, int) { return width, height }, color)
	var worker sync.WaitGroup
	worker.Go(s.run)
	t.Cleanup(func() {
		s.close()
		worker.Wait()
	})
	return s
}

// lineFeeds is the output translation of a terminal.
type lineFeeds struct{ w io.Writer }

func (l lineFeeds) Write(p []byte) (int, error) {
	_, err := io.WriteString(l.w, strings.ReplaceAll(string(p), "\n", "\r\n"))
	return len(p), err
}

// Every width draws a block so that the cursor is where the text says; nothing is
// drawn outside the window.
func TestScreenWidths(t *testing.T) {
	b := Block{Prompt: "\x1b[1msosh>\x1b[m ", More: ".. ", Text: "tcp 日本 e\u0301\tx\n\x01\u202e👍🏽 end", Chosen: -1, Hint: "a hint 日本"}
	for width := 1; width <= 60; width++ {
		for pos := range len(b.Text) + 1 {
			b.Pos = pos
			pic := layout(&b, "", width, 100, false)
			if pic.row >= len(pic.rows) || pic.col >= width {
				t.Fatalf("width %d, position %d: cursor at %d,%d of %d rows", width, pos, pic.row, pic.col, len(pic.rows))
			}
			for i, row := range pic.rows {
				if pic.widths[i] > width {
					t.Fatalf("width %d: row %q is %d wide", width, row, pic.widths[i])
				}
			}
		}
	}
}

func TestScreenShows(t *testing.T) {
	for _, c := range []struct {
		name  string
		b     Block
		color bool
		want  string
	}{
		{"spans", Block{Text: "tcp 12", Spans: []Span{{0, 3, Command}, {4, 6, Number}}}, true, "\x1b[1mtcp\x1b[m \x1b[33m12\x1b[m"},
		{"spans that cannot be", Block{Text: "ab", Spans: []Span{{-1, 1, String}, {5, 9, Dim}, {2, 1, Dim}, {0, 1, 99}}}, true, "\x1b[32ma\x1b[mb"},
		{"without colour", Block{Prompt: "\x1b[1m>\x1b[m ", Text: "tcp", Spans: []Span{{0, 3, Command}}}, false, "> tcp"},
		{"secret", Block{Text: "日e\u0301x", Mask: true}, false, "***"},
		{"control characters", Block{Text: "a\x1b[2J\u009b\u202eb"}, false, "a^[[2J\ufffd\ufffdb"},
	} {
		c.b.Chosen = -1
		if got := layout(&c.b, "", 80, 24, c.color).rows[0]; got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// A stuck is a terminal that takes nothing until it is let go.
type stuck struct {
	w    io.Writer
	free chan struct{}
}

func (s stuck) Write(p []byte) (int, error) {
	<-s.free
	return s.w.Write(p)
}

// A stopped terminal stops nobody, costs no more than the bound, and says what is
// missing.
func TestScreenStopped(t *testing.T) {
	x := vt.New(80, 24)
	free := make(chan struct{})
	s := stand(t, stuck{lineFeeds{x}, free}, 80, 24, false)
	s.Set(Block{Prompt: "> ", Chosen: -1})
	const all = 150_000
	for i := range all {
		fmt.Fprintf(s, "line %d\n", i)
	}
	s.mu.Lock()
	waiting, skipped := len(s.text), s.skipped
	s.mu.Unlock()
	if waiting > maxText || skipped == 0 {
		t.Errorf("%d bytes wait, %d lines skipped", waiting, skipped)
	}
	close(free)
	s.Drain()
	text := x.Text()
	if !strings.Contains(text, fmt.Sprintf("… %d lines skipped\n", skipped)) || strings.Count(text, "line ") != all-skipped {
		t.Errorf("%d lines and %d skipped", strings.Count(text, "line "), skipped)
	}
}

// Without a block whoever writes waits instead: nothing is lost.
func TestScreenWaits(t *testing.T) {
	x := vt.New(80, 24)
	free := make(chan struct{})
	s := stand(t, stuck{lineFeeds{x}, free}, 80, 24, false)
	const all = 100_000
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range all {
			fmt.Fprintf(s, "line %d\n", i)
		}
	}()
	for full := false; !full; {
		s.mu.Lock()
		full = len(s.before) > maxAhead
		s.mu.Unlock()
		select {
		case <-done:
			t.Fatal("it did not wait")
		case <-time.After(time.Millisecond):
		}
	}
	close(free)
	<-done
	s.Drain()
	if n := strings.Count(x.Text(), "line "); n != all {
		t.Errorf("%d lines of %d", n, all)
	}
}

// A frame is one write, and only rows that have changed are drawn again.
func TestScreenFrames(t *testing.T) {
	var frames writes
	s := stand(t, &frames, 20, 10, false)
	b := Block{Prompt: "> ", Text: "one\ntwo\nthree", Pos: 13, Hint: "hint", Chosen: -1}
	s.Set(b)
	s.Drain()
	b.Text, b.Pos = "one\ntwo\nthreex", 14
	s.Set(b)
	s.Drain()
	if len(frames) != 2 || strings.Contains(frames[1], "one") || strings.Contains(frames[1], "hint") || !strings.Contains(frames[1], "threex") {
		t.Errorf("frames %q", frames)
	}
}

type writes []string

func (w *writes) Write(p []byte) (int, error) {
	*w = append(*w, string(p))
	return len(p), nil
}

// A line that begins a row ends what was open before it, and nothing else, whether
// a line is being typed or not.
func TestWriteLine(t *testing.T) {
	screen := vt.New(40, 20)
	s := stand(t, lineFeeds{screen}, 40, 20, false)
	write := func(text string) { io.WriteString(s, text) }
	line := func(text string) { s.WriteLine([]byte(text + "\n")) }
	line("first")
	write("open")
	line("second")
	s.Drain()
	write("written ")
	s.Drain()
	line("third")
	s.Set(Block{Prompt: "> ", Text: "typed", Pos: 5, Chosen: -1})
	line("fourth")
	write("tail")
	s.Drain()
	line("fifth")
	write("tail")
	line("sixth")
	s.Drain()
	want := "first\nopen\nsecond\nwritten\nthird\nfourth\ntail\nfifth\ntail\nsixth\n> typed\n"
	if got := screen.Text(); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
