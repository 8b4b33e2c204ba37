package primitive

import "strings"

// A Path is the address of a Unix socket: the path of a file, or "@NAME", which
// is abstract. "unix:" may stand before it, as in an Addr.
type Path string

// Most bytes of a Unix address (unix(7)); macOS takes 104.
const maxPath = 107

var pathKind = &ValueKind{
	Name: "path", Lua: "string", Unix: true,
	Parse: func(_ *Param, s string) (any, error) { return ParsePath(s) },
	From: func(p *Param, v any) (any, error) {
		s, ok := v.(string)
		if !ok {
			return nil, p.wrong(v, "a path like \"/tmp/name.sock\"")
		}
		return ParsePath(s)
	},
	Text: plainText, Literal: quotedText,
}

// ParsePath reads the address of a Unix socket.
func ParsePath(text string) (Path, error) {
	a, err := unixAddr(strings.TrimPrefix(text, "unix:"))
	switch {
	case err != nil:
		return "", err
	case strings.Contains(a.Path, "\x00"):
		return "", Usagef("a Unix address holds no zero byte").WithHint("an abstract name is written @name")
	case len(a.Path) > maxPath:
		return "", Usagef("the path has %d bytes, at most %d", len(a.Path), maxPath).WithHint("use a shorter one: /tmp/name.sock")
	}
	return Path(a.Path), nil
}
