package sock

import (
	"fmt"
	"net"
	"strconv"

	"golang.org/x/sys/unix"

	"sosh/primitive"
)

func newSocket(domain, typ, proto int) (int, error) {
	return unix.Socket(domain, typ|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, proto)
}

func acceptFd(fd int) (int, error) {
	nfd, _, err := acceptFrom(fd)
	return nfd, err
}

func acceptFrom(fd int) (int, unix.Sockaddr, error) {
	return unix.Accept4(fd, unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC)
}

// How an explanation writes these calls: accept(2) and what follows its
// addresses.
const (
	socketFlags = "|SOCK_CLOEXEC|SOCK_NONBLOCK"
	AcceptName  = "accept4"
	AcceptFlags = ", SOCK_CLOEXEC|SOCK_NONBLOCK"
)

// otherDomain is the domain of a family that the net package does not know.
func otherDomain(family Family) (domain, proto int, err error) {
	if family == Vsock {
		return unix.AF_VSOCK, 0, nil
	}
	return unix.AF_BLUETOOTH, unix.BTPROTO_RFCOMM, nil
}

// otherSockaddr reads a vsock address (context id, or any, hypervisor, local,
// host) or a Bluetooth one (00:11:22:33:44:55 and the channel).
func otherSockaddr(family Family, addr primitive.Addr) (unix.Sockaddr, error) {
	if family == Bluetooth {
		mac, err := net.ParseMAC(addr.Host)
		if err != nil || len(mac) != 6 {
			return nil, primitive.Usagef("%s is no Bluetooth address", primitive.Quote(addr.Host)).WithHint("write 00:11:22:33:44:55 and the channel")
		}
		sa := &unix.SockaddrRFCOMM{Channel: uint8(addr.Port)}
		for i := range mac {
			sa.Addr[i] = mac[5-i] // the kernel keeps it backwards
		}
		return sa, nil
	}
	cid, ok := map[string]uint32{"": unix.VMADDR_CID_LOCAL, "any": unix.VMADDR_CID_ANY, "hypervisor": unix.VMADDR_CID_HYPERVISOR, "local": unix.VMADDR_CID_LOCAL, "host": unix.VMADDR_CID_HOST}[addr.Host]
	if !ok {
		n, err := strconv.ParseUint(addr.Host, 10, 32)
		if err != nil {
			return nil, primitive.Usagef("%s is no vsock context id", primitive.Quote(addr.Host)).WithHint("write a number, any, local or host")
		}
		cid = uint32(n)
	}
	return &unix.SockaddrVM{CID: cid, Port: uint32(addr.Port)}, nil
}

// fromOther is the inverse of otherSockaddr.
func fromOther(sa unix.Sockaddr) primitive.Addr {
	switch sa := sa.(type) {
	case *unix.SockaddrVM:
		return primitive.Addr{Host: strconv.FormatUint(uint64(sa.CID), 10), Port: int(sa.Port)}
	case *unix.SockaddrRFCOMM:
		b := sa.Addr
		host := fmt.Sprintf("%02X:%02X:%02X:%02X:%02X:%02X", b[5], b[4], b[3], b[2], b[1], b[0])
		return primitive.Addr{Host: host, Port: int(sa.Channel)}
	}
	return primitive.Addr{}
}

// queueOf fills in the length of the queue of a listener and how many wait in
// it: for a listening socket tcp_info carries both (tcp(7), net/ipv4/tcp.c).
func queueOf(fd uintptr, i *Info) {
	t, err := unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO)
	if err == nil {
		i.Backlog, i.Waiting = int(t.Sacked), int(t.Unacked)
	}
}
