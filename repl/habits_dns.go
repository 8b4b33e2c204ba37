package repl

import (
	"context"
	"net/netip"
	"slices"
	"strings"

	"sosh/primitive"
)

// A digLine is what was asked of dig.
type digLine struct {
	reverse, trace bool
	server, port   string
	rrtype         string   // of -t
	words          []string // name, and type where -t does not say it
	flags          []string
}

// runDig is for dig [@server] name [type] [-p port] [-x address] [+option…].
func runDig(ctx context.Context, sh *Shell, c ownCall) (any, error) {
	texts, err := c.texts()
	if err != nil {
		return nil, err
	}
	words, err := translateDig(texts)
	if err != nil {
		return nil, err
	}
	return sh.translated(ctx, c, words, false)
}

func translateDig(texts []string) ([]string, error) {
	var d digLine
	for i := 0; i < len(texts); i++ {
		used, err := d.take(texts[i], texts[i+1:])
		if err != nil {
			return nil, err
		}
		i += used
	}
	return d.translate()
}

// take reads a word of dig's, and says how many of the next it took.
func (d *digLine) take(w string, next []string) (used int, err error) {
	switch {
	case w == "--json":
		d.flags = append(d.flags, w)
	case strings.HasPrefix(w, "@"):
		d.server = w[1:]
	case strings.HasPrefix(w, "+"):
		err = d.option(w)
	case w == "-4" || w == "-6": // the server's address decides
	case len(w) > 1 && w[0] == '-' && strings.ContainsRune("xptqc", rune(w[1])):
		value := w[2:]
		if value == "" && len(next) == 0 {
			return 0, primitive.Usagef("%s needs a value", w)
		}
		if value == "" {
			value, used = next[0], 1
		}
		err = d.letter(w[1], value)
	case strings.HasPrefix(w, "-"):
		err = primitive.Usagef("%s is not understood here", primitive.Escape(w, false))
	case strings.EqualFold(w, "IN"):
	default:
		d.words = append(d.words, w)
	}
	return used, err
}

func (d *digLine) letter(letter byte, value string) error {
	switch letter {
	case 'x':
		d.reverse = true
		d.words = slices.Insert(d.words, 0, value)
	case 'p':
		d.port = value
	case 'q':
		d.words = slices.Insert(d.words, 0, value)
	case 't':
		d.rrtype = value
	case 'c':
		if !strings.EqualFold(value, "IN") {
			return primitive.Usagef("only the class IN is asked for here")
		}
	}
	return nil
}

// option reads what begins with a plus. What only changes what is shown is passed
// over.
func (d *digLine) option(w string) error {
	name, value, _ := strings.Cut(w[1:], "=")
	switch name {
	case "tcp", "vc":
		d.flags = append(d.flags, "--tcp")
	case "norecurse", "norec":
		d.flags = append(d.flags, "--norecurse")
	case "trace":
		d.trace = true
	case "noedns":
		d.flags = append(d.flags, "--edns", "0")
	case "bufsize":
		d.flags = append(d.flags, "--edns", value)
	case "time", "timeout":
		d.flags = append(d.flags, "--timeout", value)
	case "tries":
		d.flags = append(d.flags, "--tries", value)
	case "qr":
		d.flags = append(d.flags, "--show")
	case "short", "noall", "answer", "recurse", "rec", "edns", "all", "nocomments", "nocmd", "nostats", "comments", "multiline":
	default:
		return primitive.Usagef("%s is not understood here", primitive.Escape(w, false)).WithHint("the program itself: !dig …")
	}
	return nil
}

// translate writes it as a command of ours.
func (d *digLine) translate() ([]string, error) {
	if d.rrtype != "" {
		d.words = append(d.words, d.rrtype)
	}
	words := []string{"dns", "query"}
	switch {
	case d.reverse && len(d.words) == 1:
		words = []string{"dns", "reverse"}
	case d.reverse, len(d.words) == 0, len(d.words) > 2:
		return nil, primitive.Usagef("it takes a name and a type")
	case d.trace:
		words = []string{"dns", "trace"}
	}
	words = append(words, d.words...)
	if d.server != "" || d.port != "" {
		server := d.server
		if d.port != "" && strings.Contains(server, ":") {
			server = "[" + server + "]"
		}
		if d.port != "" && server == "" {
			return nil, primitive.Usagef("a port needs a server").WithHint("dig @127.0.0.1 -p 5353 NAME")
		}
		if d.port != "" {
			server += ":" + d.port
		}
		words = append(words, "--server", server)
	}
	return append(words, d.flags...), nil
}

// runNslookup is for nslookup name [server] and host [-t type] name [server].
func runNslookup(ctx context.Context, sh *Shell, c ownCall) (any, error) {
	texts, err := c.texts()
	if err != nil {
		return nil, err
	}
	words, err := translateNslookup(texts)
	if err != nil {
		return nil, err
	}
	return sh.translated(ctx, c, words, false)
}

func translateNslookup(texts []string) ([]string, error) {
	rrtype := ""
	var words, flags []string
	for i := 0; i < len(texts); i++ {
		w := texts[i]
		kind, found := strings.CutPrefix(strings.TrimPrefix(strings.TrimPrefix(w, "-query="), "-type="), "-q=")
		switch {
		case w == "--json":
			flags = append(flags, w)
		case w == "-t" && i+1 < len(texts):
			i++
			rrtype = texts[i]
		case found || kind != w:
			rrtype = kind
		case strings.HasPrefix(w, "-"):
			return nil, primitive.Usagef("%s is not understood here", primitive.Escape(w, false))
		default:
			words = append(words, w)
		}
	}
	if len(words) == 0 || len(words) > 2 {
		return nil, primitive.Usagef("it takes a name, and a server")
	}
	if len(words) == 2 {
		flags = append(flags, "--server", words[1])
	}
	verb := []string{"dns", "lookup"}
	switch {
	case isAddress(words[0]):
		verb = []string{"dns", "reverse"}
	case rrtype != "" || len(words) == 2:
		verb = []string{"dns", "query"}
	}
	verb = append(verb, words[0])
	if rrtype != "" {
		verb = append(verb, rrtype)
	}
	return append(verb, flags...), nil
}

func isAddress(text string) bool {
	_, err := netip.ParseAddr(text)
	return err == nil
}
