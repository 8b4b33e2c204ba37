package explain

import (
	"strings"
	"time"

	"sosh/primitive"
	"sosh/sock"
)

// A Command is a command with its arguments, as the table asks for them.
type Command struct {
	Row  *primitive.Row
	Args *primitive.Args
}

// handles are those that the command is given.
func (c Command) handles() (list []primitive.Handle) {
	for _, g := range c.Args.Given() {
		if h, ok := g.Value.(primitive.Handle); ok {
			list = append(list, h)
		}
	}
	return list
}

func (c Command) addr(name string) primitive.Addr {
	a, _ := c.Args.Value(name).(primitive.Addr)
	return a
}

func (c Command) number(name string) int {
	switch v := c.Args.Value(name).(type) {
	case int:
		return v
	case primitive.Size:
		return int(v)
	}
	return 0
}

func (c Command) text(name string) string {
	switch v := c.Args.Value(name).(type) {
	case string:
		return v
	case primitive.Path:
		return string(v)
	case primitive.Setting:
		return string(v)
	case primitive.Phrase:
		return string(v)
	}
	return ""
}

func (c Command) on(name string) bool { return c.Args.Value(name) == true }

func (c Command) bytes(name string) []byte {
	b, _ := c.Args.Value(name).(primitive.Bytes)
	return b
}

// with are the steps of the handle that the command is about, and those behind.
func (c Command) with(name string, steps ...Step) []Step {
	h, _ := c.Args.Value(name).(primitive.Handle)
	if h == nil {
		return steps
	}
	return append(append(Of(h), c.patience()...), steps...)
}

// patience is the --timeout of a command.
func (c Command) patience() []Step {
	if d, _ := c.Args.Value("timeout").(time.Duration); d > 0 {
		return []Step{{Op: Timeout, For: d}}
	}
	return nil
}

// table says what each network command does. A row of a new family is a line
// here: its steps; one of a protocol above sockets is in above.
func table() map[string]func(Command) []Step {
	return map[string]func(Command) []Step{
		"tcp connect":    tcpConnect,
		"tcp listen":     listen,
		"listen":         listen,
		"accept":         func(c Command) []Step { return c.with("listener", Step{Op: Accept}) },
		"tcp check":      func(c Command) []Step { return check(c, c.addr("addr")) },
		"banner":         banner,
		"scan":           scan,
		"send":           send,
		"recv":           recv,
		"lines":          func(c Command) []Step { return c.with("stream", Step{Op: RecvUntil, Data: []byte("\n")}) },
		"peek":           func(c Command) []Step { return c.with("stream", Step{Op: Peek, N: c.number("max")}) },
		"expect":         expect,
		"shutdown":       func(c Command) []Step { return c.with("stream", shutdown(c.text("how"))...) },
		"close":          func(c Command) []Step { return c.with("handle", Step{Op: Close}) },
		"opt":            option,
		"udp bind":       udpBind,
		"udp connect":    func(c Command) []Step { return udpConnected(c.addr("addr")) },
		"udp sendto":     udpSendto,
		"sendto":         func(c Command) []Step { return c.with("datagram", sendTo(c)) },
		"recvfrom":       func(c Command) []Step { return c.with("datagram", Step{Op: RecvFrom, N: c.number("max")}) },
		"udp check":      udpCheck,
		"unix connect":   unixConnect,
		"unix listen":    unixListen,
		"serve":          serve,
		"socket open":    func(c Command) []Step { return []Step{opened(c)} },
		"socket bind":    func(c Command) []Step { return c.with("socket", Step{Op: Bind, Addr: c.addr("addr")}) },
		"socket listen":  func(c Command) []Step { return c.with("socket", Step{Op: Listen, N: c.number("backlog")}) },
		"socket accept":  func(c Command) []Step { return c.with("socket", Step{Op: Accept}) },
		"socket connect": func(c Command) []Step { return c.with("socket", Step{Op: Connect, Addr: c.addr("addr")}) },
	}
}

// above are the commands of protocols above sockets. What they do is told in
// words of the protocol: without --dry-run the calls are those really made.
func above() map[string]func(Command) []Step {
	return map[string]func(Command) []Step{
		"http get":     func(c Command) []Step { return httpSteps(c, "GET") },
		"http head":    func(c Command) []Step { return httpSteps(c, "HEAD") },
		"http post":    func(c Command) []Step { return httpSteps(c, "POST") },
		"http request": func(c Command) []Step { return httpSteps(c, strings.ToUpper(c.text("method"))) },
		"ws connect":   func(c Command) []Step { return wsSteps(c, c.text("url")) },
		"ws send":      func(c Command) []Step { return wsSteps(c, c.socketURL()) },
		"ws recv":      func(c Command) []Step { return wsSteps(c, c.socketURL()) },
		"ws ping":      func(c Command) []Step { return wsSteps(c, c.socketURL()) },
		"smtp send":    smtpSend,
		"smtp check":   smtpCheck,
		"ftp list":     ftpList,
		"ftp get":      ftpGet,
		"ftp put":      ftpPut,
		"dns lookup":   dnsLookup,
		"dns query":    dnsQuery,
		"dns reverse":  dnsReverse,
		"dns trace":    dnsTrace,
		"ping":         pingSteps,
		"trace":        traceSteps,
		"probe":        probeSteps,
		"tls connect":  tlsConnect,
		"tls info":     tlsInfo,
		"script run":   scriptRun,
		"bench":        benchSteps,
		"tcp load":     loadSteps,
	}
}

