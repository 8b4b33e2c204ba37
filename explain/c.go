package explain

import (
	"fmt"
	"strings"

	"sosh/primitive"
	"sosh/sock"
)

// C is a program that does the steps; it compiles with cc.
func C(steps []Step) string {
	w := &writer{v: "s", has: map[string]bool{"stdio.h": true, "stdlib.h": true, "sys/socket.h": true, "unistd.h": true}}
	opened, closed := false, false
	for _, s := range steps {
		again := opened && s.Op == Open
		opened, closed = opened || s.Op == Open, s.Op == Close
		w.c(s, again)
	}
	if opened && !closed {
		w.line("    close(%s);", w.v)
	}
	return w.cHead() + "\nint main(void) {\n" + w.b.String() + "    return 0;\n}\n"
}

// cHead are the headers and the helpers that the program needs.
func (w *writer) cHead() string {
	var b strings.Builder
	if w.has["memmem"] {
		b.WriteString("#define _GNU_SOURCE /* memmem */\n")
	}
	for _, h := range cHeaders {
		if w.has[h] {
			fmt.Fprintf(&b, "#include <%s>\n", h)
		}
	}
	if w.checks() {
		b.WriteString(cCheck)
	}
	if w.has["lookup"] {
		b.WriteString(cLookup)
	}
	for _, h := range cHelpers() {
		if w.has[h.name] {
			b.WriteString(h.text)
		}
	}
	return b.String()
}

// checks is whether anything in the program looks at how a call went.
func (w *writer) checks() bool {
	used := strings.Contains(w.b.String(), "check(")
	for _, h := range cHelpers() {
		used = used || w.has[h.name] && strings.Contains(h.text, "check(")
	}
	return used
}

const cCheck = `
/* ends the program with the reason when a call fails */
static long check(long result, const char *call) {
    if (result < 0) {
        perror(call);
        exit(1);
    }
    return result;
}
`

const cLookup = `
static struct addrinfo *lookup(const char *host, const char *port, int family, int type) {
    struct addrinfo hints = {.ai_family = family, .ai_socktype = type}, *found;
    int problem = getaddrinfo(host, port, &hints, &found);
    if (problem) {
        fprintf(stderr, "%s: %s\n", host, gai_strerror(problem));
        exit(1);
    }
    return found;
}
`

func (w *writer) c(s Step, again bool) {
	if s.Addr != (primitive.Addr{}) {
		w.cWith(s)
		return
	}
	switch s.Op {
	case Open:
		w.v, w.typ = "s", s.Type
		w.line("    %ss = check(socket(%s, %s, 0), \"socket\");", map[bool]string{false: "int "}[again], familyName(s.Family), typeName(s.Type))
	case SetOption, GetOption:
		w.cOption(s)
	case Timeout:
		w.has["sys/time.h"] = true
		w.n++
		w.line("    struct timeval patience%d = {%d, %d};", w.n, int(s.For.Seconds()), s.For.Microseconds()%1_000_000)
		w.line("    check(setsockopt(%s, SOL_SOCKET, SO_RCVTIMEO, &patience%d, sizeof patience%d), \"setsockopt\");", w.v, w.n, w.n)
		w.line("    check(setsockopt(%s, SOL_SOCKET, SO_SNDTIMEO, &patience%d, sizeof patience%d), \"setsockopt\");", w.v, w.n, w.n)
	case Listen:
		w.line("    check(listen(%s, %d), \"listen\");", w.v, s.N)
	case Accept:
		w.line("    int c = check(accept(s, NULL, NULL), \"accept\");")
		w.v = "c"
	case Send, SendOnce:
		w.cSend(s)
	case Shutdown:
		w.line("    check(shutdown(%s, %s), \"shutdown\");", w.v, s.Name)
	case Close:
		w.line("    close(%s);", w.v)
	case Word:
		w.line("    /* %s */", strings.ReplaceAll(s.Name, "*/", "* /"))
	case Code:
		w.cCode(s)
	case Library:
	default:
		w.cRecv(s)
	}
}

// cWith is a step with an address.
func (w *writer) cWith(s Step) {
	at, size := w.cAddr(s.Addr, s)
	switch s.Op {
	case Bind:
		w.line("    check(bind(%s, %s, %s), \"bind\");", w.v, at, size)
	case Connect:
		w.line("    check(connect(%s, %s, %s), \"connect\");", w.v, at, size)
	case Probe:
		w.line("    printf(\"%d %%s\\n\", connect(%s, %s, %s) == 0 ? \"open\" : \"not open\");", s.Addr.Port, w.v, at, size)
	case SendTo:
		w.line("    check(sendto(%s, %s, %d, 0, %s, %s), \"sendto\");", w.v, cString(s.Data), len(clipped(s.Data)), at, size)
	}
}

// cAddr makes an address, and says how it is handed over.
func (w *writer) cAddr(a primitive.Addr, s Step) (at, size string) {
	w.n++
	name := fmt.Sprintf("to%d", w.n)
	if s.Op == Bind {
		name = fmt.Sprintf("here%d", w.n)
	}
	switch {
	case a.Path != "":
		return w.cPath(name, a.Path)
	case isName(a.Host):
		w.has["netdb.h"], w.has["lookup"] = true, true
		w.line("    struct addrinfo *%s = lookup(%s, \"%d\", AF_INET, %s);", name, cString([]byte(a.Host)), a.Port, typeName(w.typ))
		return name + "->ai_addr", name + "->ai_addrlen"
	case isIPv6(a.Host):
		w.has["arpa/inet.h"], w.has["netinet/in.h"] = true, true
		w.line("    struct sockaddr_in6 %s = {.sin6_family = AF_INET6, .sin6_port = htons(%d)};", name, a.Port)
		w.line("    inet_pton(AF_INET6, %s, &%s.sin6_addr);", cString([]byte(a.Host)), name)
	default:
		w.has["arpa/inet.h"], w.has["netinet/in.h"] = true, true
		w.line("    struct sockaddr_in %s = {.sin_family = AF_INET, .sin_port = htons(%d)};", name, a.Port)
		w.line("    inet_pton(AF_INET, %s, &%s.sin_addr);", cString([]byte(hostOr(a.Host))), name)
	}
	return "(struct sockaddr *)&" + name, "sizeof " + name
}

