package repl

import (
	"strings"
	"testing"

	"sosh/primitive"
)

func TestTranslateNmap(t *testing.T) {
	for typed, here := range map[string]string{
		"127.0.0.1":                                  "scan 127.0.0.1",
		"-p 1-100 -Pn -sT h":                         "scan h 1-100 --no-discovery",
		"-p- -T4 -v h":                               "scan h all",
		"-p80,443,-20 h":                             "scan h 80,443,1-20",
		"-F a b":                                     "scan a,b top 100",
		"--top-ports 20 h --open":                    "scan h top 20",
		"--top-ports=20 h":                           "scan h top 20",
		"-sU -p 53 h --max-retries 0":                "scan h 53 --udp --retries 0",
		"-6 --exclude ::2 ::1-3":                     "scan ::1-3 --family inet6 --exclude ::2",
		"-iL hosts.txt --max-rate=50":                "scan @hosts.txt --rate 50",
		"-sV --script http-title -p 80 h":            "scan h 80 --probe --script http-title",
		"-sC --report r.html --max-rtt-timeout 1s h": "scan h --script all --report r.html --timeout 1s",
	} {
		words, err := translateNmap(strings.Fields(typed))
		if got := strings.Join(words, " "); err != nil || got != here {
			t.Errorf("nmap %s: %q, %v; want %q", typed, got, err, here)
		}
	}
	for _, typed := range []string{"", "-A h", "-O h", "-p", "-sS", "--traceroute h", "-oX f h", "--exclude"} {
		if words, err := translateNmap(strings.Fields(typed)); primitive.KindOf(err) != primitive.Usage {
			t.Errorf("nmap %s: %q, %v", typed, words, err)
		}
	}
}

// A state has its colour where there are colours, and only the state.
func TestToned(t *testing.T) {
	look := func(mode string) frame {
		env := map[string]string{mode: "1"}
		sh := &Shell{}
		sh.opts.Env = func(name string) string { return env[name] }
		return frame{tty: true, look: sh.look(true)}
	}
	w := primitive.Words{Line: "22 open \x1b[1m", Tones: []primitive.Toned{{From: 3, To: 7, Tone: primitive.Good}, {From: 5, To: 99}}}
	if got := look("").toned(w); got != "22 \x1b[32mopen\x1b[0m \\x1b[1m" {
		t.Errorf("%q", got)
	}
	if got := look("NO_COLOR").toned(w); got != "22 open \\x1b[1m" {
		t.Errorf("NO_COLOR: %q", got)
	}
}
