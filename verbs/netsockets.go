package verbs

import (
	"context"
	"os"

	"sosh/netstat"
	"sosh/primitive"
	"sosh/session"
	"sosh/sock"
)

type netSocketsArgs struct {
	Listening bool     `help:"only those that wait for clients or datagrams"`
	Port      int      `default:"0" min:"0" max:"65535" help:"only those of this port, on either side"`
	Proto     []string `default:"tcp,udp" enum:"tcp,udp,unix" help:"protocols to list: tcp, udp, unix"`
}

// A socketRow is one line of `net sockets`.
type socketRow struct {
	Proto   string `help:"tcp, udp, unix-stream, unix-dgram"`
	State   string `help:"LISTEN, ESTABLISHED, TIME-WAIT …; bound, connected"`
	Laddr   string `help:"its own address" volatile:""`
	Raddr   string `help:"the other side's address" volatile:""`
	RecvQ   int    `help:"bytes received and not taken; connections that wait"`
	SendQ   int    `help:"bytes sent and not acknowledged"`
	Pid     int    `help:"a process that holds it; 0 where the system does not say" volatile:""`
	Program string `help:"its name"`
	Handle  string `help:"its name in this session" volatile:""`
}

func netSockets(ctx context.Context, s *session.Session, a netSocketsArgs) ([]socketRow, error) {
	list, err := netstat.Sockets(ctx, a.Proto...)
	if err != nil {
		return nil, err
	}
	ours := ourSockets(s)
	var rows []socketRow
	for _, k := range list {
		if a.Listening && !k.Listens() || a.Port != 0 && k.Local.Port != a.Port && k.Peer.Port != a.Port {
			continue
		}
		row := socketRow{k.Proto, k.State, oneWord(k.Local), oneWord(k.Peer), k.RecvQ, k.SendQ, k.PID, k.Program, ""}
		if k.PID == os.Getpid() {
			row.Handle = ours[row.Laddr+" "+row.Raddr]
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// oneWord is an address, or nothing.
func oneWord(a primitive.Addr) string {
	if a == (primitive.Addr{}) {
		return ""
	}
	return a.String()
}

// ourSockets are the names of this session's handles by their two addresses.
func ourSockets(s *session.Session) map[string]string {
	names := map[string]string{}
	for _, h := range s.Handles() {
		if info, ok := h.Info().(sock.Info); ok && !h.Closed() {
			names[info.Laddr+" "+info.Raddr] = h.Name()
		}
	}
	return names
}
