package sock

import (
	"encoding/hex"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"sosh/primitive"
)

// Holder is the process that holds a local port: it listens there (network
// "tcp") or is bound to it ("udp"). A holder of all addresses holds each. ok is
// false when nobody does or the system does not tell, which it does only about
// one's own processes unless root (proc(5): /proc/net/tcp, /proc/PID/fd).
func Holder(addr primitive.Addr, network string) (pid int, program string, ok bool) {
	inodes := append(inodesIn("/proc/net/"+network, addr, network), inodesIn("/proc/net/"+network+"6", addr, network)...)
	if len(inodes) == 0 {
		return 0, "", false
	}
	dirs, _ := filepath.Glob("/proc/[0-9]*") // the pattern is well formed
	for _, dir := range dirs {
		if n, err := strconv.Atoi(filepath.Base(dir)); err == nil && holds(dir, inodes) {
			name, _ := os.ReadFile(dir + "/comm") // without it the pid is enough
			return n, strings.TrimSpace(string(name)), true
		}
	}
	return 0, "", false
}

// holds is whether one of the process's descriptors is one of the sockets.
func holds(dir string, inodes []string) bool {
	entries, err := os.ReadDir(dir + "/fd")
	if err != nil {
		return false // another user's process, or it has ended
	}
	for _, e := range entries {
		link, _ := os.Readlink(dir + "/fd/" + e.Name()) // may be closed by now
		if slices.Contains(inodes, link) {
			return true
		}
	}
	return false
}

// inodesIn gives the sockets of one table that hold the address, in the form of
// the links of /proc/PID/fd.
func inodesIn(file string, addr primitive.Addr, network string) []string {
	table, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	var out []string
	for line := range strings.Lines(string(table)) {
		f := strings.Fields(line)
		if len(f) < 10 || (network == "tcp" && f[3] != "0A") { // 0A is TCP_LISTEN
			continue
		}
		if at, ok := procAddr(f[1]); ok && int(at.Port()) == addr.Port && covers(at.Addr(), addr.Host) {
			out = append(out, "socket:["+f[9]+"]")
		}
	}
	return out
}

// covers is whether a socket bound to ip is in the way of one bound to host.
func covers(ip netip.Addr, host string) bool {
	want, err := netip.ParseAddr(host)
	return err != nil || ip.IsUnspecified() || want.IsUnspecified() || ip == want.Unmap()
}

// procAddr reads "0100007F:1F90": 32-bit words in the machine's byte order,
// then the port. The machine is little-endian wherever Go's Linux ports are
// common; elsewhere the holder is simply not found.
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
