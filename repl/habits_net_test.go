package repl

import (
	"strings"
	"testing"

	"sosh/primitive"
)

func TestTranslateIP(t *testing.T) {
	for line, want := range map[string]string{
		"a":                        "net interfaces",
		"addr":                     "net interfaces",
		"address show":             "net interfaces",
		"-4 a":                     "net interfaces --family inet",
		"-6 -br addr show dev lo":  "net interfaces lo --family inet6",
		"-j addr":                  "net interfaces --json",
		"a s eth0":                 "net interfaces eth0",
		"l":                        "net interfaces",
		"link show dev eth0":       "net interfaces eth0",
		"r":                        "net routes",
		"-6 route":                 "net routes --family inet6",
		"route list":               "net routes",
		"route get 8.8.8.8":        "net route 8.8.8.8",
		"-6 r g ::1":               "net route ::1 --family inet6",
		"neigh":                    "",
		"addr add 10.0.0.1 dev lo": "",
		"link set lo up":           "",
		"route add default":        "",
		"route show table all":     "",
		"-4":                       "",
		"a show up eth0":           "",
	} {
		words, err := translateIP(strings.Fields(line))
		if got := strings.Join(words, " "); want != "" && (got != want || err != nil) || want == "" && primitive.KindOf(err) != primitive.Usage {
			t.Errorf("ip %s: %q, %v", line, got, err)
		}
	}
}

func TestTranslateSS(t *testing.T) {
	for line, want := range map[string]string{
		"ss":                   "net sockets",
		"ss -ltn":              "net sockets --listening --proto tcp",
		"ss -tunap":            "net sockets --proto tcp,udp",
		"ss -x -l":             "net sockets --listening --proto unix",
		"ss --listening --tcp": "net sockets --listening --proto tcp",
		"ss --unix":            "net sockets --proto unix",
		"ss -t --json":         "net sockets --json --proto tcp",
		"netstat":              "net sockets",
		"netstat -an":          "net sockets",
		"netstat -tulpn":       "net sockets --listening --proto tcp,udp",
		"netstat -rn":          "net routes",
		"netstat -i":           "net interfaces",
		"ss dport = :80":       "",
		"ss -Z":                "",
		"netstat -s":           "",
	} {
		words := strings.Fields(line)
		got, err := translateSS(words[0], words[1:])
		if text := strings.Join(got, " "); want != "" && (text != want || err != nil) || want == "" && primitive.KindOf(err) != primitive.Usage {
			t.Errorf("%s: %q, %v", line, text, err)
		}
	}
}
