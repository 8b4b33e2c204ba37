package netstat

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"sosh/primitive"
)

// table reads a protocol's sockets (proc(5)): IPv4 and IPv6 stand in files of
// their own, and without IPv6 its file is missing.
func table(proto string) ([]Socket, error) {
	if proto == "unix" {
		return rows("/proc/net/unix", unixSocket)
	}
	parse := func(line string) (Socket, bool) { return inetSocket(proto, line) }
	list, err := rows("/proc/net/"+proto, parse)
	if err != nil {
		return nil, err
	}
	six, err := rows("/proc/net/"+proto+"6", parse)
	if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	return append(list, six...), err
}

// maxSockets is how many lines of one table are read.
const maxSockets = 1 << 19

// rows parses each line behind the heading.
func rows(file string, parse func(string) (Socket, bool)) ([]Socket, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var list []Socket
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if s, ok := parse(lines.Text()); ok {
			list = append(list, s)
		}
		if len(list) > maxSockets {
			return nil, primitive.Newf(primitive.Oversized, "there are more than %d sockets", maxSockets).WithHint("!ss -s counts them")
		}
	}
	return list, lines.Err()
}

// tcpStates are the kernel's numbers (include/net/tcp_states.h).
var tcpStates = [...]string{
	1: "ESTABLISHED", 2: "SYN-SENT", 3: "SYN-RECEIVED", 4: "FIN-WAIT-1", 5: "FIN-WAIT-2", 6: "TIME-WAIT",
	7: "CLOSED", 8: "CLOSE-WAIT", 9: "LAST-ACK", 10: "LISTEN", 11: "CLOSING", 12: "SYN-RECEIVED",
}

// stateOf reads the number of a state; only TCP has all of them.
func stateOf(proto, number string) string {
	n := hexInt(number)
	switch {
	case proto == "udp" && n == 1:
		return "connected"
	case proto == "udp":
		return "bound"
	case n < len(tcpStates):
		return tcpStates[n]
	}
	return ""
}

// inetSocket reads a line of /proc/net/tcp or udp: number, local and remote
// address, state, tx:rx queues, timer, retransmits, user, timeout, inode.
func inetSocket(proto, line string) (s Socket, ok bool) {
	f := strings.Fields(line)
	if len(f) < 10 || !strings.HasSuffix(f[0], ":") {
		return s, false
	}
	local, lok := procAddr(f[1])
	peer, pok := procAddr(f[2])
	tx, rx, _ := strings.Cut(f[4], ":")
	s = Socket{Proto: proto, State: stateOf(proto, f[3]), Local: local, Peer: peer, RecvQ: hexInt(rx), SendQ: hexInt(tx), inode: f[9]}
	if peer.Port == 0 {
		s.Peer = primitive.Addr{}
	}
	return s, lok && pok
}

func hexInt(text string) int {
	n, _ := strconv.ParseUint(text, 16, 31) // the kernel writes hexadecimal; larger numbers stop there
	return int(n)
}

// procAddr reads "0100007F:1F90": 32-bit words in the machine's byte order, then
// the port.
func procAddr(text string) (primitive.Addr, bool) {
	host, port, _ := strings.Cut(text, ":")
	raw, err := hex.DecodeString(host)
	n, perr := strconv.ParseUint(port, 16, 16)
	if err != nil || perr != nil || len(raw)%4 != 0 {
		return primitive.Addr{}, false
	}
	for i := 0; i < len(raw); i += 4 {
		binary.NativeEndian.PutUint32(raw[i:], binary.BigEndian.Uint32(raw[i:]))
	}
	ip, ok := netip.AddrFromSlice(raw)
	return primitive.Addr{Host: ip.Unmap().String(), Port: int(n)}, ok
}

// unixSocket reads a line of /proc/net/unix: number, references, protocol, flags,
// type, state, inode, path. Sockets without a name are not listed.
func unixSocket(line string) (s Socket, ok bool) {
	f := strings.SplitN(line, " ", 8)
	if len(f) < 8 || !strings.HasSuffix(f[0], ":") {
		return s, false
	}
	inode, path, ok := strings.Cut(strings.TrimLeft(strings.Join(f[6:], " "), " "), " ")
	if !ok || path == "" {
		return s, false
	}
	s = Socket{Proto: unixType(f[4]), State: "connected", Local: primitive.Addr{Path: path}, inode: inode}
	switch {
	case f[3] == "00010000": // __SO_ACCEPTCON
		s.State = "listening"
	case f[5] == "01": // SS_UNCONNECTED
		s.State = "bound"
	}
	return s, true
}

var unixTypes = [...]string{1: "unix-stream", 2: "unix-dgram", 5: "unix-seqpacket"}

func unixType(number string) string {
	if n := hexInt(number); n < len(unixTypes) {
		return unixTypes[n]
	}
	return ""
}

// nameOwners fills in who holds the sockets: the links of /proc/PID/fd lead to
// them. Processes of others cannot be looked into, and come and go meanwhile.
func nameOwners(ctx context.Context, list []Socket) error {
	wanted := map[string][]int{}
	for i, s := range list {
		if s.inode != "0" { // TIME-WAIT is nobody's
			wanted["socket:["+s.inode+"]"] = append(wanted["socket:["+s.inode+"]"], i)
		}
	}
	for _, pid := range processes() {
		if err := ctx.Err(); err != nil {
			return err
		}
		if len(wanted) == 0 {
			return nil
		}
		nameOwned(pid, list, wanted)
	}
	return nil
}

// processes are the numbers of all, the lowest first.
func processes() []int {
	dirs, _ := filepath.Glob("/proc/[0-9]*") // the pattern is well formed
	var list []int
	for _, dir := range dirs {
		if n, err := strconv.Atoi(filepath.Base(dir)); err == nil {
			list = append(list, n)
		}
	}
	slices.Sort(list)
	return list
}

// nameOwned fills in the sockets that one process holds.
func nameOwned(pid int, list []Socket, wanted map[string][]int) {
	dir := "/proc/" + strconv.Itoa(pid)
	entries, err := os.ReadDir(dir + "/fd")
	if err != nil {
		return // another user's, or it has ended
	}
	for _, e := range entries {
		link, _ := os.Readlink(dir + "/fd/" + e.Name()) // may be closed by now
		for _, i := range wanted[link] {
			if list[i].PID == 0 {
				name, _ := os.ReadFile(dir + "/comm") // without it the number is enough
				list[i].PID, list[i].Program = pid, strings.TrimSpace(string(name))
			}
		}
	}
}
