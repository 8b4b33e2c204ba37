package probe

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"time"

	"sosh/primitive"
	"sosh/probe/identify"
	"sosh/sock"
)

// dialTCP makes one try with the net package. The connection is nil unless the
// state is Open.
func dialTCP(ctx context.Context, to netip.AddrPort, timeout time.Duration) (net.Conn, Result) {
	r := Result{Addr: to.Addr(), Port: to.Port(), Tries: 1}
	d := net.Dialer{Timeout: timeout, KeepAlive: -1}
	start := time.Now()
	conn, seen, err := sock.DialSeen(ctx, to, timeout)
	if !seen {
		conn, err = d.DialContext(ctx, "tcp", to.String())
	}
	if err != nil {
		r.fail(err, time.Since(start))
		return nil, r
	}
	r.RTT = time.Since(start)
	if conn.LocalAddr().String() == conn.RemoteAddr().String() { // simultaneous open with itself (RFC 9293, 3.5)
		conn.Close()
		r.State, r.Note = Closed, itself
		return nil, r
	}
	return conn, r
}

// fail puts an error of the net package into a result.
func (r *Result) fail(err error, took time.Duration) {
	var no syscall.Errno
	switch {
	case sock.Kind(err) == primitive.Timeout:
		r.State = Timeout
		return
	case sock.Kind(err) == primitive.Reset && !r.UDP: // only what was connected can be reset
		r.State, r.Note, r.RTT = Open, tornDown, took
		return
	case errors.As(err, &no):
		r.State, r.Errno = stateOfErrno(no), no
	default:
		r.State, r.Note = Error, noMemory
	}
	if r.State == Closed {
		r.RTT = took
	}
}

// dialUDP sends one datagram, and waits for what comes back.
func dialUDP(ctx context.Context, to netip.AddrPort, timeout time.Duration) (Result, []byte) {
	r := Result{Addr: to.Addr(), Port: to.Port(), UDP: true, State: Silent, Tries: 1}
	conn, seen, err := sock.DialPacketSeen(ctx, to)
	if !seen {
		conn, err = new(net.Dialer).DialContext(ctx, "udp", to.String())
	}
	if err != nil {
		r.fail(err, 0)
		return r, nil
	}
	defer conn.Close()
	if conn.LocalAddr().String() == to.String() { // it would answer itself
		r.State, r.Note = Closed, itself
		return r, nil
	}
	start := time.Now()
	_ = conn.SetDeadline(start.Add(timeout))
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(start) })
	defer stop()
	answer := make([]byte, 2048)
	if _, err = conn.Write(identify.Payload(to.Port())); err == nil {
		var n int
		n, err = conn.Read(answer)
		answer = answer[:n]
	}
	switch took := time.Since(start); {
	case err == nil:
		r.State, r.Note, r.RTT = Open, sentAnswer, took
		return r, answer
	case sock.Kind(err) == primitive.Timeout:
	default:
		r.fail(err, took)
	}
	return r, nil
}

// Most probes in flight of the dialers: each has a goroutine.
const maxDialers = 512

// dialers is a worker made of the net package: where there is no epoll.
func (s *scanner) dialers(ctx context.Context, workers int) {
	var wg sync.WaitGroup
	limit := maxDialers
	if s.Parallel > 0 {
		limit = min(limit, s.Parallel)
	}
	for range max(1, limit/workers) {
		wg.Go(func() { s.dialer(ctx) })
	}
	wg.Wait()
}

func (s *scanner) dialer(ctx context.Context) {
	var jobs [1]job
	var trips roundTrips
	for ctx.Err() == nil && s.take(jobs[:]) > 0 {
		s.attempt(ctx, jobs[0], &trips)
	}
}

// attempt makes one probe, and gives what came of it.
func (s *scanner) attempt(ctx context.Context, j job, trips *roundTrips) {
	if r := s.try(ctx, j, trips); ctx.Err() == nil || r.State == Open {
		s.out <- batch{results: []Result{r}}
	}
}

// try makes the tries of one probe.
func (s *scanner) try(ctx context.Context, j job, trips *roundTrips) (r Result) {
	for n := 0; n <= s.Retries && s.mayStart(ctx); n++ {
		timeout := s.Timeout
		if timeout == 0 {
			timeout = trips.timeout(j.addr, uint8(n))
		}
		r = s.tryOnce(ctx, j, timeout)
		r.id, r.Tries = j.id, uint8(n+1)
		if r.RTT > 0 {
			trips.add(j.addr, r.RTT)
		}
		if r.State != Timeout && r.State != Silent {
			return r
		}
	}
	return r
}

func (s *scanner) tryOnce(ctx context.Context, j job, timeout time.Duration) Result {
	to := netip.AddrPortFrom(j.addr, j.port)
	if s.plan.UDP {
		r, answer := dialUDP(ctx, to, timeout)
		if s.Greet != nil && r.State == Open {
			r.Banner = &Greeting{answer, "its answer"}
		}
		return r
	}
	conn, r := dialTCP(ctx, to, timeout)
	if conn == nil {
		return r
	}
	defer conn.Close()
	if tcp, ok := conn.(interface{ SetLinger(sec int) error }); ok {
		_ = tcp.SetLinger(0)
	}
	if s.Greet != nil {
		r.Banner = s.Greet.listen(ctx, conn)
	}
	return r
}

// mayStart waits until the rate allows one more try.
func (s *scanner) mayStart(ctx context.Context) bool {
	for {
		n, wait := s.limit.take(s.now(), 1)
		if n > 0 {
			return ctx.Err() == nil
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return false
		}
	}
}
