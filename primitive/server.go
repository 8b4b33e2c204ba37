package primitive

import "strings"

// A Server is where a service of a known protocol is: a host, and its port where
// it is not the protocol's own. As text it is one word: "example.org",
// "127.0.0.1:2525", "[::1]:2525", "::1".
type Server struct {
	Host string
	Port int // 0 is the protocol's own
}

// Addr is where it is, with the port of the protocol where none was given.
func (s Server) Addr(port int) Addr {
	if s.Port != 0 {
		port = s.Port
	}
	return Addr{Host: s.Host, Port: port}
}

// String is the server as one word.
func (s Server) String() string {
	if s.Port == 0 {
		return s.Host
	}
	return Addr{Host: s.Host, Port: s.Port}.String()
}

// ParseServer reads a host with or without a port. Unix sockets are none.
func ParseServer(text string) (Server, error) {
	if strings.HasPrefix(text, "unix:") || strings.Contains(text, "/") || text == "" {
		return Server{}, Usagef("%s is no host", Quote(text)).WithHint("write a host, or a host and a port: 127.0.0.1:2525")
	}
	if wantsPort(text, false) {
		return Server{Host: strings.Trim(text, "[]")}, nil
	}
	a, err := ParseAddr(text, false)
	return Server{Host: a.Host, Port: a.Port}, err
}

var serverKind = &ValueKind{
	Name: "host", Lua: "string", Host: true,
	Parse: func(_ *Param, s string) (any, error) { return ParseServer(s) },
	From: func(p *Param, v any) (any, error) {
		s, ok := v.(string)
		if !ok {
			return nil, p.wrong(v, "a host, or a host and a port, like \"127.0.0.1:2525\"")
		}
		return ParseServer(s)
	},
	Text: plainText, Literal: quotedText,
}
