package netstat

import (
	"context"
	"strings"

	"sosh/primitive"
)

// A Socket is one line of the system's tables of sockets.
type Socket struct {
	Proto   string         // tcp, udp, unix-stream, unix-dgram, unix-seqpacket
	State   string         // of TCP as RFC 9293 has them: LISTEN, ESTABLISHED, TIME-WAIT …; else bound, connected, listening
	Local   primitive.Addr // zero when it has none
	Peer    primitive.Addr // zero when it has none; of Unix sockets it is not told
	RecvQ   int            // bytes received and not taken; of a listener, connections that wait
	SendQ   int            // bytes sent and not acknowledged
	PID     int            // a process that holds it; 0 when none does or the system does not tell
	Program string         // its name
	inode   string
}

// Listens is whether the socket waits for clients or datagrams of anybody.
func (s Socket) Listens() bool {
	return s.State == "LISTEN" || s.State == "listening" || s.State == "bound"
}

// Sockets lists the sockets of protocols "tcp", "udp", "unix". Who holds them is
// told of one's own processes, of all others only to root. Unsupported anywhere
// but on Linux.
func Sockets(ctx context.Context, protos ...string) ([]Socket, error) {
	var all []Socket
	for _, p := range protos {
		list, err := table(p)
		if err != nil {
			return nil, fault(err, p)
		}
		all = append(all, list...)
	}
	return all, nameOwners(ctx, all)
}

// Holder is the process that holds a local address: it listens there ("tcp"), is
// bound to it ("udp"), or has that path ("unix"). A holder of all addresses holds
// each. ok is false when nobody does or the system does not tell.
func Holder(addr primitive.Addr, proto string) (pid int, program string, ok bool) {
	list, err := table(proto)
	if err != nil {
		return 0, "", false
	}
	var holders []Socket
	for _, s := range list {
		if s.Listens() && s.holds(addr) || proto == "unix" && s.Local.Path == addr.Path {
			holders = append(holders, s)
		}
	}
	if nameOwners(context.Background(), holders) != nil {
		return 0, "", false
	}
	for _, s := range holders {
		if s.PID != 0 {
			return s.PID, s.Program, true
		}
	}
	return 0, "", false
}

// holds is whether a socket that waits at its address is in the way of one that
// wants addr.
func (s Socket) holds(addr primitive.Addr) bool {
	everywhere := func(host string) bool { return host == "0.0.0.0" || host == "::" || host == "" }
	return addr.Path == "" && s.Local.Port == addr.Port && (s.Local.Host == addr.Host || everywhere(s.Local.Host) || everywhere(addr.Host) || !isIP(addr.Host))
}

// isIP is whether a host is an address; a name may be any.
func isIP(host string) bool {
	return strings.Contains(host, ":") || host != "" && strings.Trim(host, "0123456789.") == ""
}
