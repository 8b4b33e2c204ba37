package repl

import (
	"context"
	"slices"
	"strings"

	"sosh/primitive"
)

// ipCommand is what the ip of iproute2 would do. Its name is a family of ours,
// so it is asked only for words that this family lacks.
func ipCommand() *ownCommand {
	return &ownCommand{names: []string{"ip"}, usage: "ip addr | ip link | ip route | ip route get HOST", yields: true, run: runIP}
}

// ipObjects are the objects of ip that are understood, by their short and long
// names.
var ipObjects = []string{"a", "addr", "address", "l", "link", "r", "ro", "route"}

// isIPHabit is whether "ip WORD" is meant for the ip of iproute2.
func isIPHabit(first, second string) bool {
	return first == "ip" && (slices.Contains(ipObjects, second) || len(second) > 1 && second[0] == '-' && second[1] != '-')
}

func runIP(ctx context.Context, sh *Shell, c ownCall) (any, error) {
	texts, err := c.texts()
	if err != nil {
		return nil, err
	}
	words, err := translateIP(texts)
	if err != nil {
		return nil, err
	}
	return sh.translated(ctx, c, words, false)
}

// translateIP reads ip [options] object [command] [arguments]. The options choose
// a family, or a form that is not needed here.
func translateIP(texts []string) ([]string, error) {
	var flags, rest []string
	for _, w := range texts {
		switch {
		case w == "-4":
			flags = []string{"--family", "inet"}
		case w == "-6":
			flags = []string{"--family", "inet6"}
		case w == "-j" || w == "-json" || w == "--json":
			flags = append(flags, "--json")
		case !strings.HasPrefix(w, "-"):
			rest = append(rest, w)
		}
	}
	if len(rest) == 0 || !slices.Contains(ipObjects, rest[0]) {
		return nil, primitive.Usagef("of ip only addr, link and route are understood here").WithHint("the program itself: !ip %s", strings.Join(texts, " "))
	}
	words := rest[1:]
	if rest[0][0] == 'r' {
		return translateRoute(words, flags)
	}
	if words, err := shown(words, "show", "list", "s", "sh", "ls"); err != nil || len(words) <= 1 {
		return slices.Concat([]string{"net", "interfaces"}, words, flags), err
	}
	return nil, onlyShows()
}

func translateRoute(words, flags []string) ([]string, error) {
	if len(words) == 2 && (words[0] == "get" || words[0] == "g") {
		return slices.Concat([]string{"net", "route"}, words[1:], flags), nil
	}
	if words, err := shown(words, "show", "list", "s", "sh", "ls"); err != nil || len(words) > 0 {
		return nil, onlyShows()
	}
	return slices.Concat([]string{"net", "routes"}, flags), nil
}

// shown drops a leading word for showing, and "dev".
func shown(words []string, show ...string) ([]string, error) {
	if len(words) > 0 && slices.Contains(show, words[0]) {
		words = words[1:]
	}
	if len(words) > 0 && words[0] == "dev" {
		words = words[1:]
	}
	if len(words) > 0 && slices.Contains([]string{"add", "del", "set", "flush", "change", "replace"}, words[0]) {
		return nil, onlyShows()
	}
	return words, nil
}

func onlyShows() error {
	return primitive.Usagef("this is not understood here, where settings are shown and not changed").WithHint("the program itself: !ip …")
}

// runIfconfig is ifconfig [-a] [interface], which shows what is up, and with -a
// all; here it is always all.
func runIfconfig(ctx context.Context, sh *Shell, c ownCall) (any, error) {
	texts, err := c.texts()
	if err != nil {
		return nil, err
	}
	words := slices.DeleteFunc(texts, func(w string) bool { return w == "-a" })
	if len(words) > 1 {
		return nil, primitive.Usagef("settings are shown here, not changed").WithHint("the program itself: !ifconfig …")
	}
	return sh.translated(ctx, c, append([]string{"net", "interfaces"}, words...), false)
}

// runIpconfig is Windows' ipconfig: /all shows routes and name servers too.
func runIpconfig(ctx context.Context, sh *Shell, c ownCall) (any, error) {
	texts, err := c.texts()
	if err != nil {
		return nil, err
	}
	all := len(texts) == 1 && strings.EqualFold(strings.TrimLeft(texts[0], "/-"), "all")
	if len(texts) > 0 && !all {
		return nil, primitive.Usagef("only /all is understood here")
	}
	result, err := sh.translated(ctx, c, []string{"net", "interfaces"}, false)
	if !all || err != nil {
		return result, err
	}
	if _, err := sh.translated(ctx, c, []string{"net", "routes"}, false); err != nil {
		return nil, err
	}
	return sh.translated(ctx, c, []string{"net", "resolvers"}, false)
}

// runSS is for ss and netstat, whose flags for sockets are nearly the same.
func runSS(ctx context.Context, sh *Shell, c ownCall) (any, error) {
	texts, err := c.texts()
	if err != nil {
		return nil, err
	}
	words, err := translateSS(c.name, texts)
	if err != nil {
		return nil, err
	}
	return sh.translated(ctx, c, words, false)
}

// translateSS reads single letters, together or alone; long options by their
// first letter, which is the same but for --unix.
func translateSS(name string, texts []string) ([]string, error) {
	var letters string
	words := []string{"net", "sockets"}
	for _, w := range texts {
		switch {
		case w == "--json":
			words = append(words, w)
		case w == "--unix":
			letters += "x"
		case strings.HasPrefix(w, "--") && len(w) > 2:
			letters += w[2:3]
		case strings.HasPrefix(w, "-"):
			letters += w[1:]
		default:
			return nil, primitive.Usagef("filters are not understood here: %s", primitive.Escape(w, false)).WithHint("net sockets --port N, or the program itself: !%s …", name)
		}
	}
	if name == "netstat" && strings.ContainsAny(letters, "ri") {
		return []string{"net", map[bool]string{true: "routes", false: "interfaces"}[strings.Contains(letters, "r")]}, nil
	}
	if unknown := strings.Trim(letters, "tuxlnapeio46rW"); unknown != "" {
		return nil, primitive.Usagef("-%s is not understood here", primitive.Escape(unknown, false)).WithHint("the program itself: !%s %s", name, strings.Join(texts, " "))
	}
	if strings.Contains(letters, "l") {
		words = append(words, "--listening")
	}
	if protos := protosOf(letters); protos != "" {
		words = append(words, "--proto", protos)
	}
	return words, nil
}

// protosOf are the protocols that the letters ask for; "" for the usual ones.
func protosOf(letters string) string {
	var protos []string
	for _, p := range []struct{ letter, name string }{{"t", "tcp"}, {"u", "udp"}, {"x", "unix"}} {
		if strings.Contains(letters, p.letter) {
			protos = append(protos, p.name)
		}
	}
	return strings.Join(protos, ",")
}
