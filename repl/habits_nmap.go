package repl

import (
	"context"
	"slices"
	"strings"

	"sosh/primitive"
)

// runNmap does what nmap's connect scan would.
func runNmap(ctx context.Context, sh *Shell, c ownCall) (any, error) {
	texts, err := c.texts()
	if err != nil {
		return nil, err
	}
	words, err := translateNmap(texts)
	if err != nil {
		return nil, err
	}
	return sh.translated(ctx, c, words, false)
}

// A nmapLine is what was asked of nmap.
type nmapLine struct {
	targets []string
	ports   string
	flags   []string // as they are here
}

// Options of nmap that say what is so here in any case: names are shown, a scan is
// a connect scan, what is open is listed, and it is as fast as the network lets it.
func nmapIdle() []string {
	return strings.Fields("-sT -sS -n -R -v -vv -d --open --reason -T0 -T1 -T2 -T3 -T4 -T5 --privileged --unprivileged --system-dns --noninteractive")
}

// nmapFlags are those that are written otherwise here; of those in the second list
// the value follows.
func nmapFlags() (alone, valued map[string]string) {
	return map[string]string{"-Pn": "--no-discovery", "-P0": "--no-discovery", "-PN": "--no-discovery", "-sU": "--udp", "-6": "--family inet6",
			"-4": "--family inet", "-sV": "--probe", "-sC": "--script all", "-r": "--order port", "--json": "--json", "--quiet": "--quiet"},
		map[string]string{"--exclude": "--exclude", "--max-rate": "--rate", "--min-rate": "--rate", "--max-parallelism": "--parallel", "--max-retries": "--retries",
			"--max-rtt-timeout": "--timeout", "--initial-rtt-timeout": "--timeout", "--script": "--script", "--report": "--report", "--out": "--out"}
}

// translateNmap writes a line of nmap as a scan of ours.
func translateNmap(texts []string) ([]string, error) {
	var n nmapLine
	for len(texts) > 0 {
		used, err := n.take(texts)
		if err != nil {
			return nil, err
		}
		texts = texts[used:]
	}
	if len(n.targets) == 0 {
		return nil, primitive.Usagef("it takes a host").WithHint("nmap -p 1-100 127.0.0.1")
	}
	words := []string{"scan", strings.Join(n.targets, ",")}
	if n.ports != "" {
		words = append(words, strings.Fields(n.ports)...)
	}
	return append(words, n.flags...), nil
}

// take reads an option, with its value, or a target, and says how many words that
// were.
func (n *nmapLine) take(texts []string) (used int, err error) {
	w := texts[0]
	if !strings.HasPrefix(w, "-") || w == "-" {
		n.targets = append(n.targets, w)
		return 1, nil
	}
	if slices.Contains(nmapIdle(), w) {
		return 1, nil
	}
	alone, valued := nmapFlags()
	if flag, ok := alone[w]; ok {
		n.flags = append(n.flags, strings.Fields(flag)...)
		return 1, nil
	}
	if w == "-F" {
		n.ports = "top 100"
		return 1, nil
	}
	name, value, used, err := nmapValue(texts)
	if err != nil {
		return 0, err
	}
	switch flag := valued[name]; {
	case name == "-p":
		n.ports = nmapPorts(value)
	case name == "--top-ports":
		n.ports = "top " + value
	case name == "-iL":
		n.targets = append(n.targets, "@"+value)
	case flag != "":
		n.flags = append(n.flags, flag, value)
	default:
		return 0, primitive.Usagef("%s is not understood here", primitive.Escape(w, false)).WithHint("help scan shows what there is; the program itself: !nmap …")
	}
	return used, nil
}

// nmapValue is an option with its value: -p80, -p 80, --top-ports=20.
func nmapValue(texts []string) (name, value string, used int, err error) {
	w := texts[0]
	name, value, given := strings.Cut(w, "=")
	if strings.HasPrefix(w, "-p") && len(w) > 2 {
		return "-p", w[2:], 1, nil
	}
	_, valued := nmapFlags()
	if given || valued[name] == "" && name != "-p" && name != "--top-ports" && name != "-iL" {
		return name, value, 1, nil
	}
	if len(texts) < 2 {
		return "", "", 0, primitive.Usagef("%s needs a value", primitive.Escape(name, false))
	}
	return name, texts[1], 2, nil
}

// nmapPorts writes ports of nmap as ours: - is all, -100 is 1-100.
func nmapPorts(value string) string {
	items := strings.Split(value, ",")
	for i, item := range items {
		switch {
		case item == "-":
			items[i] = "all"
		case strings.HasPrefix(item, "-"):
			items[i] = "1" + item
		}
	}
	return strings.Join(items, ",")
}
