package probe

import (
	_ "embed"
	"strconv"
	"strings"

	"sosh/primitive"
)

// DefaultTop is how many of the most usual ports are probed when none are named.
const DefaultTop = 100

// ParsePorts reads which ports are meant: numbers, ranges (8000-8100, 60000-),
// names of services, "all" (or "-") and "top N", separated by commas or blanks.
// Each port is there once, in the order of its first mention. Empty text is the
// top 100.
func ParsePorts(text string, udp bool) ([]uint16, error) {
	l := portList{udp: udp}
	words := strings.FieldsFunc(strings.ToLower(text), isSeparator)
	for i := 0; i < len(words); i++ {
		n, isTop := strings.CutPrefix(words[i], "top")
		if isTop && n == "" && i+1 < len(words) {
			i++
			n = words[i]
		}
		var err error
		if isTop {
			err = l.top(n)
		} else {
			err = l.word(words[i])
		}
		if err != nil {
			return nil, err
		}
	}
	if len(words) == 0 {
		return l.ports, l.top(strconv.Itoa(DefaultTop))
	}
	return l.ports, nil
}

// A portList collects ports, each once.
type portList struct {
	udp   bool
	ports []uint16
	seen  [65536]bool
}

func (l *portList) add(from, to int) {
	for p := from; p <= to; p++ {
		if !l.seen[p] {
			l.seen[p] = true
			l.ports = append(l.ports, uint16(p))
		}
	}
}

func (l *portList) word(word string) error {
	if word == "all" || word == "-" {
		l.add(1, 65535)
		return nil
	}
	first, last, isRange := strings.Cut(word, "-")
	if !isRange || strings.Trim(first, "0123456789") != "" {
		n, err := primitive.ParsePort(word, false)
		if err == nil {
			l.add(n, n)
		}
		return err
	}
	if last == "" {
		last = "65535"
	}
	return l.between(word, first, last)
}

func (l *portList) between(word, first, last string) error {
	from, err := primitive.ParsePort(first, false)
	if err != nil {
		return err
	}
	to, err := primitive.ParsePort(last, false)
	if err != nil {
		return err
	}
	if from > to {
		return primitive.Usagef("%s is no range of ports", primitive.Quote(word)).WithHint("the lower one comes first: %d-%d", to, from)
	}
	l.add(from, to)
	return nil
}

// top adds the n most usual ports: those of the table, then the lowest others.
func (l *portList) top(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 65535 {
		return primitive.Usagef("top needs a number of ports, not %s", primitive.Quote(text)).WithHint("top 20")
	}
	usual := topTCP
	if l.udp {
		usual = topUDP
	}
	added := map[int]bool{}
	for word := range strings.FieldsSeq(usual) {
		p, err := strconv.Atoi(word)
		if err == nil && len(added) < n && !added[p] {
			added[p] = true
			l.add(p, p)
		}
	}
	for p := 1; len(added) < n; p++ {
		if !added[p] {
			added[p] = true
			l.add(p, p)
		}
	}
	return nil
}

// The ports that most often turn out open, the most usual first: our own
// judgement from what is commonly deployed.
//
//go:embed top-tcp.txt
var topTCP string

//go:embed top-udp.txt
var topUDP string
