package term

import (
	"os"
	"sync"
	"time"
)

// A Terminal is the controlling terminal while the shell edits lines on it. Its
// keys come raw from Open to Close; output keeps its line ends.
type Terminal struct {
	Keys   *Input
	Screen *Screen

	tty *tty
	out *os.File

	mu       sync.Mutex
	changed  *sync.Cond
	paused   int  // how many have the terminal instead
	reading  bool // the reader is not parked, nor gone
	restored bool // for good
	closed   bool
	raw      bool // keys are passed on: pastes have no marks
	workers  sync.WaitGroup
}

// Options is what a Terminal is like.
type Options struct {
	Color bool // SGR sequences may be shown
	Tmux  bool // it is a window of tmux
}

// Open takes a terminal: keys from in, text to out. Close gives it back.
func Open(in, out *os.File, o Options) (*Terminal, error) {
	tty, err := openTTY(in, out)
	if err != nil {
		return nil, err
	}
	t := &Terminal{tty: tty, out: out, reading: true}
	t.changed = sync.NewCond(&t.mu)
	t.Keys = newInput(func() { t.stop() })
	t.Screen = newScreen(out, t.tty.size, o.Color)
	if o.Tmux {
		t.Screen.settle = tmuxResizeTime
	}
	if err := t.take(); err != nil {
		tty.close()
		return nil, err
	}
	t.guarded(t.read)
	t.guarded(t.Screen.run)
	t.watch()
	return t, nil
}

// Guard gives the terminal back when the function it is deferred in panics; the
// panic goes on.
//
//	go func() {
//		defer t.Guard()
//		…
//	}()
func (t *Terminal) Guard() {
	if p := recover(); p != nil {
		t.Restore()
		panic(p)
	}
}

// guarded runs a worker that Close waits for.
func (t *Terminal) guarded(work func()) {
	t.workers.Go(func() {
		defer t.Guard()
		work()
	})
}

// Bracketed paste, and the cursor.
const (
	begin = "\x1b[?2004h"
	end   = "\x1b[?2004l\x1b[?25h"
)

// take makes the terminal raw.
func (t *Terminal) take() error {
	if err := t.tty.makeRaw(); err != nil {
		return err
	}
	if t.raw {
		return nil
	}
	_, err := t.out.WriteString(begin)
	return err
}

// Raw makes keys bytes as the terminal sends them, see Input.SetRaw, and pastes
// what is typed, until over.
func (t *Terminal) Raw() (over func()) {
	t.setRaw(true, end)
	return func() { t.setRaw(false, begin) }
}

func (t *Terminal) setRaw(on bool, marks string) {
	t.Keys.SetRaw(on)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.raw = on; t.paused == 0 && !t.restored {
		_, _ = t.out.WriteString(marks) // a terminal that is gone is found out by reading
	}
}

// give makes the terminal what it was. It may be stopped, so that what is written
// does not come through.
func (t *Terminal) give(last string) {
	t.tty.restore()
	written := make(chan struct{})
	go func() {
		defer close(written)
		_, _ = t.out.WriteString(last + end)
	}()
	select {
	case <-written:
	case <-time.After(giveTime):
	}
}

const giveTime = 200 * time.Millisecond

// Restore gives the terminal back for good, from any goroutine, at any time, as
// often as one likes. What is written to the Screen afterwards is passed on.
func (t *Terminal) Restore() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.restored {
		return
	}
	t.restored = true
	t.give(t.Screen.close())
}

// Close shows what is left to show, gives the terminal back and ends the workers.
func (t *Terminal) Close() error {
	t.Screen.Drain()
	t.Restore()
	t.mu.Lock()
	t.closed = true
	t.changed.Broadcast()
	t.mu.Unlock()
	t.tty.wake()
	t.tty.unwatch()
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		t.workers.Wait()
		t.tty.close()
	}()
	select {
	case <-gone:
	case <-time.After(drainTime): // a stopped terminal holds the writer
	}
	return nil
}

// Pause leaves the terminal, as it was before Open, to a program; with quiet,
// nothing else is shown meanwhile. It returns when nothing reads from it any more.
// The returned function takes it back.
func (t *Terminal) Pause(quiet bool) (resume func()) {
	release := t.Screen.hold(quiet)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.paused++
	t.tty.wake()
	for t.reading {
		t.changed.Wait()
	}
	if t.paused == 1 && !t.restored {
		t.give("")
	}
	return sync.OnceFunc(func() { t.resume(release) })
}

func (t *Terminal) resume(release func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.paused--
	if t.paused == 0 && !t.restored {
		_ = t.take() // a terminal that is gone is found out by reading
	}
	release()
	t.changed.Broadcast()
}

// Suspend stops the program, as Ctrl-Z does, until it is continued.
func (t *Terminal) Suspend() {
	resume := t.Pause(true)
	suspendGroup()
	resume()
}

// stop is Suspend on the reader's own goroutine.
func (t *Terminal) stop() {
	release := t.Screen.hold(true)
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.restored && t.paused == 0 {
		t.give("")
		suspendGroup()
		_ = t.take() // as in resume
	}
	release()
}

// continued takes the terminal again after somebody else has stopped and
// continued the program.
func (t *Terminal) continued() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.paused == 0 && !t.restored {
		_ = t.take() // as in resume
		t.Screen.Redraw()
	}
}

// How long a key may be incomplete, and a paste silent.
const (
	keyTime   = 40 * time.Millisecond
	pasteTime = 2 * time.Second
)

// read feeds the Input until the terminal ends or is closed.
func (t *Terminal) read() {
	defer t.park()
	defer t.Keys.end()
	buf := make([]byte, 4<<10)
	for t.mayRead() {
		limit := time.Duration(-1)
		if incomplete, pasting := t.Keys.waiting(); pasting {
			limit = pasteTime
		} else if incomplete {
			limit = keyTime
		}
		n, why := t.tty.read(buf, limit)
		switch why {
		case gotBytes:
			t.Keys.feed(buf[:n])
		case gotNothing:
			t.Keys.settle()
		case gotEnd:
			return
		}
	}
}

// Why tty.read came back.
type reason int

const (
	gotBytes   reason = iota
	gotWake           // somebody wants something
	gotAgain          // for no reason
	gotNothing        // the time was up
	gotEnd            // the terminal is gone
)

// mayRead waits while the terminal is somebody else's.
func (t *Terminal) mayRead() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	for t.paused > 0 && !t.closed {
		t.reading = false
		t.changed.Broadcast()
		t.changed.Wait()
	}
	t.reading = !t.closed
	return t.reading
}

func (t *Terminal) park() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.reading = false
	t.changed.Broadcast()
}

// usualSize fills in what a terminal does not tell.
func usualSize(width, height int) (int, int) {
	if width <= 0 {
		width = 80
	}
	if height <= 0 {
		height = 24
	}
	return width, height
}
