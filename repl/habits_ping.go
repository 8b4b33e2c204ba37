package repl

import (
	"context"
	"slices"
	"strings"

	"sosh/primitive"
)

// A habit is how another program's options are written here. Those that are not
// listed are not understood.
type habit struct {
	name    string            // of the program
	row     string            // our command
	values  map[string]string // options with a value, and our flags
	alone   map[string]string // options without, and what is written for them: words
	slash   bool              // options may begin with / or be of several letters, as on Windows
	targets int               // most words that are no options
}

// isPingHabit is whether "ping …" is written with the options of the program of
// that name, which have one hyphen.
func isPingHabit(words []word) bool {
	return words[0].bare() == "ping" && slices.ContainsFunc(words[1:], func(w word) bool {
		text := w.bare()
		return len(text) > 1 && text[0] == '-' && text[1] != '-' && (text[1] < '0' || text[1] > '9')
	})
}

func pingCommand() *ownCommand {
	return &ownCommand{names: []string{"ping"}, usage: pingUsage, yields: true, run: runPing}
}

const pingUsage = "ping [-46nqf] [-c count] [-i seconds] [-W seconds] [-s bytes] [-t ttl] host"

// pingHabit is the ping of iputils; ping6 is that of IPv6.
func pingHabit(name string) habit {
	return habit{
		name: name, row: "ping", targets: 1,
		values: map[string]string{"c": "--count", "i": "--interval", "W": "--timeout", "s": "--size", "t": "--ttl", "w": "--max-time"},
		alone:  map[string]string{"4": "--family inet", "6": "--family inet6", "n": "", "q": "--show summary", "f": "--flood", "v": "", "O": ""},
	}
}

func runPing(ctx context.Context, sh *Shell, c ownCall) (any, error) {
	texts, err := c.texts()
	if err != nil {
		return nil, err
	}
	words, err := pingHabit(c.name).translate(texts)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(words, "--count") { // theirs has no end
		words = append(words, "--count", "0")
	}
	if c.name == "ping6" && !slices.Contains(words, "--family") {
		words = append(words, "--family", "inet6")
	}
	return sh.translated(ctx, c, words, false)
}

// traceHabit is one of the programs that find the way.
func traceHabit(name string) habit {
	switch name {
	case "mtr":
		return habit{
			name: name, row: "trace", targets: 1,
			values: map[string]string{"c": "--rounds", "i": "--interval", "m": "--max-hops", "P": "--tcp"},
			alone:  map[string]string{"4": "--family inet", "6": "--family inet6", "u": "--udp", "n": "", "r": "", "w": "", "b": "--names", "T": ""},
		}
	case "tracert":
		return habit{
			name: name, row: "trace", targets: 1, slash: true,
			values: map[string]string{"h": "--max-hops", "w": "--timeout"},
			alone:  map[string]string{"4": "--family inet", "6": "--family inet6", "d": ""},
		}
	}
	return habit{
		name: name, row: "trace", targets: 2,
		values: map[string]string{"m": "--max-hops", "q": "--queries", "w": "--timeout", "N": "--parallel", "p": "--tcp"},
		alone:  map[string]string{"4": "--family inet", "6": "--family inet6", "n": "", "I": "--icmp", "U": "", "T": ""},
	}
}

func runTrace(ctx context.Context, sh *Shell, c ownCall) (any, error) {
	texts, err := c.texts()
	if err != nil {
		return nil, err
	}
	words, err := translateTrace(c.name, texts)
	if err != nil {
		return nil, err
	}
	return sh.translated(ctx, c, words, false)
}

// translateTrace adds to the options what the program does without any, and what
// its ports mean.
func translateTrace(name string, texts []string) ([]string, error) {
	words, err := traceHabit(name).translate(texts)
	if err != nil {
		return nil, err
	}
	if name == "traceroute6" {
		words = append(words, "--family", "inet6")
	}
	has := func(option string) bool { return slices.Contains(texts, option) }
	tcp := has("-T") || has("--tcp")
	switch at := slices.Index(words, "--tcp"); {
	case at >= 0 && !tcp:
		return nil, primitive.Usagef("only connections go to a port here").WithHint("trace HOST --tcp %s", words[at+1])
	case at < 0 && tcp:
		words = append(words, "--tcp", "80")
	}
	switch {
	case name == "mtr" && !slices.Contains(words, "--rounds") && (has("-r") || has("-w")):
		words = append(words, "--rounds", "10")
	case name == "mtr" && !slices.Contains(words, "--rounds"):
		words = append(words, "--rounds", "0")
	}
	if (name == "mtr" || name == "tracert") && !tcp && !has("-u") {
		words = append(words, "--icmp")
	}
	if at := slices.Index(words, "--timeout"); name == "tracert" && at >= 0 {
		words[at+1] += "ms"
	}
	return words, nil
}

// translate reads options, together or alone, with their value behind them or as
// the next word.
func (h habit) translate(texts []string) ([]string, error) {
	words, hosts := []string{h.row}, 0
	for i := 0; i < len(texts); i++ {
		w := texts[i]
		switch {
		case w == "--json", w == "--quiet":
			words = append(words, w)
		case w == "--tcp" && h.name == "mtr": // what follows of it is for translateTrace
		case h.slash && len(w) > 1 && w[0] == '/', len(w) > 1 && w[0] == '-' && w[1] != '-':
			more, used, err := h.option(w[1:], texts[i+1:])
			if err != nil {
				return nil, err
			}
			words, i = append(words, more...), i+used
		case strings.HasPrefix(w, "-"):
			return nil, h.unknown(w)
		default:
			if hosts++; hosts == 1 {
				words = append(words, w)
			} else if hosts > h.targets {
				return nil, primitive.Usagef("it takes one host")
			} // the length of a packet is not chosen here
		}
	}
	if hosts == 0 {
		return nil, primitive.Usagef("it takes a host")
	}
	return words, nil
}

// option is one word of options; used is 1 where the next word is its value.
func (h habit) option(letters string, next []string) (words []string, used int, err error) {
	for i, c := range letters {
		letter := string(c)
		if flag, ok := h.values[letter]; ok {
			value := letters[i+len(letter):]
			if value == "" {
				if len(next) == 0 {
					return nil, 0, primitive.Usagef("-%s needs a value", letter)
				}
				value, used = next[0], 1
			}
			return append(words, flag, value), used, nil
		}
		text, ok := h.alone[letter]
		if !ok {
			return nil, 0, h.unknown("-" + letter)
		}
		words = append(words, strings.Fields(text)...)
	}
	return words, 0, nil
}

func (h habit) unknown(option string) error {
	return primitive.Usagef("%s is not understood here", primitive.Escape(option, false)).WithHint("help %s, or the program itself: !%s …", h.row, h.name)
}
