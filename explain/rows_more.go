package explain

import (
	"net/netip"
	"strings"

	"sosh/primitive"
	"sosh/probe"
	"sosh/sock"
)

// Ports of a scan that a program is written for.
const scanned = 8

// scan writes the probes of the first ports; the program itself makes many at
// once.
func scan(c Command) []Step {
	targets, _ := c.Args.Value("targets").(primitive.Phrase)
	asked, _ := c.Args.Value("ports").(primitive.Phrase)
	host, _, _ := strings.Cut(string(targets), ",")
	ports, _ := probe.ParsePorts(string(asked), c.on("udp")) // what is wrong the command itself says
	var steps []Step
	for i, port := range ports {
		if i == scanned {
			steps = append(steps, Step{Op: Word, Name: "and so on, for each port"})
			break
		}
		a := primitive.Addr{Host: host, Port: int(port)}
		if c.on("udp") {
			steps = append(steps, dgram(a), Step{Op: Probe, Addr: a}, Step{Op: Close})
			continue
		}
		// an open port is left with a reset: nothing stays behind in TIME-WAIT
		steps = append(steps, stream(a, ""), Step{Op: Probe, Addr: a}, Step{Op: SetOption, Name: "linger", N: 0}, Step{Op: Close})
	}
	return steps
}

// broadcast is what the short forms set on UDP sockets, as Go does.
func broadcast(a primitive.Addr) []Step {
	if a.Path != "" {
		return nil
	}
	return []Step{{Op: SetOption, Name: "broadcast", N: 1, Family: familyFor(a, "")}}
}

func udpBind(c Command) []Step {
	a := c.addr("addr")
	steps := append([]Step{dgram(a)}, v6only(a, c.on("dual"))...)
	return append(append(steps, broadcast(a)...), Step{Op: Bind, Addr: a})
}

func udpConnected(a primitive.Addr) []Step {
	return append(append([]Step{dgram(a)}, broadcast(a)...), Step{Op: Connect, Addr: a})
}

func sendTo(c Command) Step { return Step{Op: SendTo, Addr: c.addr("addr"), Data: c.bytes("data")} }

// udpSendto takes the current socket where there is one of that family.
func udpSendto(c Command) []Step {
	a := c.addr("addr")
	if u, _ := c.Args.Value("datagram").(*sock.Datagram); u != nil && u.Family() == familyFor(a, "") && !u.Connected() {
		return c.with("datagram", sendTo(c))
	}
	return []Step{dgram(a), sendTo(c)}
}

func udpCheck(c Command) []Step {
	a := c.addr("addr")
	return append(append([]Step{dgram(a)}, c.patience()...), Step{Op: Connect, Addr: a}, Step{Op: Send, Data: []byte("\r\n")}, Step{Op: Recv, N: 2048}, Step{Op: Close})
}

func unixConnect(c Command) []Step {
	a, local := primitive.Addr{Path: c.text("path")}, primitive.Addr{Path: c.text("laddr")}
	if !c.on("datagram") {
		return append([]Step{stream(a, "")}, Step{Op: Connect, Addr: a})
	}
	steps := []Step{dgram(a)}
	if local.Path != "" {
		steps = append(steps, Step{Op: Bind, Addr: local})
	}
	return append(steps, Step{Op: Connect, Addr: a})
}

func unixListen(c Command) []Step {
	a := primitive.Addr{Path: c.text("path")}
	if c.on("datagram") {
		return []Step{dgram(a), {Op: Bind, Addr: a}}
	}
	return listening(a, c.number("backlog"), false)
}

// serve listens; what follows is for each client.
func serve(c Command) []Step {
	h, _ := c.Args.Value("handler").(primitive.Handler)
	each := []Step{
		{Op: Word, Name: "then, for each client, in a task (a thread) of its own:"},
		{Op: Accept}, {Op: Recv, N: 32 << 10},
	}
	if h.Service == "reply" {
		each = append(each[:2], Step{Op: Send, Data: []byte("the text\n")}, Step{Op: Shutdown, Name: "SHUT_WR"})
	}
	return append(listening(c.addr("addr"), c.number("backlog"), false), after(append(each, Step{Op: Close}))...)
}

// after marks steps that come later than the command is over: for the programs.
func after(steps []Step) []Step { return before(steps) }

func isIPv6(host string) bool {
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Is6() && !ip.Is4In6()
}

// isName is whether a host must be looked up.
func isName(host string) bool {
	_, err := netip.ParseAddr(host)
	return err != nil && host != ""
}
