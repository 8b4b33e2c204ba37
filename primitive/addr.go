package primitive

import (
	_ "embed"
	"maps"
	"math"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"sosh/internal/lazy"
)

// An Addr is where something listens or sends: a host and a port, or the path
// of a Unix socket. Names are not resolved here.
type Addr struct {
	Host string // a name, an IPv4 or an IPv6 address without brackets; may be empty
	Port int    // 0 to 65535
	Path string // of a Unix socket ("@NAME" is abstract); then Host and Port are empty
}

// String is the address as one word: "127.0.0.1:80", "[::1]:80", "unix:/tmp/x".
func (a Addr) String() string {
	if a.Path != "" {
		return "unix:" + a.Path
	}
	return joinHostPort(a.Host, strconv.Itoa(a.Port))
}

// OnlyHere says of a loopback address, which nobody else can reach, what to
// type for others: " (this machine only; for others: listen 0.0.0.0:80)". It is
// empty for any other address.
func (a Addr) OnlyHere(command string) string {
	ip, err := netip.ParseAddr(a.Host)
	if err != nil || !ip.IsLoopback() {
		return ""
	}
	everywhere := Addr{Host: "0.0.0.0", Port: a.Port}
	if ip.Is6() {
		everywhere.Host = "::"
	}
	return sprintf(" (this machine only; for others: %s %s)", command, everywhere)
}

func joinHostPort(host, port string) string {
	if strings.Contains(host, ":") && !strings.HasPrefix(host, "[") {
		return "[" + host + "]:" + port
	}
	return host + ":" + port
}

// ParseAddr reads an address of one word. Where listening, a port alone means
// that port of this machine only.
func ParseAddr(text string, listening bool) (Addr, error) {
	if path, ok := strings.CutPrefix(text, "unix:"); ok {
		return unixAddr(path)
	}
	host, port, ok := splitHostPort(text)
	if !ok && listening && allDigits(text) {
		host, port, ok = "127.0.0.1", text, true
	}
	if !ok {
		return Addr{}, Usagef("%s has no port", Quote(text)).WithHint("write %s", joinHostPort(text, "80"))
	}
	if host == "" && listening {
		host = "127.0.0.1"
	}
	n, err := ParsePort(port, listening)
	return Addr{Host: host, Port: n}, err
}

func unixAddr(path string) (Addr, error) {
	if path == "" || path == "@" {
		return Addr{}, Usagef("a Unix address needs a path").WithHint("write unix:/tmp/name.sock or unix:@name")
	}
	return Addr{Path: path}, nil
}

// wantsPort is whether the next word must be the port of this one.
func wantsPort(text string, listening bool) bool {
	if strings.HasPrefix(text, "unix:") || (listening && allDigits(text)) {
		return false
	}
	_, _, ok := splitHostPort(text)
	return !ok
}

// splitHostPort cuts "host:port", "[v6]:port" and ":port". A bare IPv6 address
// has no port.
func splitHostPort(text string) (host, port string, ok bool) {
	if rest, found := strings.CutPrefix(text, "["); found {
		host, tail, found := strings.Cut(rest, "]")
		if !found || !strings.HasPrefix(tail, ":") {
			return "", "", false
		}
		return host, tail[1:], true
	}
	if strings.Count(text, ":") != 1 {
		return "", "", false
	}
	host, port, _ = strings.Cut(text, ":")
	return host, port, port != ""
}

// ParsePort reads a port: a number from 1 to 65535 or the name of a service.
// Where listening, 0 means "choose one for me".
func ParsePort(text string, listening bool) (int, error) {
	if !allDigits(text) {
		return servicePort(text)
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		n = -1 // more digits than any port has
	}
	return inRange(n, text, listening)
}

// portNumber reads a port of a script's number.
func portNumber(f float64, listening bool) (int, error) {
	if n := int(max(min(f, 1<<17), -1)); float64(n) == f && n > 0 && n <= 65535 {
		return n, nil
	}
	text := FormatNumber(f)
	if f != math.Trunc(f) {
		f = -1
	}
	return inRange(int(max(min(f, 1<<17), -1)), text, listening)
}

func inRange(n int, text string, listening bool) (int, error) {
	low := 1
	if listening {
		low = 0
	}
	if n < low || n > 65535 {
		return 0, Usagef("port %s is out of range", text).WithHint("ports are 1 to 65535%s", zeroHint(listening))
	}
	return n, nil
}

func servicePort(name string) (int, error) {
	if n, ok := services.Get()[strings.ToLower(name)]; ok {
		return n, nil
	}
	return 0, Usagef("port %s is no number and no service name", Quote(name)).
		WithHint("ports are 1 to 65535 or names like http, smtp, domain")
}

func zeroHint(listening bool) string {
	if listening {
		return "; 0 lets the system choose a free one"
	}
	return ""
}

func allDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// ServiceName is the first name of the service of a port; empty where it has none.
func ServiceName(port int) string { return serviceNames.Get()[port] }

var serviceNames = lazy.Value[map[int]string]{New: func() map[int]string {
	m := map[int]string{}
	for line := range strings.Lines(servicesText) {
		if f := strings.Fields(line); len(f) > 1 && !strings.HasPrefix(line, "#") {
			port, _ := strconv.Atoi(f[0])
			m[port] = f[1]
		}
	}
	return m
}}

// ServiceNames lists the names that ParsePort knows, for completion.
func ServiceNames() []string { return slices.Sorted(maps.Keys(services.Get())) }

//go:embed services.txt
var servicesText string

// services maps the names of well-known services to their ports.
var services = lazy.Value[map[string]int]{New: func() map[string]int {
	m := map[string]int{}
	for line := range strings.Lines(servicesText) {
		f := strings.Fields(line)
		if len(f) < 2 || strings.HasPrefix(line, "#") {
			continue
		}
		port, _ := strconv.Atoi(f[0])
		for _, name := range f[1:] {
			m[name] = port
		}
	}
	return m
}}
