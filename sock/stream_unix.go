//go:build unix

package sock

import (
	"errors"
	"io"
	"net"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// rawOf gives the system calls of a plain connection; nil for TLS and others
// that put something between the bytes and the socket.
func rawOf(conn net.Conn) syscall.RawConn {
	var sc syscall.Conn
	switch conn := conn.(type) {
	case *net.TCPConn:
		sc = conn
	case *net.UnixConn:
		sc = conn
	case interface{ plainSocket() syscall.Conn }:
		sc = conn.plainSocket()
	default:
		return nil
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return nil // closed already; net.Conn's own methods say so
	}
	return raw
}

// fetch appends what one read(2) gives to the buffer, waiting for it.
func (c *Stream) fetch(max int) error {
	if c.raw == nil {
		return c.fetchPlain(max)
	}
	in := &c.intake
	if in.step == nil {
		in.step = in.readStep
	}
	in.want, in.err = max, nil
	if err := c.raw.Read(in.step); err != nil {
		return err
	}
	return in.err
}

// topUp adds up to n bytes that are there already, without waiting.
func (c *Stream) topUp(n int) {
	if c.raw == nil {
		return
	}
	c.intake.noWait = true
	_ = c.fill(n) // whatever went wrong, the next read says
	c.intake.noWait = false
}

// readStep is called when bytes may be there; false waits for the next time. A
// buffer is held for the system call only. What fills the small one is read on
// with the large one, so that the caller gets all that is there up to its bound.
func (in *intake) readStep(fd uintptr) bool {
	want := in.want
	if !in.bulk {
		p := small.Get().(*[smallChunk]byte)
		n := in.read(int(fd), p[:min(want, smallChunk)])
		small.Put(p)
		want -= n
		if in.bulk = n == smallChunk; !in.bulk || want == 0 {
			return in.err != unix.EAGAIN || in.noWait
		}
	}
	p := scratch.Get().(*[chunk]byte)
	defer scratch.Put(p)
	n := in.read(int(fd), p[:want])
	if in.bulk = n >= smallChunk; n < 0 && want < in.want {
		in.err = nil // the small buffer brought something; the next read says what is wrong
	}
	return in.err != unix.EAGAIN || in.noWait
}

// read is one read(2); what it brings is appended to the buffer. The number is
// negative, and err set, when it brings nothing.
func (in *intake) read(fd int, p []byte) int {
	n, err := in.readOnce(fd, p)
	switch {
	case err == unix.EAGAIN:
		in.err = err
	case err != nil:
		in.err = os.NewSyscallError("read", err)
	case n == 0:
		in.err = io.EOF
	default:
		in.err = nil
		in.buf = append(in.buf, p[:n]...)
		return n
	}
	return -1
}

// readOnce is one read(2), recorded if somebody looks.
func (in *intake) readOnce(fd int, p []byte) (int, error) {
	t := in.trace
	if in.late != nil {
		t = in.late()
	}
	if t != nil {
		return readTraced(t, fd, p)
	}
	n, err := readNow(fd, p)
	for err == unix.EINTR {
		n, err = readNow(fd, p)
	}
	return n, err
}

// An outflow is the one write in flight of a stream.
type outflow struct {
	data []byte
	n    int
	err  error
	step func(uintptr) bool // bound once
}

// writeStep is one write(2) that does not wait: 0 bytes when there is no room.
func (c *Stream) writeStep(data []byte) (int, error) {
	o := &c.outflow
	if o.step == nil {
		o.step = o.write
	}
	o.data = data
	err := c.raw.Write(o.step)
	o.data = nil
	if err != nil {
		return 0, err
	}
	return max(o.n, 0), o.err
}

func (o *outflow) write(fd uintptr) bool {
	for o.n, o.err = writeNow(int(fd), o.data); o.err == unix.EINTR; {
		o.n, o.err = writeNow(int(fd), o.data)
	}
	if o.err == unix.EAGAIN {
		o.err = nil
	} else if o.err != nil {
		o.err = os.NewSyscallError("write", o.err)
	}
	return true
}

// writeOnce is one write(2) that took something, or its error.
func (c *Stream) writeOnce(data []byte) (n int, err error) {
	if c.raw == nil {
		return c.conn.Write(data)
	}
	rerr := c.raw.Write(func(fd uintptr) bool {
		n, err = retry(func() (int, error) { return writeNow(int(fd), data) })
		return !errors.Is(err, unix.EAGAIN)
	})
	if rerr != nil {
		return 0, rerr
	}
	if err != nil {
		return 0, os.NewSyscallError("write", err)
	}
	return n, nil
}

// retry repeats a system call that a signal interrupted (signal(7)).
func retry(call func() (int, error)) (int, error) {
	for {
		n, err := call()
		if !errors.Is(err, unix.EINTR) {
			return n, err
		}
	}
}
