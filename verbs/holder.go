package verbs

import (
	"errors"
	"os"
	"slices"

	"sosh/netstat"
	"sosh/primitive"
	"sosh/session"
	"sosh/sock"
)

// nameHolder adds to "address in use" who holds it: a handle of ours, or a
// process where the system tells. The socket that asked is not meant.
func nameHolder(s *session.Session, addr primitive.Addr, err error, asking ...primitive.Handle) error {
	var e *primitive.Error
	if !errors.As(err, &e) || e.Kind != primitive.InUse {
		return err
	}
	thing := "port"
	if addr.Path != "" {
		thing = "path"
	}
	if h := ourHolder(s, addr, asking); h != nil {
		return e.WithHint("%[1]s, a %[2]s of this session, holds it: close %[1]s, or take another %[3]s", h.Name(), h.Type(), thing)
	}
	for _, proto := range protosOf(addr) {
		if pid, program, ok := netstat.Holder(addr, proto); ok && pid != os.Getpid() {
			return e.WithHint("process %d (%s) holds it: end it, or take another %s", pid, primitive.Escape(program, false), thing)
		}
	}
	if addr.Path != "" {
		return err
	}
	return e.WithHint("a process of another user may hold it, or a connection that ended lately does (TIME_WAIT, about a minute); take another port")
}

// protosOf are the protocols whose sockets can have such an address.
func protosOf(addr primitive.Addr) []string {
	if addr.Path != "" {
		return []string{"unix"}
	}
	return []string{"tcp", "udp"}
}

// ourHolder is the open handle that has the port of addr, on the same host or on
// all of them.
func ourHolder(s *session.Session, addr primitive.Addr, asking []primitive.Handle) primitive.Handle {
	for _, h := range s.Handles() {
		info, ok := h.Info().(sock.Info)
		if ok && !slices.Contains(asking, h) && !h.Closed() && info.Laddr != "" && info.Raddr == "" && clash(info, addr) {
			return h
		}
	}
	return nil
}

// clash is whether a socket of ours is in the way of one that wants addr.
func clash(info sock.Info, addr primitive.Addr) bool {
	if addr.Path != "" {
		return info.Laddr == addr.String()
	}
	return info.Lport == addr.Port && (info.Lhost == addr.Host || everyHost(info.Lhost) || everyHost(addr.Host))
}

func everyHost(host string) bool { return host == "0.0.0.0" || host == "::" }