// Local are the commands that explain has nothing to tell of: they use no socket
// of their own. A test holds that every other row is in the table.
func Local() string {
	return `handles info use tasks kill wait sleep on waitfor every explain diagram ask
		ip net hexdump`
}

// alone are rows of network families that use no socket.
func alone(row string) bool { return row == "tls certificate" || row == "script list" }

// Find are the steps of a command; ok is false for one that is no network
// command.
func Find(c Command) (steps []Step, ok bool) {
	if of := table()[c.Row.Name]; of != nil {
		return of(c), true
	}
	if of := above()[c.Row.Name]; of != nil {
		return of(c), true
	}
	return nil, false
}

// Explains is whether a row has an explanation.
func Explains(row *primitive.Row) bool { return table()[row.Name] != nil || above()[row.Name] != nil }

// Known is whether a row has an explanation, or needs none.
func Known(row *primitive.Row) bool {
	if Explains(row) || alone(row.Name) {
		return true
	}
	for name := range strings.FieldsSeq(Local()) {
		if name == row.Name || name == row.Family() {
			return true
		}
	}
	return false
}

func tcpConnect(c Command) []Step {
	a, family := c.addr("addr"), sock.Family(c.text("family"))
	steps := connected(a, family)
	last := len(steps) - 1
	middle := c.patience()
	if local, err := primitive.ParseAddr(c.text("laddr"), true); err == nil && c.text("laddr") != "" {
		middle = append(middle, Step{Op: Bind, Addr: local})
	}
	return append(append(steps[:last:last], middle...), steps[last])
}

func listen(c Command) []Step { return listening(c.addr("addr"), c.number("backlog"), c.on("dual")) }

func check(c Command, a primitive.Addr) []Step {
	return append(append([]Step{stream(a, sock.Family(c.text("family")))}, c.patience()...), Step{Op: Probe, Addr: a}, Step{Op: Close})
}

func banner(c Command) []Step {
	a := c.addr("addr")
	steps := append([]Step{stream(a, sock.Family(c.text("family")))}, c.patience()...)
	return append(steps, Step{Op: Connect, Addr: a}, Step{Op: Recv, N: c.number("max")}, Step{Op: Close})
}

func send(c Command) []Step {
	s := Step{Op: Send, Data: append([]byte(nil), c.bytes("data")...)}
	switch {
	case c.on("crlf"):
		s.Data = append(s.Data, "\r\n"...)
	case c.on("line"):
		s.Data = append(s.Data, '\n')
	}
	if c.on("once") {
		s.Op = SendOnce
	}
	return c.with("connection", s)
}

func recv(c Command) []Step {
	s := Step{Op: Recv, N: c.number("max")}
	switch {
	case c.number("exact") > 0:
		s = Step{Op: RecvExact, N: c.number("exact")}
	case c.on("line"):
		s = Step{Op: RecvUntil, Data: []byte("\n")}
	case len(c.bytes("delim")) > 0:
		s = Step{Op: RecvUntil, Data: c.bytes("delim")}
	case c.text("regex") != "":
		s = Step{Op: RecvMatch, Name: c.text("regex")}
	case c.on("all"):
		s = Step{Op: RecvAll}
	}
	return c.with("connection", s)
}

func expect(c Command) []Step {
	s := Step{Op: RecvUntil, Data: c.bytes("text")}
	if c.on("regex") {
		s = Step{Op: RecvMatch, Name: string(c.bytes("text"))}
	}
	return c.with("stream", s)
}

// shutdown ends both directions one after the other, as the command does.
func shutdown(how string) []Step {
	switch how {
	case "read":
		return []Step{{Op: Shutdown, Name: "SHUT_RD"}}
	case "write":
		return []Step{{Op: Shutdown, Name: "SHUT_WR"}}
	}
	return []Step{{Op: Shutdown, Name: "SHUT_RD"}, {Op: Shutdown, Name: "SHUT_WR"}}
}

func option(c Command) []Step {
	h, _ := c.Args.Value("handle").(primitive.Handle)
	if h == nil {
		return nil
	}
	info, _ := sock.RoleOf(h).Info().(sock.Info)
	family := sock.Family(info.Family)
	switch {
	case c.text("option") == "":
		return c.with("handle", Step{Op: Word, Name: "one getsockopt for each option"})
	case c.text("value") == "":
		return c.with("handle", Step{Op: GetOption, Name: c.text("option"), Family: family})
	}
	n, err := sock.OptionValue(c.text("option"), c.text("value"))
	if err != nil {
		return c.with("handle", Step{Op: Word, Name: "a multicast group: setsockopt with struct ip_mreq or ipv6_mreq"})
	}
	return c.with("handle", Step{Op: SetOption, Name: c.text("option"), N: n, Family: family})
}

func opened(c Command) Step {
	return Step{Op: Open, Family: sock.Family(c.text("family")), Type: sock.Type(c.text("type"))}
}
