package probe

import (
	"context"
	"net/netip"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// A worker keeps many probes in flight on raw non-blocking sockets and one epoll
// descriptor. It belongs to one goroutine. What it costs is the connect(2) itself:
// on the loopback a refusal comes back from that call, and the same socket is
// used for the next one.
type worker struct {
	*scanner
	ctx    context.Context
	ep     int
	spare  [2]int // a refused socket of IPv4 and of IPv6 each, to be used again; -1: none
	calls  sysCalls
	slots  []slot
	unused []int32 // of slots
	due    dueHeap
	events [256]unix.EpollEvent
	jobs   []job // taken, not yet sent; those to be sent again first
	chunk  [jobChunk]job
	ended  bool // there are no more to take
	window window
	trips  roundTrips
	pause  int64 // nothing is sent before then
	greets atomic.Int64
	out    []Result // not yet handed over
	answer [2048]byte
}

// A slot is a probe in flight: less than a hundred bytes.
type slot struct {
	job
	fd    int32
	place int32 // in the heap
	turn  uint32
	sent  int64
	due   int64
}

// work is one worker of a scan. It falls back on the net package where it can
// have no epoll descriptor.
func (s *scanner) work(ctx context.Context, workers int) {
	ep, err := -1, error(nil)
	if !s.viaNet {
		ep, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	}
	if ep < 0 || err != nil {
		s.dialers(ctx, workers)
		return
	}
	w := &worker{scanner: s, ctx: ctx, ep: ep, spare: [2]int{-1, -1}, window: s.newWindow(workers), out: s.emptyBatch()}
	if s.plan.Hosts.Len() > 1 {
		w.trips.hosts = map[netip.Addr]estimate{}
	}
	defer w.close()
	for ctx.Err() == nil && !w.finished() {
		wait := w.launch()
		w.await(wait)
		w.expire()
	}
}

func (w *worker) close() {
	w.flush()
	for _, i := range w.due.order {
		unix.Close(int(w.slots[i].fd))
	}
	for _, fd := range w.spare {
		if fd >= 0 {
			unix.Close(fd)
		}
	}
	unix.Close(w.ep)
}

func (w *worker) finished() bool { return w.ended && len(w.jobs) == 0 && len(w.due.order) == 0 }

// inFlight is how many descriptors are held for probes.
func (w *worker) inFlight() int { return len(w.due.order) + int(w.greets.Load()) }

// launch sends what the window and the rate allow, a chunk at most, and says how
// long there is nothing more to send; 0 is not at all.
func (w *worker) launch() time.Duration {
	if now := w.now(); now < w.pause {
		return time.Duration(w.pause - now)
	}
	room := min(w.window.size()-w.inFlight(), jobChunk)
	if room <= 0 {
		return tick
	}
	if w.fill(); len(w.jobs) == 0 {
		if w.finished() {
			return 0
		}
		return tick // only answers are missing
	}
	n, wait := w.limit.take(w.now(), min(room, len(w.jobs)))
	if n == 0 {
		return wait
	}
	sent := 0
	for ; sent < n && w.now() >= w.pause; sent++ {
		j := w.jobs[len(w.jobs)-1]
		w.jobs = w.jobs[:len(w.jobs)-1]
		w.send(j)
	}
	w.limit.give(n - sent)
	return 0
}

// fill takes more jobs when there are none left. They are sent from the end.
func (w *worker) fill() {
	if len(w.jobs) > 0 || w.ended {
		return
	}
	n := w.take(w.chunk[:])
	w.ended = n < len(w.chunk)
	for i := n - 1; i >= 0; i-- {
		w.jobs = append(w.jobs, w.chunk[i])
	}
}

// await looks for answers, and waits for them when there is nothing to send.
func (w *worker) await(wait time.Duration) {
	now := w.now()
	if len(w.due.order) > 0 {
		wait = min(wait, time.Duration(max(0, w.slots[w.due.order[0]].due-now)))
	} else if wait == 0 {
		return
	}
	if wait = min(wait, tick/4); wait > 0 { // an end of the context is noticed so soon
		w.flush()
	}
	ms := int((wait + time.Millisecond - 1) / time.Millisecond)
	n, _ := unix.EpollWait(w.ep, w.events[:], ms) // EINTR is as good as no event
	for _, ev := range w.events[:max(n, 0)] {
		if i := ev.Fd; w.slots[i].turn == uint32(ev.Pad) {
			w.answered(i)
		}
	}
}

// expire ends the tries whose time is over.
func (w *worker) expire() {
	if len(w.due.order) == 0 {
		return
	}
	now := w.now()
	for len(w.due.order) > 0 {
		i := w.due.order[0]
		s := &w.slots[i]
		if s.due > now {
			return
		}
		j := s.job
		unix.Close(w.release(i))
		w.unanswered(j)
	}
}

// unanswered tries again, or says that nothing came.
func (w *worker) unanswered(j job) {
	switch {
	case j.again && !w.plan.UDP: // it had connected; now its queue may be full
		w.report(j, Result{State: Open, RTT: j.rtt})
	case int(j.tries) <= w.Retries:
		w.jobs = append(w.jobs, j)
	case w.plan.UDP:
		w.report(j, Result{State: Silent})
	default:
		w.report(j, Result{State: Timeout})
	}
}

// hold puts a sent probe into a slot and waits for events on its descriptor.
func (w *worker) hold(j job, fd int, sent int64, events uint32) {
	if len(w.unused) == 0 {
		w.slots = append(w.slots, slot{})
		w.unused = append(w.unused, int32(len(w.slots)-1))
	}
	i := w.unused[len(w.unused)-1]
	w.unused = w.unused[:len(w.unused)-1]
	timeout := w.Timeout
	if timeout == 0 {
		timeout = w.trips.timeout(j.addr, j.tries-1)
	}
	s := &w.slots[i]
	*s = slot{job: j, fd: int32(fd), turn: s.turn + 1, sent: sent, due: sent + int64(timeout)}
	ev := unix.EpollEvent{Events: events, Fd: i, Pad: int32(s.turn)}
	if err := unix.EpollCtl(w.ep, unix.EPOLL_CTL_ADD, fd, &ev); err != nil {
		w.unused = append(w.unused, i)
		unix.Close(fd)
		w.cannot(j, errnoOf(err))
		return
	}
	w.due.push(w.slots, i)
}

// release takes a probe out of its slot and gives its descriptor, which stays
// open.
func (w *worker) release(i int32) (fd int) {
	w.due.remove(w.slots, i)
	w.slots[i].turn++
	w.unused = append(w.unused, i)
	return int(w.slots[i].fd)
}

// report keeps a result to be handed over.
func (w *worker) report(j job, r Result) {
	r.Addr, r.Port, r.UDP, r.id, r.Tries = j.addr, j.port, w.plan.UDP, j.id, j.tries
	if r.RTT > 0 {
		if w.Timeout == 0 && !j.again {
			w.trips.add(j.addr, r.RTT)
		}
		w.window.answer(j.tries > 1)
	}
	if w.out = append(w.out, r); len(w.out) >= batchSize {
		w.flush()
	}
}

// flush hands the results over; whoever takes them does so until the end.
func (w *worker) flush() {
	if len(w.out) > 0 {
		w.scanner.out <- batch{results: w.out}
		w.out = w.emptyBatch()
	}
}
