//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package sock

import (
	"os"
	"sync"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

// A systemPoller is a kqueue of its own (kqueue(2)). EV_CLEAR tells each arrival
// once. Not every system lets a kqueue wait on another, so a thread waits here,
// and a pipe wakes it.
type systemPoller struct {
	kq      int
	waiting sync.Mutex // held while the kqueue is in use
	closed  atomic.Bool
	r, w    *os.File // of the pipe
	pipe    uint64   // the descriptor of r

	mu      sync.Mutex
	numbers map[uint64]int32 // by descriptor
}

func newSystemPoller() (*systemPoller, error) {
	kq, err := unix.Kqueue()
	if err != nil {
		return nil, os.NewSyscallError("kqueue", err)
	}
	unix.CloseOnExec(kq)
	r, w, err := os.Pipe()
	if err != nil {
		unix.Close(kq)
		return nil, err
	}
	p := &systemPoller{kq: kq, r: r, w: w, pipe: uint64(r.Fd()), numbers: map[uint64]int32{}}
	return p, p.change(int(p.pipe), unix.EV_ADD|unix.EV_CLEAR)
}

func (p *systemPoller) add(fd int, number int32) error {
	p.mu.Lock()
	p.numbers[uint64(fd)] = number
	p.mu.Unlock()
	return p.change(fd, unix.EV_ADD|unix.EV_CLEAR)
}

func (p *systemPoller) remove(fd int) error { return p.change(fd, unix.EV_DELETE) }

func (p *systemPoller) change(fd, flags int) error {
	change := make([]unix.Kevent_t, 1)
	unix.SetKevent(&change[0], fd, unix.EVFILT_READ, flags)
	_, err := retry(func() (int, error) { return unix.Kevent(p.kq, change, nil, nil) })
	return os.NewSyscallError("kevent", err)
}

func (p *systemPoller) wait() (numbers []int32, err error) {
	p.waiting.Lock()
	defer p.waiting.Unlock()
	if p.closed.Load() {
		return nil, os.ErrClosed
	}
	got := make([]unix.Kevent_t, maxReady)
	n, err := retry(func() (int, error) { return unix.Kevent(p.kq, nil, got, nil) })
	if err != nil {
		return nil, os.NewSyscallError("kevent", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range got[:n] {
		if uint64(e.Ident) != p.pipe {
			numbers = append(numbers, p.numbers[uint64(e.Ident)])
			continue
		}
		var wakes [64]byte
		_, _ = unix.Read(int(p.pipe), wakes[:]) // there is at least one byte
	}
	if len(numbers) == 0 {
		return nil, os.ErrDeadlineExceeded
	}
	return numbers, nil
}

// wake makes a wait return.
func (p *systemPoller) wake() { _, _ = p.w.Write([]byte{0}) } // fails only when it is closed

func (p *systemPoller) close() error {
	if p.closed.Swap(true) {
		return nil
	}
	p.wake()
	p.waiting.Lock()
	defer p.waiting.Unlock()
	p.r.Close()
	p.w.Close()
	return unix.Close(p.kq)
}
