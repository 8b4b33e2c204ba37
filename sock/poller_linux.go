package sock

import (
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// A systemPoller is an epoll of its own (epoll(7)). Edge-triggered, it tells each
// arrival once and costs nothing while data just lies there; whoever reads the
// socket through the runtime's epoll is not concerned. The epoll itself waits on
// the runtime's, so that no thread does.
type systemPoller struct {
	file *os.File
	raw  syscall.RawConn
}

func newSystemPoller() (*systemPoller, error) {
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("epoll_create1", err)
	}
	if err := unix.SetNonblock(fd, true); err != nil { // so that os takes it to the runtime's poller
		unix.Close(fd)
		return nil, os.NewSyscallError("fcntl", err)
	}
	p := &systemPoller{file: os.NewFile(uintptr(fd), "epoll")}
	p.raw, err = p.file.SyscallConn()
	return p, err
}

func (p *systemPoller) add(fd int, number int32) error {
	e := unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLRDHUP | unix.EPOLLET, Fd: number}
	return p.change(unix.EPOLL_CTL_ADD, fd, &e)
}

func (p *systemPoller) remove(fd int) error { return p.change(unix.EPOLL_CTL_DEL, fd, nil) }

func (p *systemPoller) change(op, fd int, e *unix.EpollEvent) error {
	var cerr error
	if err := p.raw.Control(func(epoll uintptr) { cerr = unix.EpollCtl(int(epoll), op, fd, e) }); err != nil {
		return err
	}
	return os.NewSyscallError("epoll_ctl", cerr)
}

func (p *systemPoller) wait() (numbers []int32, err error) {
	var got [maxReady]unix.EpollEvent
	var n int
	rerr := p.raw.Read(func(epoll uintptr) bool {
		n, err = retry(func() (int, error) { return unix.EpollWait(int(epoll), got[:], 0) })
		return n > 0 || err != nil
	})
	if rerr != nil {
		_ = p.file.SetReadDeadline(time.Time{}) // wake set it; fails only when it is closed
		return nil, rerr
	}
	if err != nil {
		return nil, os.NewSyscallError("epoll_wait", err)
	}
	for _, e := range got[:n] {
		numbers = append(numbers, e.Fd)
	}
	return numbers, nil
}

func (p *systemPoller) wake() { _ = p.file.SetReadDeadline(time.Unix(1, 0)) } // fails only when it is closed

func (p *systemPoller) close() error { return p.file.Close() }
