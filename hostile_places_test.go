//go:build unix

package main

import (
	"bufio"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sosh/internal/nettest"
	"sosh/primitive"
)

// A hostile server sends attack n, between < and >, to whoever sends the line n.
func hostileServer(t *testing.T, list []attack, once bool) string {
	return strings.Replace(nettest.Serve(t, func(c net.Conn) {
		for in := bufio.NewScanner(c); in.Scan(); {
			n, err := strconv.Atoi(in.Text())
			if err != nil || n >= len(list) {
				return
			}
			fmt.Fprintf(c, "<%s>", list[n].bytes)
			if once {
				return
			}
		}
	}), ":", " ", 1)
}

func hostileDatagrams(t *testing.T, list []attack) string {
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		p := make([]byte, 100)
		for {
			n, from, err := c.ReadFrom(p)
			if err != nil {
				return
			}
			if i, err := strconv.Atoi(string(p[:n])); err == nil && i < len(list) {
				c.WriteTo([]byte("<"+list[i].bytes+">"), from)
			}
		}
	}()
	t.Cleanup(func() {
		c.Close()
		<-done
	})
	return strings.Replace(c.LocalAddr().String(), ":", " ", 1)
}

// A spot is a way for what a peer sent to the screen: N is the attack's number,
// SIZE its bytes with the brackets.
type spot struct {
	name, line string
	shows      func(string) string
}

var places = []spot{
	{"recv", `send a "N\n"; recv a --exact SIZE`, lines},
	{"recv --json", `send a "N\n"; recv a --exact SIZE --json`, nil},
	{"recvline", `send b "N\n"; recv b --exact SIZE; close b`, nil},
	{"peek", `send a "N\n"; waitfor data a; peek a; recv a --exact SIZE > /dev/null`, nil},
	{"expect", `z = tcp connect ONCE; send z "N\n"; expect z "never" --timeout 5s; close z`, nil},
	{"expect --json", `z = tcp connect ONCE; send z "N\n"; expect z "never" --timeout 5s --json; close z`, nil},
	{"recvfrom", `udp sendto u1 UDP N; recvfrom u1`, lines},
	{"recvfrom --json", `udp sendto u1 UDP N; recvfrom u1 --json`, nil},
	{"hexdump", `hexdump ${ask(N, SIZE)}`, nil},
	{"a Lua value", `lua ask(N, SIZE)`, quoted},
	{"print", `lua print(ask(N, SIZE))`, visible},
	{"io.write", `lua io.write(ask(N, SIZE), "\n")`, visible},
	{"io.stderr", `lua io.stderr:write(ask(N, SIZE), "\n")`, visible},
	{"error", `lua error(ask(N, SIZE))`, visible},
	{"a table", `lua {[ask(N, SIZE)] = ask(N, SIZE)}`, nil},
	{"a table as JSON", `lua print(pcall(json.encode, {[ask(N, SIZE)] = ask(N, SIZE)}))`, nil},
	{"a failed task", `lua task.spawn(function() error(ask(N, SIZE)) end):join()`, nil},
	{"an unknown field", `lua a[ask(N, SIZE)]`, nil},
	{"an unknown global", `lua _G[ask(N, SIZE)].x`, nil},
	{"a name of a host", `tcp connect ${ask(N, SIZE)} 80 --timeout 1ms`, nil},
	{"an address", `ip info ${ask(N, SIZE)}`, nil},
	{"a file", `hexdump ${sosh("run " .. "./no" .. 1)}`, nil},
	{"an alias", `alias evil = hexdump ${ask(N, SIZE)}; alias; unalias evil`, nil},
	{"an option", `set prompt ${"{" .. ask(N, SIZE)}; set color ${ask(N, SIZE)}; set ${ask(N, SIZE)} 1`, nil},
	{"a job", `lua sosh("every 1h hexdump '" .. ask(N, SIZE) .. "' &") sosh "jobs" sosh "kill _"`, nil},
	{"a note of a command", `lua command.evil = {help = ask(N, SIZE), args = {"[" .. ask(N, SIZE) .. "]"}, run = function() return nil, ask(N, SIZE), ask(N, SIZE) end}`, nil},
	{"a command", `evil; help evil; evil 1 2 3`, nil},
}

func lines(s string) string   { return primitive.Escape(s, true) }
func quoted(s string) string  { return primitive.Quote(s) }
func visible(s string) string { return primitive.Visible(s) }

// Whatever a peer sends, wherever it is shown: the screen shows its escaped text,
// and nothing is typed.
func TestHostilePeer(t *testing.T) {
	t.Parallel()
	for part := range slices.Chunk(places, (len(places)+2)/3) {
		t.Run("from "+part[0].name, func(t *testing.T) {
			t.Parallel()
			hostileTo(t, part)
		})
	}
}

// hostileTo shows the whole corpus in some places of one shell.
func hostileTo(t *testing.T, places []spot) {
	list := corpus(t)
	v := newVictim(t, sosh(t, "--no-init"))
	server := hostileServer(t, list, false)
	v.types("a = tcp connect " + server)
	v.types("udp bind 0")
	v.types(`lua function ask(n, size) assert(a:send(n .. "\n")) return (assert(a:recv({exact = size}))) end`)
	fill := strings.NewReplacer("ONCE", hostileServer(t, list, true), "UDP", hostileDatagrams(t, list))
	for _, p := range places {
		t.Run(p.name, func(t *testing.T) {
			v.t = t
			for i, a := range list {
				if p.name == "recvline" {
					v.types("b = tcp connect " + server)
				}
				text := "<" + a.bytes + ">"
				line := strings.NewReplacer("N", fmt.Sprint(i), "SIZE", fmt.Sprint(len(text))).Replace(fill.Replace(p.line))
				answer := v.types(line)
				v.checks(a)
				if p.shows != nil && !strings.ContainsAny(p.shows(text), "\n\t") && !strings.Contains(answer, p.shows(text)) {
					t.Errorf("%s: shown %.2000q, want %.2000q", a.name, answer, p.shows(text))
				}
			}
		})
	}
	v.t = t
	v.ends()
}
