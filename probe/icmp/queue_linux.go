package icmp

import (
	"encoding/binary"
	"net/netip"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"sosh/primitive"
	"sosh/sock"
)

// A Message is what a socket gave: data that came, or from its error queue an
// error with the data that it is about.
type Message struct {
	Data  []byte         // valid until the next read
	From  netip.AddrPort // of an error: where the data was to go
	TTL   int            // hops left, where the socket reports them; 0 is unknown
	Error *Extended      // nil: it is no error
}

// An Extended error is one of the error queue (ip(7): struct sock_extended_err).
type Extended struct {
	Errno  syscall.Errno
	Origin uint8 // who noticed: this machine, or ICMP
	Type   uint8
	Code   uint8
	Info   uint32
	From   netip.Addr // the router or host that said it; not valid where this machine did
}

// ReportErrors makes a socket keep ICMP errors in its error queue.
func ReportErrors(t *primitive.Trace, fd int, v6 bool) error { return recvErr.set(t, fd, v6, 1) }

// ReportTTL makes a socket tell how many hops a packet had left.
func ReportTTL(t *primitive.Trace, fd int, v6 bool) error { return recvTTL.set(t, fd, v6, 1) }

// HopLimit is the control message that gives one packet its hops.
func HopLimit(v6 bool, ttl int) []byte {
	b := make([]byte, unix.CmsgSpace(4))
	level, kind := uint32(unix.IPPROTO_IP), uint32(unix.IP_TTL)
	if v6 {
		level, kind = unix.IPPROTO_IPV6, unix.IPV6_HOPLIMIT
	}
	h := unix.CmsgLen(0)
	if h == 16 { // the length is as wide as a pointer
		binary.NativeEndian.PutUint64(b, uint64(unix.CmsgLen(4)))
	} else {
		binary.NativeEndian.PutUint32(b, uint32(unix.CmsgLen(4)))
	}
	binary.NativeEndian.PutUint32(b[h-8:], level)
	binary.NativeEndian.PutUint32(b[h-4:], kind)
	binary.NativeEndian.PutUint32(b[h:], uint32(ttl))
	return b
}

// Receive waits for a message of a socket, errors first; t sees its calls, or is
// nil. There is an error when the socket is closed, and os.ErrDeadlineExceeded at
// its deadline.
func Receive(t *primitive.Trace, rc syscall.RawConn, buf, oob []byte) (m Message, err error) {
	got := false
	err = rc.Read(func(fd uintptr) bool {
		for _, flags := range []int{unix.MSG_ERRQUEUE, 0} {
			if m, got = receive(t, int(fd), buf, oob, flags); got {
				return true
			}
		}
		t.Say(sock.WaitsReadable)
		return false
	})
	return m, err
}

// A read is one recvmsg(2), and what it gave.
type read struct {
	asked int // flags
	buf   []byte
	oob   []byte
	n     int
	oobn  int
	flags int
	from  unix.Sockaddr
	err   error
}

func (r *read) call(t *primitive.Trace, fd int) {
	_, r.err = sock.Traced(t, "recvmsg", func() string { return got(fd, r) }, func() (int, error) {
		r.n, r.oobn, r.flags, r.from, r.err = unix.Recvmsg(fd, r.buf, r.oob, r.asked|unix.MSG_DONTWAIT)
		return r.n, r.err
	})
}

// receive makes one read. A pending error that another call was to be told of is
// in the queue as well: it is passed over.
func receive(t *primitive.Trace, fd int, buf, oob []byte, flags int) (m Message, ok bool) {
	for range sendTries {
		r := read{asked: flags, buf: buf, oob: oob}
		r.call(t, fd)
		if r.err == unix.EAGAIN {
			return m, false
		}
		if r.err == nil {
			m = Message{Data: buf[:r.n], From: addrPort(r.from)}
			m.control(oob[:r.oobn])
			return m, flags == 0 || m.Error != nil
		}
	}
	return m, false
}

// QueuedError takes one error from the queue of a socket; nil when there is none.
func QueuedError(t *primitive.Trace, fd int) *Extended {
	m, ok := receive(t, fd, make([]byte, 512), make([]byte, 512), unix.MSG_ERRQUEUE)
	if !ok {
		return nil
	}
	return m.Error
}

// control reads control messages.
func (m *Message) control(oob []byte) {
	list, err := unix.ParseSocketControlMessage(oob)
	if err != nil {
		return
	}
	for _, c := range list {
		v4, v6 := c.Header.Level == unix.IPPROTO_IP, c.Header.Level == unix.IPPROTO_IPV6
		switch kind := c.Header.Type; {
		case v4 && kind == unix.IP_RECVERR, v6 && kind == unix.IPV6_RECVERR:
			m.Error = extended(c.Data)
		case (v4 && kind == unix.IP_TTL || v6 && kind == unix.IPV6_HOPLIMIT) && len(c.Data) >= 4:
			m.TTL = int(binary.NativeEndian.Uint32(c.Data))
		}
	}
}

// extended reads a struct sock_extended_err and the address behind it.
func extended(b []byte) *Extended {
	const size = 16
	if len(b) < size {
		return nil
	}
	e := &Extended{
		Errno: syscall.Errno(binary.NativeEndian.Uint32(b)), Origin: b[4], Type: b[5], Code: b[6],
		Info: binary.NativeEndian.Uint32(b[8:]),
	}
	b = b[size:]
	if len(b) < 2 {
		return e
	}
	switch family := binary.NativeEndian.Uint16(b); {
	case family == unix.AF_INET && len(b) >= unix.SizeofSockaddrInet4:
		e.From = netip.AddrFrom4([4]byte(b[4:8]))
	case family == unix.AF_INET6 && len(b) >= unix.SizeofSockaddrInet6:
		e.From = netip.AddrFrom16([16]byte(b[8:24])).Unmap()
	}
	return e
}

// Failure is the error as the packet it came of.
func (m *Message) Failure(v6 bool) (Packet, bool) {
	p, ok := m.Error.failure(v6)
	p.To, p.Port = m.From.Addr(), m.From.Port()
	return p, ok
}

// failure is false for what this machine noticed itself.
func (e *Extended) failure(v6 bool) (Packet, bool) {
	p := Packet{At: time.Now(), Kind: Failure, From: e.From, Checksum: true, Code: Code{V6: v6, Type: e.Type, Code: e.Code}}
	if p.Code.TooBig() {
		p.Code.MTU = int(e.Info)
	}
	return p, e.Origin == unix.SO_EE_ORIGIN_ICMP && !v6 || e.Origin == unix.SO_EE_ORIGIN_ICMP6 && v6
}

// Packet is the error as the packet it came of; ok is false where this machine
// noticed it itself.
func (e *Extended) Packet(v6 bool) (p Packet, ok bool) { return e.failure(v6) }

func addrPort(sa unix.Sockaddr) netip.AddrPort {
	switch sa := sa.(type) {
	case *unix.SockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4(sa.Addr), uint16(sa.Port))
	case *unix.SockaddrInet6:
		return netip.AddrPortFrom(netip.AddrFrom16(sa.Addr), uint16(sa.Port))
	}
	return netip.AddrPort{}
}
