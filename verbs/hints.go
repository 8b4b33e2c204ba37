package verbs

import (
	"strings"

	"sosh/primitive"
)

// hint says what to type after a failure of a row that knew nothing better: by
// its kind, and by what was tried. The target is what it was tried on. Nothing
// for the kinds that need no advice: an interrupt, a wrong call, which has its
// own, and a failure nobody can name.
func hint(op, target string, kind primitive.Kind) string {
	name := "HANDLE"
	if target != "" && !strings.ContainsAny(target, ":/ ") {
		name = target
	}
	if text := webHint(op, kind); text != "" {
		return strings.ReplaceAll(text, "NAME", name)
	}
	if text := letterHint(op, kind); text != "" {
		return text
	}
	var text string
	switch kind {
	case primitive.Timeout:
		text = timeoutHint(op)
	case primitive.EOF:
		text = "the peer will send no more; it may still listen: send NAME TEXT, or close NAME"
	case primitive.Closed:
		text = "it was closed on this side: handles lists what is open"
	case primitive.Reset:
		text = "the peer crashed, or closed with data unread; open a new one: tcp connect HOST PORT"
	case primitive.BrokenPipe:
		text = "this side's sending was ended, or the peer is gone; open a new one: tcp connect HOST PORT"
	case primitive.Refused:
		text = "the host answered: nobody has that port there; here it would be: " + serverOf(op) + " PORT"
	case primitive.Unreachable:
		text = "there is no way to that address from here: !ip route shows the networks that are reached"
	case primitive.InUse:
		text = "another socket has that address; handles lists ours; port 0 takes a free one: " + serverOf(op) + " 0"
	case primitive.Denied:
		text = deniedHint(op)
	case primitive.NotFound:
		text = notFoundHint(op)
	case primitive.NotReady:
		text = "an earlier step is missing; its state: info NAME; the steps: help sockets"
	case primitive.Oversized:
		text = oversizedHint(op)
	case primitive.Unsupported:
		text = "what it is: info NAME; what there is: help sockets"
	case primitive.Untrusted:
		text = "what is wrong with it: tls info HOST; an authority to trust: --cacert FILE; to do without: --insecure"
	case primitive.Expectation:
		text = "what did come stays there: recv NAME; to wait longer: --timeout 30s"
	}
	return strings.ReplaceAll(text, "NAME", name)
}

// timeoutHint is by who did not act in time.
func timeoutHint(op string) string {
	switch op {
	case "script run":
		return "the script waits for something that does not come; to give it longer: --timeout 30s"
	case "tcp connect", "socket connect", "banner", "tls info", "tls connect":
		return "the host is down, a filter drops the packets, or its queue is full; to wait longer: --timeout 30s"
	case "accept", "socket accept":
		return "no client came; in this shell: tcp connect HOST PORT first, then accept"
	case "send", "sendto", "udp sendto":
		return "the peer does not read what was sent before; to wait longer: --timeout 30s"
	case "wait", "kill":
		return "it still runs: tasks lists it; kill NAME ends it"
	case "recvfrom":
		return "no datagram came; in this shell: udp sendto HOST PORT TEXT first, then recvfrom; to wait longer: --timeout 30s"
	}
	if receives(op) {
		return "the peer sent nothing, or not all that was asked for: recv NAME takes what is there; to wait longer: --timeout 30s"
	}
	return "it took longer than allowed; to give it longer: --max-time 60s"
}

// receives is whether a row takes bytes of a stream.
func receives(op string) bool { return op == "recv" || op == "lines" || op == "peek" || op == "expect" }

func deniedHint(op string) string {
	switch op {
	case "ping", "trace":
		return "to ask without that right: ping HOST --tcp 443, trace HOST --tcp 443"
	case "opt":
		return "this user may not change that, root may; what is set: opt NAME"
	case "tcp connect", "socket connect", "udp connect", "udp sendto", "sendto", "send":
		return "a firewall forbids it, or it is a broadcast address, which takes: opt NAME broadcast on"
	}
	return "the system refuses that to this user; a port from 1024 up needs no rights: " + serverOf(op) + " 8080"
}

func notFoundHint(op string) string {
	switch op {
	case "script list", "script run":
		return "built-in scripts: script list; others are files and folders"
	case "tcp connect", "socket connect", "udp connect", "udp sendto", "sendto", "socket bind", "udp bind", "listen", "tcp listen", "serve", "tcp check", "udp check", "banner", "scan", "ping", "trace", "probe", "tls info", "tls connect":
		return "is the name right? an address needs no name service: tcp connect 127.0.0.1 80"
	}
	return "handles lists what is open"
}

func oversizedHint(op string) string {
	switch op {
	case "sendto", "udp sendto", "send":
		return "a datagram holds at most 65507 bytes over IPv4; send it in parts"
	}
	return "take it in pieces: recv NAME; or allow more: --limit 64m"
}

// serverOf is the command that takes an address of the kind a row is about.
func serverOf(op string) string {
	switch {
	case strings.HasPrefix(op, "udp"), op == "sendto", op == "recvfrom":
		return "udp bind"
	}
	return "listen"
}
