package term

import (
	"os"
	"time"
	"unicode/utf16"

	"golang.org/x/sys/windows"
)

// A tty is a console. Keys come as the sequences of a terminal, which consoles
// have been able to send and show since Windows 10.
type tty struct {
	in, out           windows.Handle
	savedIn, savedOut uint32
	event             windows.Handle // wakes read
	half              []uint16       // of a character
	rest              []byte         // read, not yet taken
	watching          chan struct{}
}

func openTTY(in, out *os.File) (*tty, error) {
	t := &tty{in: windows.Handle(in.Fd()), out: windows.Handle(out.Fd())}
	if err := windows.GetConsoleMode(t.in, &t.savedIn); err != nil {
		return nil, os.NewSyscallError("GetConsoleMode", err)
	}
	if err := windows.GetConsoleMode(t.out, &t.savedOut); err != nil {
		return nil, os.NewSyscallError("GetConsoleMode", err)
	}
	event, err := windows.CreateEvent(nil, 0, 0, nil)
	t.event = event
	return t, os.NewSyscallError("CreateEvent", err)
}

func (t *tty) makeRaw() error {
	if err := windows.SetConsoleMode(t.in, windows.ENABLE_VIRTUAL_TERMINAL_INPUT); err != nil {
		return os.NewSyscallError("SetConsoleMode", err)
	}
	mode := t.savedOut | windows.ENABLE_PROCESSED_OUTPUT | windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING
	return os.NewSyscallError("SetConsoleMode", windows.SetConsoleMode(t.out, mode))
}

func (t *tty) restore() {
	_ = windows.SetConsoleMode(t.in, t.savedIn) // a console that is gone needs it no more
	_ = windows.SetConsoleMode(t.out, t.savedOut)
}

func (t *tty) size() (width, height int) {
	var info windows.ConsoleScreenBufferInfo
	if windows.GetConsoleScreenBufferInfo(t.out, &info) != nil {
		return usualSize(0, 0)
	}
	w := info.Window
	return usualSize(int(w.Right-w.Left)+1, int(w.Bottom-w.Top)+1)
}

func (t *tty) read(p []byte, limit time.Duration) (int, reason) {
	if len(t.rest) == 0 {
		if why := t.wait(limit); why != gotBytes {
			return 0, why
		}
		buf := make([]uint16, 1<<10)
		var n uint32
		if err := windows.ReadConsole(t.in, &buf[0], uint32(len(buf)), &n, nil); err != nil {
			return 0, gotEnd
		}
		t.decode(buf[:n])
	}
	n := copy(p, t.rest)
	t.rest = t.rest[n:]
	return n, gotBytes
}

// decode keeps the first half of a character for the next time.
func (t *tty) decode(units []uint16) {
	units = append(t.half, units...)
	t.half = nil
	if n := len(units); n > 0 && units[n-1] >= 0xd800 && units[n-1] < 0xdc00 {
		t.half = []uint16{units[n-1]}
		units = units[:n-1]
	}
	t.rest = []byte(string(utf16.Decode(units)))
}

func (t *tty) wait(limit time.Duration) reason {
	ms := uint32(windows.INFINITE)
	if limit >= 0 {
		ms = uint32(limit.Milliseconds())
	}
	which, err := windows.WaitForMultipleObjects([]windows.Handle{t.event, t.in}, false, ms)
	switch {
	case err != nil:
		return gotEnd
	case which == windows.WAIT_OBJECT_0:
		return gotWake
	case which == windows.WAIT_OBJECT_0+1:
		return gotBytes
	}
	return gotNothing
}

func (t *tty) wake() { _ = windows.SetEvent(t.event) } // an event of our own

func (t *tty) close() { _ = windows.CloseHandle(t.event) } // likewise

// How often the size of the window is looked at: a console tells nobody.
const sizeTime = 250 * time.Millisecond

func (t *Terminal) watch() {
	stop := make(chan struct{})
	t.tty.watching = stop
	t.guarded(func() {
		tick := time.NewTicker(sizeTime)
		defer tick.Stop()
		width, height := t.tty.size()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
			}
			if w, h := t.tty.size(); w != width || h != height {
				width, height = w, h
				t.Screen.Redraw()
			}
		}
	})
}

func (t *tty) unwatch() {
	if t.watching != nil {
		close(t.watching)
		t.watching = nil
	}
}

// suspendGroup does nothing: programs are not stopped here.
func suspendGroup() {}
