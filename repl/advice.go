package repl

import (
	"fmt"
	"time"

	"sosh/primitive"
)

// How long a command at the prompt blocks before the advice comes.
const adviceAfter = time.Second

// advise tells a person who waits, once for each way of waiting, what may be
// typed to go on. The returned function ends the waiting.
func (sh *Shell) advise(row *primitive.Row, args *primitive.Args, f frame) (stop func()) {
	group := waitingFor(row)
	if !f.prompt || f.quiet || f.task || group == "" {
		return func() {}
	}
	if _, given := sh.advised.Load(group); given {
		return func() {}
	}
	h := args.Receiver()
	timer := time.AfterFunc(adviceAfter, func() {
		if _, given := sh.advised.Swap(group, true); !given {
			sh.say("%s", sh.advice(group, h))
		}
	})
	return func() { timer.Stop() }
}

// waitingFor is what a row waits for when it blocks; "" for nothing that a
// person could bring about.
func waitingFor(row *primitive.Row) string {
	switch row.Name {
	case "accept", "socket accept":
		return "client"
	case "recvfrom":
		return "datagram"
	case "recv", "expect", "lines", "peek":
		return "data"
	}
	return ""
}

func (sh *Shell) advice(group string, h primitive.Handle) string {
	switch {
	case group == "client":
		return "waiting for a client (Ctrl-C ends it); in this shell: tcp connect first, then accept"
	case group == "datagram":
		return fmt.Sprintf("waiting for a datagram on %s (Ctrl-C ends it); in this shell: udp sendto first, then recvfrom; or bound it: --timeout 2s",
			infoOf(h, "laddr"))
	}
	if other := sh.otherEnd(h); other != nil {
		return fmt.Sprintf("waiting for data (Ctrl-C ends it); the other end is %[1]s: first send %[1]s TEXT, then this", other.Name())
	}
	return "waiting for data (Ctrl-C ends it): the peer has sent nothing yet, or not all that was asked for; to bound the wait: --timeout 2s"
}

// otherEnd is the handle of this session that a connection leads to, or nil.
func (sh *Shell) otherEnd(h primitive.Handle) primitive.Handle {
	laddr, raddr := infoOf(h, "laddr"), infoOf(h, "raddr")
	if laddr == "" || raddr == "" {
		return nil
	}
	for _, other := range sh.session.Handles() {
		if other != h && !other.Closed() && infoOf(other, "laddr") == raddr && infoOf(other, "raddr") == laddr {
			return other
		}
	}
	return nil
}
