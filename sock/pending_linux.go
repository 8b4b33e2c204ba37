package sock

import (
	"bufio"
	"encoding/hex"
	"io"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"sosh/primitive"
)

// events asks poll(2), without waiting, what a descriptor is ready for.
func events(fd uintptr) (int16, error) {
	list := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN | unix.POLLRDHUP}}
	_, err := retry(func() (int, error) { return unix.Poll(list, 0) })
	return list[0].Revents, os.NewSyscallError("poll", err)
}

// streamQueue never asks SO_ERROR, nor looks with MSG_PEEK: both would take the
// error from whoever reads next.
func streamQueue(fd uintptr) (q queue, err error) {
	ready, err := events(fd)
	if err != nil {
		return q, err
	}
	q.failed = ready&unix.POLLERR != 0
	q.ended = ready&(unix.POLLRDHUP|unix.POLLHUP) != 0
	n, err := unix.IoctlGetInt(int(fd), unix.TIOCINQ)
	if q.count = int64(n); err != nil && ready&unix.POLLIN != 0 && !q.ended {
		q.count = 1 // of a family that does not count
	}
	return q, nil
}

// Most datagrams of one queue that are counted.
const maxCounted = 1 << 16

// datagramQueue counts by looking at one after another: SO_PEEK_OFF (socket(7))
// makes MSG_PEEK go on behind what it has shown. Who receives is not affected.
func datagramQueue(fd uintptr) (q queue, err error) {
	ready, err := events(fd)
	if q.failed = ready&unix.POLLERR != 0; err != nil || q.failed {
		return q, err // a look would take the error from whoever receives next
	}
	q.dropped = dropped(int(fd))
	if ready&unix.POLLIN == 0 {
		return q, nil
	}
	if unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_PEEK_OFF, 0) == nil {
		q.count = countDatagrams(int(fd))
		err = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_PEEK_OFF, -1)
	}
	q.count = max(q.count, 1) // an empty one is shown only once
	return q, os.NewSyscallError("setsockopt", err)
}

func countDatagrams(fd int) (n int64) {
	buf := scratch.Get().(*[chunk]byte)
	defer scratch.Put(buf)
	for ; n < maxCounted; n++ {
		_, _, err := unix.Recvfrom(fd, buf[:], unix.MSG_PEEK|unix.MSG_DONTWAIT)
		if err != nil {
			break
		}
	}
	return n
}

// dropped is SK_MEMINFO_DROPS of SO_MEMINFO, the ninth of its 32-bit numbers
// (linux/sock_diag.h); that of tcp_info is its field Lost, and it is the one
// plain structure that is long enough.
func dropped(fd int) int64 {
	m, err := unix.GetsockoptTCPInfo(fd, unix.SOL_SOCKET, unix.SO_MEMINFO)
	if err != nil {
		return 0 // before Linux 4.12
	}
	return int64(m.Lost)
}

// listenQueue is the kernel's own number for TCP, else whether any waits.
func listenQueue(fd uintptr) (q queue, err error) {
	var i Info
	if queueOf(fd, &i); i.Waiting > 0 {
		q.count = int64(i.Waiting)
		return q, nil
	}
	ready, err := events(fd)
	if ready&unix.POLLIN != 0 {
		q.count = 1
	}
	return q, err
}

// Most of a table of the kernel's that is read.
const maxTable = 4 << 20

// waitingFrom finds a connection to the address that no process has taken yet: it
// has no inode (proc(5): /proc/net/tcp).
func waitingFrom(addr primitive.Addr) string {
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		file, err := os.Open(table)
		if err != nil {
			continue
		}
		from := waitingIn(io.LimitReader(file, maxTable), addr)
		file.Close()
		if from != "" {
			return from
		}
	}
	return ""
}

func waitingIn(table io.Reader, addr primitive.Addr) string {
	for lines := bufio.NewScanner(table); lines.Scan(); {
		f := strings.Fields(lines.Text())
		if len(f) < 10 || f[9] != "0" || f[3] != "01" && f[3] != "08" { // TCP_ESTABLISHED, TCP_CLOSE_WAIT
			continue
		}
		at, ok := procAddr(f[1])
		if peer, known := procAddr(f[2]); ok && known && int(at.Port()) == addr.Port && (at.Addr().String() == addr.Host || listensEverywhere(addr)) {
			return peer.String()
		}
	}
	return ""
}

func listensEverywhere(addr primitive.Addr) bool { return addr.Host == "0.0.0.0" || addr.Host == "::" }

// procAddr reads "0100007F:1F90": 32-bit words in the machine's byte order, then
// the port. The machine is little-endian wherever Go's Linux ports are common;
// elsewhere nobody is found.
func procAddr(text string) (netip.AddrPort, bool) {
	host, port, _ := strings.Cut(text, ":")
	raw, err := hex.DecodeString(host)
	n, perr := strconv.ParseUint(port, 16, 16)
	if err != nil || perr != nil || len(raw)%4 != 0 {
		return netip.AddrPort{}, false
	}
	for i := 0; i < len(raw); i += 4 {
		slices.Reverse(raw[i : i+4])
	}
	ip, ok := netip.AddrFromSlice(raw)
	return netip.AddrPortFrom(ip.Unmap(), uint16(n)), ok
}
