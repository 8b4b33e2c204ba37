package repl

import (
	"context"
	"strings"

	"sosh/primitive"
	"sosh/repl/history"
)

// A netcatLine is what was asked of nc.
type netcatLine struct {
	listen, keep, udp, zero bool
	wait                    string // seconds; "" for the default
	words                   []string
}

// runNetcat does what netcat would.
func runNetcat(ctx context.Context, sh *Shell, c ownCall) (any, error) {
	texts, err := c.texts()
	if err != nil {
		return nil, err
	}
	n, err := readNetcat(texts)
	if err != nil {
		return nil, err
	}
	words, err := n.translate()
	if err != nil {
		return nil, err
	}
	return sh.translated(ctx, c, words, n.keep)
}

// readNetcat reads the options of netcat that are understood here.
func readNetcat(words []string) (n netcatLine, err error) {
	for i := 0; i < len(words); i++ {
		w := words[i]
		if len(w) < 2 || w[0] != '-' {
			n.words = append(n.words, w)
			continue
		}
		for j, c := range w[1:] {
			switch c {
			case 'l':
				n.listen = true
			case 'k':
				n.keep = true
			case 'u':
				n.udp = true
			case 'z':
				n.zero = true
			case 'n', 'v', '4', '6': // numeric and verbose is how it is here
			case 'w', 'p':
				value := w[j+2:]
				if value == "" {
					if i++; i >= len(words) {
						return n, primitive.Usagef("-%c needs a value", c)
					}
					value = words[i]
				}
				n.take(c, value)
			default:
				return n, primitive.Usagef("-%s is not understood here", primitive.Escape(string(c), false))
			}
			if c == 'w' || c == 'p' {
				break
			}
		}
	}
	return n, nil
}

func (n *netcatLine) take(option rune, value string) {
	if option == 'w' {
		n.wait = value
	} else {
		n.words = append(n.words, value) // nc -l -p PORT
	}
}

// translate writes it as a command of ours.
func (n netcatLine) translate() (words []string, err error) {
	if n.zero && !n.listen {
		return n.knock()
	}
	switch {
	case n.listen && n.udp:
		words = []string{"udp", "bind"}
	case n.listen:
		words = []string{"listen"}
	case n.udp:
		words = []string{"udp", "connect"}
	default:
		words = []string{"tcp", "connect"}
	}
	want := 2
	if n.listen {
		want = 1
	}
	if len(n.words) != want && !(n.listen && len(n.words) == 2) {
		return nil, primitive.Usagef("it takes a host and a port, and with -l a port")
	}
	words = append(words, n.words...)
	if n.wait != "" && !n.listen && !n.udp {
		words = append(words, "--timeout", n.wait)
	}
	return words, nil
}

// knock is nc -z HOST PORTS, which asks whether ports are open: a check of one, a
// scan of several.
func (n netcatLine) knock() (words []string, err error) {
	if len(n.words) < 2 {
		return nil, primitive.Usagef("with -z it takes a host and ports")
	}
	one := len(n.words) == 2 && !strings.ContainsAny(n.words[1], "-,")
	switch {
	case one && n.udp:
		words = append([]string{"udp", "check"}, n.words...)
	case one:
		words = append([]string{"tcp", "check"}, n.words...)
	default:
		words = append([]string{"scan"}, n.words...)
		if n.udp {
			words = append(words, "--udp")
		}
	}
	if n.wait != "" {
		words = append(words, "--timeout", n.wait)
	}
	return words, nil
}

func runTelnet(ctx context.Context, sh *Shell, c ownCall) (any, error) {
	texts, err := c.texts()
	if err != nil {
		return nil, err
	}
	switch len(texts) {
	case 1:
		texts = append(texts, "telnet")
	case 2:
	default:
		return nil, primitive.Usagef("it takes a host and a port")
	}
	return sh.translated(ctx, c, append([]string{"tcp", "connect"}, texts...), false)
}

// runLoad is the short name of tcp load, which Lua has not: load is a function of
// its own.
func runLoad(ctx context.Context, sh *Shell, c ownCall) (any, error) {
	texts, err := c.texts()
	if err != nil {
		return nil, err
	}
	return sh.translated(ctx, c, append([]string{"tcp", "load"}, texts...), false)
}

// translated says how a line is typed here, and runs that.
func (sh *Shell) translated(ctx context.Context, c ownCall, words []string, keep bool) (any, error) {
	if !c.f.quiet {
		sh.say("%s is here: %s", c.name, sh.redact(history.Redact(quoteLine(words))))
	}
	f := c.f
	if f.netcat != nil && keep {
		run := *f.netcat
		run.keep = true
		f.netcat = &run
	}
	list := make([]word, len(words))
	for i, w := range words {
		list[i] = word{parts: []part{{text: w}}, arg: true}
	}
	j, err := sh.prepare(ctx, c.st, list, f)
	if err != nil {
		return nil, err
	}
	return j.run(ctx, f)
}

// quoteLine writes words as one would type them.
func quoteLine(words []string) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			b.WriteByte(' ')
		}
		if strings.HasPrefix(w, "--") {
			b.WriteString(w)
		} else {
			b.WriteString(quoteWord(w))
		}
	}
	return b.String()
}
