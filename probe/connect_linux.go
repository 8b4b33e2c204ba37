package probe

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"sosh/internal/lazy"
	"sosh/probe/identify"
)

// send makes one try of a probe: a connect, and for UDP a datagram.
func (w *worker) send(j job) {
	six := 0
	if j.addr.Is6() {
		six = 1
	}
	fd, no := w.socket(six)
	if no != 0 {
		w.cannot(j, no)
		return
	}
	sent := w.now()
	no = w.calls.connect(fd, j.addr, j.port)
	switch {
	case no == unix.EAGAIN || no == unix.EADDRNOTAVAIL || no == unix.ENOBUFS:
		unix.Close(fd)
		w.cannot(j, no)
		return
	case w.plan.UDP && no == 0:
		j.tries++
		w.ask(j, fd, sent)
		return
	}
	j.tries++
	switch no {
	case unix.EINPROGRESS:
		w.hold(j, fd, sent, unix.EPOLLOUT)
	case 0:
		w.connected(j, fd, time.Duration(w.now()-sent))
	case unix.ECONNREFUSED:
		w.spare[six] = fd // it is as good as new
		w.refused(j, time.Duration(w.now()-sent))
	default:
		unix.Close(fd)
		w.report(j, Result{State: stateOfErrno(no), Errno: no})
	}
}

// socket gives a non-blocking socket of a family. A connection is reset when it
// is closed: a scan leaves no TIME_WAIT behind, here or there.
func (w *worker) socket(six int) (fd int, no syscall.Errno) {
	if fd = w.spare[six]; fd >= 0 {
		w.spare[six] = -1
		return fd, 0
	}
	family, kind := unix.AF_INET, unix.SOCK_STREAM
	if six == 1 {
		family = unix.AF_INET6
	}
	if w.plan.UDP {
		kind = unix.SOCK_DGRAM
	}
	fd, err := unix.Socket(family, kind|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, errnoOf(err)
	}
	if !w.plan.UDP {
		_ = unix.SetsockoptLinger(fd, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1}) // else it lingers, which works too
	}
	return fd, 0
}

// ask sends the datagram of a UDP probe.
func (w *worker) ask(j job, fd int, sent int64) {
	if w.isOurs(j, fd) {
		unix.Close(fd)
		j.tries--
		w.jobs = append(w.jobs, j) // from another port
		return
	}
	if _, err := unix.Write(fd, identify.Payload(j.port)); err != nil && errnoOf(err) != unix.EAGAIN {
		unix.Close(fd)
		w.failed(j, errnoOf(err), time.Duration(w.now()-sent))
		return
	}
	w.hold(j, fd, sent, unix.EPOLLIN)
}

// answered looks at what happened to a probe in flight.
func (w *worker) answered(i int32) {
	s := &w.slots[i]
	j, rtt := s.job, time.Duration(w.now()-s.sent)
	fd := w.release(i)
	if w.plan.UDP {
		w.heard(j, fd, rtt)
		return
	}
	no, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ERROR)
	if err != nil {
		no = int(errnoOf(err))
	}
	if no == 0 {
		if w.Greet != nil {
			_ = unix.EpollCtl(w.ep, unix.EPOLL_CTL_DEL, fd, nil) // closing it takes it out as well
		}
		w.connected(j, fd, rtt)
		return
	}
	unix.Close(fd)
	w.failed(j, syscall.Errno(no), rtt)
}

// heard reads the answer to a datagram.
func (w *worker) heard(j job, fd int, rtt time.Duration) {
	n, err := unix.Read(fd, w.answer[:])
	doubtful := !j.again && w.suspect(j) && w.isLocal(fd)
	unix.Close(fd)
	switch {
	case err != nil:
		w.failed(j, errnoOf(err), rtt)
	case !doubtful:
		r := Result{State: Open, Note: sentAnswer, RTT: rtt}
		if w.Greet != nil {
			r.Banner = &Greeting{append([]byte(nil), w.answer[:min(n, w.Greet.Max)]...), "its answer"}
		}
		w.report(j, r)
	default:
		w.onceMore(j, rtt)
	}
}

// failed is a try that ended with an errno.
func (w *worker) failed(j job, no syscall.Errno, rtt time.Duration) {
	switch {
	case no == unix.ECONNREFUSED:
		w.refused(j, rtt)
	case (no == unix.ECONNRESET || no == unix.EPIPE) && !w.plan.UDP: // only what was connected can be reset
		w.report(j, Result{State: Open, Note: tornDown, RTT: rtt})
	case no == unix.ETIMEDOUT:
		w.unanswered(j)
	default:
		w.report(j, Result{State: stateOfErrno(no), Errno: no})
	}
}

