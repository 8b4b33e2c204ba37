package repl

import (
	"strings"
	"testing"

	"sosh/primitive"
)

func TestTranslatePing(t *testing.T) {
	for line, want := range map[string]string{
		"-c 3 -i 0.2 h":   "ping --count 3 --interval 0.2 h",
		"-c3 -nq h":       "ping --count 3 --show summary h",
		"h -W1 -s 1400":   "ping h --timeout 1 --size 1400",
		"-6 -t 3 h":       "ping --family inet6 --ttl 3 h",
		"-nc 1 h --json":  "ping --count 1 h --json",
		"-f h":            "ping --flood h",
		"-w 5 h":          "ping --max-time 5 h",
		"-c":              "",
		"-c 3":            "",
		"-z h":            "",
		"-c 3 a b":        "",
		"-c 3 --frob h":   "",
		"-\x1b[2J host c": "",
	} {
		words, err := pingHabit("ping").translate(strings.Fields(line))
		if got := strings.Join(words, " "); want != "" && (got != want || err != nil) || want == "" && primitive.KindOf(err) != primitive.Usage {
			t.Errorf("ping %s: %q, %v", line, got, err)
		}
	}
}

func TestTranslateTrace(t *testing.T) {
	for line, want := range map[string]string{
		"traceroute h":                "trace h",
		"traceroute -n -m 5 -q1 h 60": "trace --max-hops 5 --queries 1 h",
		"traceroute -I -w 1 h":        "trace --icmp --timeout 1 h",
		"traceroute -T h":             "trace h --tcp 80",
		"traceroute -T -p 443 h":      "trace --tcp 443 h",
		"traceroute -p 53 h":          "",
		"traceroute6 h":               "trace h --family inet6",
		"tracert -d -h 9 -w 500 h":    "trace --max-hops 9 --timeout 500ms h --icmp",
		"tracert /4 h":                "trace --family inet h --icmp",
		"mtr h":                       "trace h --rounds 0 --icmp",
		"mtr -r h":                    "trace h --rounds 10 --icmp",
		"mtr -rwbc 3 h":               "trace --names --rounds 3 h --icmp",
		"mtr -u h":                    "trace --udp h --rounds 0",
		"mtr --tcp -P 443 -c 2 h":     "trace --tcp 443 --rounds 2 h",
		"mtr -T h":                    "trace h --tcp 80 --rounds 0",
		"mtr":                         "",
		"traceroute a b c":            "",
		"traceroute -z h":             "",
	} {
		f := strings.Fields(line)
		words, err := translateTrace(f[0], f[1:])
		if got := strings.Join(words, " "); want != "" && (got != want || err != nil) || want == "" && primitive.KindOf(err) != primitive.Usage {
			t.Errorf("%s: %q, %v", line, got, err)
		}
	}
}
