//go:build unix

package sock

import (
	"context"
	"errors"
	"os"
	"syscall"

	"golang.org/x/sys/unix"

	"sosh/primitive"
)

// sendStep is sendto(2), or write(2) to the connected peer.
func (u *Datagram) sendStep(ctx context.Context, t *primitive.Trace, to *destination, data []byte) error {
	raw, err := u.conn.(syscall.Conn).SyscallConn()
	if err != nil {
		return err
	}
	var sa unix.Sockaddr
	name, end := "write", ""
	if to != nil {
		name = "sendto"
		if sa, err = to.sockaddr(u.kind); err != nil {
			return err
		}
		end = ", 0, " + sockaddrText(sa)
	}
	var serr error
	err = raw.Write(func(fd uintptr) bool {
		_, serr = traced(t, name, func() string { return list(fd, data, len(data)) + end }, func() (int, error) {
			if sa == nil {
				return retry(func() (int, error) { return unix.Write(int(fd), data) })
			}
			return retry(func() (int, error) { return len(data), unix.Sendto(int(fd), data, 0, sa) })
		})
		if errors.Is(serr, unix.EAGAIN) {
			t.Say(waitsWritable)
			return false
		}
		return true
	})
	if err != nil {
		return err
	}
	return os.NewSyscallError(name, serr)
}

func (d destination) sockaddr(family Family) (unix.Sockaddr, error) {
	if family == Unix {
		return &unix.SockaddrUnix{Name: d.path}, nil
	}
	return ipSockaddr(family, d.udp)
}

// recvStep is one recvfrom(2), appended to the queue.
func (u *Datagram) recvStep(t *primitive.Trace) error {
	raw, err := u.conn.(syscall.Conn).SyscallConn()
	if err != nil {
		return err
	}
	buf := scratch.Get().(*[chunk]byte)
	defer scratch.Put(buf)
	n := 0
	var from unix.Sockaddr
	var rerr error
	err = raw.Read(func(fd uintptr) bool {
		args := func() string {
			text := list(fd, buf[:min(n, chunk)], chunk, 0)
			if from == nil {
				return text + ", NULL, NULL"
			}
			return text + ", " + filledText(from, unix.SizeofSockaddrAny)
		}
		_, rerr = traced(t, "recvfrom", args, func() (int, error) {
			k, err := retry(func() (k int, err error) { k, from, err = unix.Recvfrom(int(fd), buf[:], 0); return k, err })
			n = max(k, 0)
			return k, err
		})
		if errors.Is(rerr, unix.EAGAIN) {
			t.Say(waitsReadable)
			return false
		}
		return true
	})
	if err != nil {
		return err
	}
	if rerr != nil {
		return os.NewSyscallError("recvfrom", rerr)
	}
	a := fromSockaddr(from)
	u.queue = append(u.queue, Packet{Data: append(primitive.Bytes{}, buf[:min(n, chunk)]...), Length: n, Host: hostOf(a), Port: a.Port})
	return nil
}