func (w *worker) refused(j job, rtt time.Duration) {
	r := Result{State: Closed, Errno: unix.ECONNREFUSED, RTT: rtt}
	if j.again {
		r.Note = itself
	}
	w.report(j, r)
}

// connected is a try that reached somebody. On this machine that may have been
// another probe, which had the probed port as its own (simultaneous open, RFC
// 9293, 3.5): then it is asked once more, from another port.
func (w *worker) connected(j job, fd int, rtt time.Duration) {
	switch {
	case w.isOurs(j, fd):
		unix.Close(fd)
		w.refused(job{addr: j.addr, id: j.id, port: j.port, tries: j.tries, again: true}, rtt)
	case !j.again && w.suspect(j) && w.isLocal(fd):
		unix.Close(fd)
		w.onceMore(j, rtt)
	case w.Greet != nil:
		w.greet(j, fd, rtt)
	default:
		unix.Close(fd)
		w.report(j, Result{State: Open, RTT: rtt})
	}
}

func (w *worker) onceMore(j job, rtt time.Duration) {
	j.again, j.rtt = true, rtt
	w.jobs = append(w.jobs, j)
}

// greet listens to what an open port says, beside the other probes.
func (w *worker) greet(j job, fd int, rtt time.Duration) {
	conn := os.NewFile(uintptr(fd), "") // on the poller, as it is non-blocking
	w.greets.Add(1)
	w.wg.Go(func() {
		defer w.greets.Add(-1)
		defer conn.Close()
		r := Result{Addr: j.addr, Port: j.port, State: Open, Tries: j.tries, RTT: rtt, id: j.id}
		r.Banner = w.Greet.listen(w.ctx, conn)
		w.scanner.out <- batch{results: []Result{r}}
	})
}

// isOurs is whether the socket has the address it was to reach.
func (w *worker) isOurs(j job, fd int) bool {
	local, port := localName(fd)
	return port == int(j.port) && local == j.addr.WithZone("")
}

// isLocal is whether both ends of a connection are this machine's.
func (w *worker) isLocal(fd int) bool {
	local, _ := localName(fd)
	peer, _ := peerName(fd)
	return local == peer || local.IsLoopback()
}

// suspect is whether the system may have given the probed port to one of our own
// sockets.
func (w *worker) suspect(j job) bool {
	own := ephemeral.Get()
	return int(j.port) >= own[0] && int(j.port) <= own[1]
}

// ephemeral is the range, first and last, that the system takes ports from (ip(7)).
var ephemeral = lazy.Value[[2]int]{New: func() [2]int {
	var low, high int
	text, err := os.ReadFile("/proc/sys/net/ipv4/ip_local_port_range")
	if f := strings.Fields(string(text)); err == nil && len(f) == 2 {
		low, _ = strconv.Atoi(f[0])
		high, _ = strconv.Atoi(f[1])
	}
	if high == 0 {
		return [2]int{1, 65535}
	}
	return [2]int{low, high}
}}

// Most times that this machine may be unable to send a probe before that is its
// result, and the pause in between.
const (
	maxFailed = 200
	respite   = 10 * time.Millisecond
)

// cannot keeps a probe that this machine cannot send now: out of descriptors,
// buffers or ports. There will be fewer at once from now on.
func (w *worker) cannot(j job, no syscall.Errno) {
	busy := w.inFlight() > 0
	if passing := isPassing(no); !passing || !busy && (j.failed >= maxFailed || no == unix.EADDRNOTAVAIL && j.failed > 0) {
		w.report(j, Result{State: stateOfErrno(no), Errno: no})
		return
	}
	if !busy || no == unix.EADDRNOTAVAIL {
		j.failed++
	}
	if j.failed > maxFailed || no == unix.EADDRNOTAVAIL && j.failed > 3 {
		w.report(j, Result{State: stateOfErrno(no), Errno: no})
		return
	}
	w.jobs = append(w.jobs, j)
	w.pause = w.now() + int64(respite)
	if no == unix.EMFILE || no == unix.ENFILE {
		w.narrow()
	}
}

func isPassing(no syscall.Errno) bool {
	switch no {
	case unix.EMFILE, unix.ENFILE, unix.ENOBUFS, unix.ENOMEM, unix.EAGAIN, unix.EADDRNOTAVAIL, unix.ENOSPC:
		return true
	}
	return false
}

// narrow makes the window as wide as what is in flight, and says so, once.
func (w *worker) narrow() {
	n := max(1, w.inFlight()-1)
	if first := w.window.bound(n); first {
		text := "out of descriptors: at most " + strconv.Itoa(n) + " connections at once from now on, nothing is lost (ulimit -n is the limit)"
		w.flush()
		w.scanner.out <- batch{notice: text}
	}
}

func errnoOf(err error) syscall.Errno {
	var no syscall.Errno
	if errors.As(err, &no) {
		return no
	}
	return unix.EIO
}
