//go:build unix

package term

import (
	"errors"
	"io"
	"os"
	"time"
)

// A Reader reads a terminal as it is, so that a Read under way can be taken back.
type Reader struct{ tty *tty }

// ErrStopped is given by a Read that was taken back.
var ErrStopped = errors.New("the read was taken back")

// NewReader makes a Reader, which Close ends; the file stays open.
func NewReader(in *os.File) (*Reader, error) {
	t := &tty{fd: int(in.Fd())}
	var err error
	t.wakeR, t.wakeW, err = os.Pipe()
	return &Reader{t}, err
}

// Read waits for bytes. io.EOF at the end of a line that Ctrl-D has ended, or of
// the terminal.
func (r *Reader) Read(p []byte) (int, error) {
	for {
		switch n, why := r.tty.read(p, -time.Second); why {
		case gotBytes:
			return n, nil
		case gotEnd:
			return 0, io.EOF
		case gotWake:
			return 0, ErrStopped
		}
	}
}

// Stop takes a Read back; false where that is not possible.
func (r *Reader) Stop() bool {
	r.tty.wake()
	return true
}

// Close lets go of the terminal. No Read may be under way.
func (r *Reader) Close() { r.tty.close() }
