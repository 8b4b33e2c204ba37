//go:build unix

package term

import (
	"errors"
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// A tty is a terminal's two files and its own state.
type tty struct {
	fd      int // of the keys
	outFd   int
	saved   unix.Termios
	wakeR   *os.File
	wakeW   *os.File
	signals chan os.Signal
}

func openTTY(in, out *os.File) (*tty, error) {
	t := &tty{fd: int(in.Fd()), outFd: int(out.Fd())}
	saved, err := unix.IoctlGetTermios(t.fd, getTermios)
	if err != nil {
		return nil, os.NewSyscallError("tcgetattr", err)
	}
	t.saved = *saved
	if t.wakeR, t.wakeW, err = os.Pipe(); err != nil {
		return nil, err
	}
	return t, nil
}

// makeRaw gives every key at once, without echo, signals or translation. Output
// keeps its translation, so that a line feed is one wherever it comes from.
func (t *tty) makeRaw() error {
	raw := t.saved
	raw.Iflag &^= unix.IGNBRK | unix.BRKINT | unix.PARMRK | unix.ISTRIP | unix.INLCR | unix.IGNCR | unix.ICRNL | unix.IXON
	raw.Lflag &^= unix.ECHO | unix.ECHONL | unix.ICANON | unix.ISIG | unix.IEXTEN
	raw.Cflag = raw.Cflag&^(unix.CSIZE|unix.PARENB) | unix.CS8
	raw.Cc[unix.VMIN], raw.Cc[unix.VTIME] = 1, 0
	return t.set(&raw)
}

// restore makes the terminal what it was; one that is gone needs it no more.
func (t *tty) restore() { _ = t.set(&t.saved) }

func (t *tty) set(state *unix.Termios) error {
	for {
		err := unix.IoctlSetTermios(t.fd, setTermios, state)
		if err != unix.EINTR {
			return os.NewSyscallError("tcsetattr", err)
		}
	}
}

// size is that of the window; what it does not tell is the usual.
func (t *tty) size() (width, height int) {
	ws, err := unix.IoctlGetWinsize(t.outFd, unix.TIOCGWINSZ)
	if err != nil {
		return usualSize(0, 0)
	}
	return usualSize(int(ws.Col), int(ws.Row))
}

// read waits for bytes, for wake, or until the time is up; a negative limit is
// none.
func (t *tty) read(p []byte, limit time.Duration) (int, reason) {
	ready, woken, err := waitReadable(t.fd, int(t.wakeR.Fd()), limit)
	switch {
	case err == unix.EINTR:
		return 0, gotWake
	case err != nil:
		return 0, gotEnd
	case woken:
		var drop [64]byte
		_, _ = t.wakeR.Read(drop[:]) // there is something
		return 0, gotWake
	case !ready:
		return 0, gotNothing
	}
	n, err := unix.Read(t.fd, p)
	switch {
	case err == unix.EINTR || err == unix.EAGAIN:
		return 0, gotWake
	case err != nil || n <= 0:
		return 0, gotEnd
	}
	return n, gotBytes
}

// wake makes a read under way come back.
func (t *tty) wake() { _, _ = t.wakeW.Write([]byte{0}) } // a full pipe wakes too

func (t *tty) close() {
	_ = errors.Join(t.wakeR.Close(), t.wakeW.Close()) // nothing was written that could be lost
}

// watch follows the signals that concern the terminal alone: its size, and that
// the program goes on after it was stopped.
func (t *Terminal) watch() {
	signals := make(chan os.Signal, 4)
	t.tty.signals = signals
	signal.Notify(signals, unix.SIGWINCH, unix.SIGCONT)
	t.guarded(func() {
		for sig := range signals {
			if sig == unix.SIGCONT {
				t.continued()
			} else {
				t.Screen.Redraw()
			}
		}
	})
}

func (t *tty) unwatch() {
	if t.signals != nil {
		signal.Stop(t.signals)
		close(t.signals)
		t.signals = nil
	}
}

// suspendGroup stops the process group of the program, as the terminal does for
// Ctrl-Z, and returns when it was continued. Where nobody could continue it, the
// system does not stop it.
func suspendGroup() {
	continued := make(chan os.Signal, 1)
	signal.Notify(continued, unix.SIGCONT)
	defer signal.Stop(continued)
	if unix.Kill(0, syscall.SIGTSTP) != nil {
		return
	}
	select { // the signal stops other threads a moment after kill returns
	case <-continued:
	case <-time.After(suspendTime):
	}
}

const suspendTime = 100 * time.Millisecond
