package explain

import (
	"fmt"
	"strconv"
	"strings"

	"sosh/primitive"
	"sosh/sock"
)

// Most bytes of data that a program carries.
const maxData = 4096

// A writer writes a program of steps.
type writer struct {
	b   strings.Builder
	v   string // the socket at hand
	n   int    // sockets accepted, addresses made
	typ sock.Type
	has map[string]bool // helpers that are needed
}

func (w *writer) line(format string, args ...any) { fmt.Fprintf(&w.b, format+"\n", args...) }

// Python is a program that does the steps.
func Python(steps []Step) string {
	w := &writer{v: "s", has: map[string]bool{}}
	for _, s := range steps {
		if s.Op == Library {
			return s.Name
		}
		w.python(s)
	}
	head := "import socket\n"
	if w.has["re"] {
		head = "import re\n" + head
	}
	if w.has["struct"] {
		head += "import struct\n"
	}
	return head + "\n" + w.b.String()
}

func (w *writer) python(s Step) {
	switch s.Op {
	case Open:
		w.v = "s"
		w.line("s = socket.socket(socket.%s, socket.%s)", familyName(s.Family), typeName(s.Type))
	case SetOption, GetOption:
		w.pythonOption(s)
	case Timeout:
		w.line("%s.settimeout(%s)", w.v, strconv.FormatFloat(s.For.Seconds(), 'g', -1, 64))
	case Bind:
		w.line("%s.bind(%s)", w.v, pythonAddr(s.Addr))
	case Listen:
		w.line("%s.listen(%d)", w.v, s.N)
	case Accept:
		w.line("c, peer = s.accept()")
		w.line("print(\"connected to\", peer)")
		w.v = "c"
	case Connect:
		w.line("%s.connect(%s)", w.v, pythonAddr(s.Addr))
	case Probe:
		w.line("print(%d, \"open\" if %s.connect_ex(%s) == 0 else \"not open\")", s.Addr.Port, w.v, pythonAddr(s.Addr))
	case Send:
		w.line("%s.sendall(%s)", w.v, pythonBytes(s.Data))
	case SendOnce:
		w.line("print(%s.send(%s), \"bytes taken\")", w.v, pythonBytes(s.Data))
	case SendTo:
		w.line("%s.sendto(%s, %s)", w.v, pythonBytes(s.Data), pythonAddr(s.Addr))
	case Shutdown:
		w.line("%s.shutdown(socket.%s)", w.v, s.Name)
	case Close:
		w.line("%s.close()", w.v)
	case Word:
		w.line("# %s", s.Name)
	case Code:
	default:
		w.pythonRecv(s)
	}
}

// pythonRecv is everything that receives.
func (w *writer) pythonRecv(s Step) {
	more := func(while, want string) {
		w.line("data = b\"\"")
		w.line("while %s:", while)
		w.line("    piece = %s.recv(%s)", w.v, want)
		w.line("    if not piece:")
		w.line("        raise EOFError(\"the peer ended its side\")")
		w.line("    data += piece")
	}
	switch s.Op {
	case Recv:
		w.line("data = %s.recv(%d)", w.v, bounded(s.N))
	case Peek:
		w.line("data = %s.recv(%d, socket.MSG_PEEK)", w.v, bounded(s.N))
	case RecvFrom:
		w.line("data, peer = %s.recvfrom(%d)", w.v, bounded(s.N))
		w.line("print(data, peer)")
		return
	case RecvExact:
		more(fmt.Sprintf("len(data) < %d", s.N), fmt.Sprintf("%d - len(data)", s.N))
	case RecvUntil:
		more(pythonBytes(s.Data)+" not in data", "65536")
	case RecvMatch:
		w.has["re"] = true
		more("not re.search("+pythonBytes([]byte(s.Name))+", data)", "65536")
	case RecvAll:
		w.line("data = b\"\"")
		w.line("while piece := %s.recv(65536):", w.v)
		w.line("    data += piece")
	}
	w.line("print(data)")
}

func (w *writer) pythonOption(s Step) {
	level, name := sock.OptionConstant(s.Name, s.Family)
	level = strings.Replace(level, "SOL_TCP", "IPPROTO_TCP", 1)
	level = strings.Replace(strings.Replace(level, "SOL_IPV6", "IPPROTO_IPV6", 1), "SOL_IP", "IPPROTO_IP", 1)
	switch {
	case s.Op == GetOption && s.Name == "linger":
		w.has["struct"] = true
		w.line("print(struct.unpack(\"ii\", %s.getsockopt(socket.%s, socket.%s, 8)))", w.v, level, name)
	case s.Op == GetOption:
		w.line("print(%s.getsockopt(socket.%s, socket.%s))", w.v, level, name)
	case s.Name == "linger":
		w.has["struct"] = true
		w.line("%s.setsockopt(socket.%s, socket.%s, struct.pack(\"ii\", %d, %d))", w.v, level, name, flag(s.N >= 0), max(s.N, 0))
	default:
		w.line("%s.setsockopt(socket.%s, socket.%s, %d)", w.v, level, name, s.N)
	}
}

func flag(on bool) int {
	if on {
		return 1
	}
	return 0
}

func bounded(n int) int {
	if n <= 0 {
		return 65536
	}
	return min(n, 65536)
}

func pythonAddr(a primitive.Addr) string {
	if a.Path != "" {
		path := a.Path
		if path[0] == '@' {
			path = "\x00" + path[1:]
		}
		return pythonBytes([]byte(path))
	}
	return fmt.Sprintf("(%s, %d)", pythonText(hostOr(a.Host)), a.Port)
}

// pythonBytes is a bytes literal.
func pythonBytes(data []byte) string { return "b" + pythonQuoted(clipped(data), false) }

// pythonText is a str literal of a host.
func pythonText(s string) string {
	return pythonQuoted([]byte(strings.ToValidUTF8(s, "\ufffd")), true)
}

func pythonQuoted(data []byte, text bool) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range data {
		switch {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\r':
			b.WriteString(`\r`)
		case c == '\t':
			b.WriteString(`\t`)
		case c < 0x20 || c == 0x7f || c > 0x7f && !text:
			fmt.Fprintf(&b, `\x%02x`, c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// clipped bounds what a program carries.
func clipped(data []byte) []byte { return data[:min(len(data), maxData)] }

func familyName(f sock.Family) string {
	return map[sock.Family]string{sock.Inet: "AF_INET", sock.Inet6: "AF_INET6", sock.Unix: "AF_UNIX", sock.Vsock: "AF_VSOCK", sock.Bluetooth: "AF_BLUETOOTH"}[f]
}

func typeName(t sock.Type) string {
	if t == sock.DgramType {
		return "SOCK_DGRAM"
	}
	return "SOCK_STREAM"
}