// cPath is the address of a Unix socket; an abstract name begins with a zero
// byte, and its length counts.
func (w *writer) cPath(name, path string) (at, size string) {
	w.has["sys/un.h"], w.has["string.h"] = true, true
	if path[0] == '@' {
		w.line("    struct sockaddr_un %s = {.sun_family = AF_UNIX};", name)
		w.line("    memcpy(%s.sun_path, %s, %d);", name, cString([]byte("\x00"+path[1:])), len(path))
		return "(struct sockaddr *)&" + name, fmt.Sprintf("(socklen_t)(sizeof(sa_family_t) + %d)", len(path))
	}
	w.line("    struct sockaddr_un %s = {.sun_family = AF_UNIX, .sun_path = %s};", name, cString([]byte(path)))
	return "(struct sockaddr *)&" + name, "sizeof " + name
}

func (w *writer) cSend(s Step) {
	data := clipped(s.Data)
	if s.Op == SendOnce {
		w.line("    printf(\"%%ld bytes taken\\n\", check(send(%s, %s, %d, 0), \"send\"));", w.v, cString(data), len(data))
		return
	}
	w.n++
	w.line("    const char data%d[] = %s;", w.n, cString(data))
	w.line("    for (long sent = 0; sent < %d;)", len(data))
	w.line("        sent += check(send(%s, data%d + sent, %d - sent, 0), \"send\");", w.v, w.n, len(data))
}

func (w *writer) cOption(s Step) {
	level, name := sock.OptionConstant(s.Name, s.Family)
	level = strings.Replace(level, "SOL_TCP", "IPPROTO_TCP", 1)
	level = strings.Replace(strings.Replace(level, "SOL_IPV6", "IPPROTO_IPV6", 1), "SOL_IP", "IPPROTO_IP", 1)
	if strings.HasPrefix(level, "IPPROTO") {
		w.has["netinet/in.h"], w.has["netinet/tcp.h"] = true, true
	}
	w.n++
	v := fmt.Sprintf("value%d", w.n)
	switch {
	case s.Name == "linger" && s.Op == SetOption:
		w.line("    struct linger %s = {%d, %d};", v, flag(s.N >= 0), max(s.N, 0))
	case s.Name == "linger":
		w.line("    struct linger %s;", v)
	default:
		w.line("    int %s = %d;", v, s.N)
	}
	if s.Op == SetOption {
		w.line("    check(setsockopt(%s, %s, %s, &%s, sizeof %s), \"setsockopt\");", w.v, level, name, v, v)
		return
	}
	w.line("    socklen_t size%d = sizeof %s;", w.n, v)
	w.line("    check(getsockopt(%s, %s, %s, &%s, &size%d), \"getsockopt\");", w.v, level, name, v, w.n)
	if s.Name == "linger" {
		v += ".l_linger"
	}
	w.line("    printf(\"%%d\\n\", %s);", v)
}

// cRecv is everything that receives.
func (w *writer) cRecv(s Step) {
	if w.has["data"] {
		w.line("    n = 0;")
	} else {
		w.has["data"] = true
		w.line("    static char data[65536];")
		w.line("    long n = 0;")
	}
	read := fmt.Sprintf("check(recv(%s, data + n, sizeof data - n, 0), \"recv\")", w.v)
	loop := func(while string) {
		w.line("    while (%s && n < (long)sizeof data) {", while)
		w.line("        long piece = %s;", read)
		w.line("        if (piece == 0)")
		w.line("            break; /* the peer ended its side */")
		w.line("        n += piece;")
		w.line("    }")
	}
	switch s.Op {
	case Recv, RecvFrom, Peek:
		flags := map[Op]string{Peek: "MSG_PEEK"}[s.Op]
		if flags == "" {
			flags = "0"
		}
		w.line("    n = check(recv(%s, data, %d, %s), \"recv\");", w.v, bounded(s.N), flags)
	case RecvExact:
		read = fmt.Sprintf("check(recv(%s, data + n, %d - n, 0), \"recv\")", w.v, bounded(s.N))
		loop(fmt.Sprintf("n < %d", bounded(s.N)))
	case RecvUntil:
		w.has["string.h"], w.has["memmem"] = true, true
		loop(fmt.Sprintf("!memmem(data, n, %s, %d)", cString(s.Data), len(clipped(s.Data))))
	case RecvMatch:
		w.line("    /* until it matches %s: regcomp(3) */", strings.ReplaceAll(primitive.Escape(s.Name, false), "*/", "* /"))
		loop("1")
	case RecvAll:
		loop("1")
	}
	w.line("    fwrite(data, 1, n, stdout);")
}

// cString is a string literal. Every escape has three octal digits, so that what
// follows is never taken for one, and ? is escaped for the sake of trigraphs.
func cString(data []byte) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range clipped(data) {
		switch {
		case c == '\n':
			b.WriteString(`\n`)
		case c == '"' || c == '\\' || c == '?':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < 0x20 || c >= 0x7f:
			fmt.Fprintf(&b, `\%03o`, c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
