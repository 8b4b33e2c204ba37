package sock

import (
	"net"
	"net/netip"
	"os"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"

	"sosh/primitive"
)

// A shot is the one sendto(2) in flight of a socket.
type shot struct {
	raw   syscall.RawConn
	step  func(uintptr) bool // bound once
	to    unix.RawSockaddrInet6
	size  uintptr
	data  []byte
	errno unix.Errno
}

// sendNow sends one datagram if there is room for it.
func (u *Datagram) sendNow(to netip.AddrPort, data []byte) (err error, done bool) {
	udp, ok := u.conn.(*net.UDPConn)
	if !ok || to.Addr().Zone() != "" {
		return nil, false
	}
	if u.shot == nil {
		raw, err := udp.SyscallConn()
		if err != nil {
			return err, true
		}
		u.shot = &shot{raw: raw}
		u.shot.step = u.shot.sendto
	}
	u.shot.aim(to)
	u.shot.data = data
	err = u.shot.raw.Write(u.shot.step)
	u.shot.data = nil
	switch {
	case err != nil:
		return err, true
	case u.shot.errno == unix.EAGAIN:
		return nil, false
	case u.shot.errno != 0:
		return os.NewSyscallError("sendto", u.shot.errno), true
	}
	return nil, true
}

// aim writes the address as the kernel reads it.
func (s *shot) aim(to netip.AddrPort) {
	port := [2]byte{byte(to.Port() >> 8), byte(to.Port())}
	if to.Addr().Is4() {
		in4 := (*unix.RawSockaddrInet4)(unsafe.Pointer(&s.to))
		*in4 = unix.RawSockaddrInet4{Family: unix.AF_INET, Port: *(*uint16)(unsafe.Pointer(&port)), Addr: to.Addr().As4()}
		s.size = unix.SizeofSockaddrInet4
		return
	}
	s.to = unix.RawSockaddrInet6{Family: unix.AF_INET6, Port: *(*uint16)(unsafe.Pointer(&port)), Addr: to.Addr().As16()}
	s.size = unix.SizeofSockaddrInet6
}

func (s *shot) sendto(fd uintptr) bool {
	for {
		_, _, s.errno = unix.RawSyscall6(unix.SYS_SENDTO, fd, uintptr(unsafe.Pointer(unsafe.SliceData(s.data))), uintptr(len(s.data)),
			unix.MSG_DONTWAIT, uintptr(unsafe.Pointer(&s.to)), s.size)
		if s.errno != unix.EINTR {
			return true
		}
	}
}

// Most datagrams that one system call receives ahead of their callers.
const batchSize = 16

// A batch receives several datagrams at once (recvmmsg(2)). Under load that saves
// most of what a receive costs; otherwise it asks for one.
type batch struct {
	raw     syscall.RawConn
	step    func(uintptr) bool // bound once
	want    int                // datagrams to ask for
	n       int
	errno   unix.Errno
	headers [batchSize]messageHeader
	vectors [batchSize]unix.Iovec
	names   [batchSize]unix.RawSockaddrInet6 // has room for IPv4 too
	buffers [batchSize]*[chunk]byte

	from     netip.Addr // the sender seen last, and its text
	fromText string
}

// A messageHeader is the kernel's struct mmsghdr.
type messageHeader struct {
	msg unix.Msghdr
	len uint32
}

// receive waits for datagrams and appends them to the queue.
func (u *Datagram) receive() error {
	udp, ok := u.conn.(*net.UDPConn)
	if !ok {
		return u.receiveOne()
	}
	if u.batch == nil {
		raw, err := udp.SyscallConn()
		if err != nil {
			return err
		}
		u.batch = &batch{raw: raw, want: 1}
		u.batch.step = u.batch.recvmmsg
	}
	return u.batch.receive(u)
}

func (b *batch) receive(u *Datagram) error {
	if err := b.raw.Read(b.step); err != nil {
		return err
	}
	if b.errno != 0 {
		return os.NewSyscallError("recvmmsg", b.errno)
	}
	for i := range b.n {
		u.queue = append(u.queue, b.packet(i))
	}
	b.release()
	b.adapt()
	return nil
}

// adapt asks for more the next time when all that was asked for came.
func (b *batch) adapt() {
	if b.n == b.want {
		b.want = min(2*b.want, batchSize)
		return
	}
	b.want = max(1, b.n)
}

// recvmmsg is one system call; false when nothing is there yet.
func (b *batch) recvmmsg(fd uintptr) bool {
	b.prepare()
	for {
		n, _, errno := unix.RawSyscall6(unix.SYS_RECVMMSG, fd, uintptr(unsafe.Pointer(&b.headers)), uintptr(b.want),
			unix.MSG_DONTWAIT|unix.MSG_TRUNC, 0, 0) // with MSG_TRUNC the length is that of the datagram, not of the buffer
		if errno == unix.EINTR {
			continue
		}
		if b.n, b.errno = int(n), errno; errno != 0 {
			b.release()
		}
		return errno != unix.EAGAIN
	}
}

// prepare lends the buffers for the moment of the system call.
func (b *batch) prepare() {
	for i := range b.want {
		b.buffers[i] = scratch.Get().(*[chunk]byte)
		b.vectors[i].Base = &b.buffers[i][0]
		b.vectors[i].SetLen(chunk)
		h := &b.headers[i].msg
		h.Name, h.Namelen = (*byte)(unsafe.Pointer(&b.names[i])), uint32(unsafe.Sizeof(b.names[i]))
		h.Iov = &b.vectors[i]
		h.SetIovlen(1)
	}
}

func (b *batch) release() {
	for i, buf := range b.buffers {
		if buf == nil {
			break
		}
		scratch.Put(buf)
		b.buffers[i], b.vectors[i].Base = nil, nil
	}
}

// packet is the datagram in buffer i, whole.
func (b *batch) packet(i int) Packet {
	n := int(b.headers[i].len)
	from := b.sender(i)
	p := Packet{Data: append(primitive.Bytes{}, b.buffers[i][:min(n, chunk)]...), Length: n, Port: int(from.Port())}
	if a := from.Addr(); a != b.from || b.fromText == "" {
		b.from, b.fromText = a, a.String()
	}
	p.Host = b.fromText
	return p
}

func (b *batch) sender(i int) netip.AddrPort {
	name := &b.names[i]
	port := func(p *uint16) uint16 {
		raw := (*[2]byte)(unsafe.Pointer(p))
		return uint16(raw[0])<<8 | uint16(raw[1])
	}
	if name.Family == unix.AF_INET {
		in4 := (*unix.RawSockaddrInet4)(unsafe.Pointer(name))
		return netip.AddrPortFrom(netip.AddrFrom4(in4.Addr), port(&in4.Port))
	}
	a := netip.AddrFrom16(name.Addr).Unmap()
	if name.Scope_id != 0 && a.Is6() {
		a = a.WithZone(zoneName(name.Scope_id))
	}
	return netip.AddrPortFrom(a, port(&name.Port))
}
