package repl_test

import (
	"strings"
	"testing"
)

func TestDialogues(t *testing.T) {
	for _, c := range []struct {
		name string
		in   string // commands; run with -c
		out  string // expected on stdout
		err  string // a piece of what is expected on stderr
		code int
	}{
		{name: "nothing", in: ""},
		{name: "comment", in: "# nothing\n  # again"},
		{name: "loopback", in: "listen 0; tcp connect $p; accept; send c1 hello; recv c2 --exact 5", out: "hello"},
		{name: "current", in: "listen 0; c = tcp connect $p; accept; send c hi; recv c2 --exact 2", out: "hi"},
		{name: "last", in: "listen 0; tcp connect $p; x = accept; use c1; send _ hi; recv x --exact 2", out: "hi"},
		{name: "unknown", in: "tpc connect 127.0.0.1 1", err: "-c:1: unknown command tpc, did you mean tcp", code: 2},
		{name: "called", in: "lisen()", err: "unknown command lisen, did you mean listen", code: 2},
		{name: "unknown in family", in: "tcp conect 127.0.0.1 1", err: "did you mean tcp connect", code: 2},
		{name: "family alone", in: "tcp", err: "tcp is a family of commands", code: 2},
		{name: "flag", in: "tcp connect 127.0.0.1 1 --tiemout 2", err: "did you mean timeout?", code: 2},
		{name: "global flag", in: "tcp connect 127.0.0.1 1 --jsn", err: "did you mean json?", code: 2},
		{name: "port", in: "listen 99999", err: "out of range", code: 2},
		{name: "where", in: "sleep 1ms\nsleep 1ms; sleep x\nsleep 1ms", err: "-c:2: sleep: ", code: 2},
		{name: "try", in: "try sleep x; hexdump A", out: "00000000  41", err: "no duration"},
		{name: "not live", in: "send c9 x", err: "there is no c9", code: 1},
		{name: "quoted is data", in: `listen 0; tcp connect $p; accept; send c1 "c9" '--json' ; recv c2 --exact 9`, out: "c9 --json"},
		{name: "dashes", in: `listen 0; tcp connect $p; accept; send c1 -- --json & > ; recv c2 --exact 10`, out: "--json & >"},
		{name: "values", in: "n = 3\nlisten 0; tcp connect $p; accept; send c1 $n ${n} \"$n\" '$n'; recv c2 --exact 8", out: "3 3 3 $n"},
		{name: "nil value", in: "send $nothing", err: "$nothing is nil", code: 2},
		{name: "reserved", in: "tcp = 3", err: "to set a variable of that name all the same: lua tcp = 3", code: 2},
		{name: "forced", in: "lua tcp = 3\nlua tcp", out: "3\n"},
		{name: "lua", in: "x = 3\nx", out: "3\n"},
		{name: "lua place", in: "x = 3\nboom()", err: "-c:2: attempt to call", code: 1},
		{name: "unfinished lua", in: "x = {", err: "not complete", code: 2},
		{name: "continued lua", in: "x = {\n}\nhexdump A", out: "00000000  41"},
		{name: "unfinished quote", in: "send 'x", err: "not closed", code: 2},
		{name: "task", in: "sleep 1ms &; wait t1"},
		{name: "serve", in: "serve 0 echo &; kill t1"},
		{name: "exit", in: "exit 7; sleep 1000", code: 7},
		{name: "help", in: "sleep ?", out: "usage: sleep"},
		{name: "help flag", in: "sleep --help", out: "usage: sleep"},
		{name: "help own", in: "help run", out: "usage: run [lesson|file]"},
		{name: "lessons", in: "run", out: "tcp-server  A TCP server\n"},
		{name: "lesson", in: "run tcp-sever", err: "did you mean tcp-server?", code: 2},
		{name: "pipe", in: "hexdump A | tr 4 5", out: "00000000  51"},
		{name: "pipes", in: "hexdump A | tr 4 5 | tr 5 6", out: "00000000  61"},
		{name: "program", in: "!printf '%s' 'a  b'", out: "a  b"},
		{name: "no program", in: "!no-such-program-here", err: "no such program", code: 1},
		{name: "program fails", in: "!false", err: "exit status 1", code: 1},
		{name: "misplaced", in: "send a & b", err: "& ends a command", code: 2},
		{name: "json", in: "handles --json; listen 0 --json", out: `"type":"listener"`},
		{name: "json error", in: "sleep x --json", err: `{"op":"sleep","target":"","kind":"usage","errno":"","message":"sleep: `, code: 2},
		{name: "max-time", in: "sleep 100 --max-time 10ms", err: "timed out", code: 1},
		{name: "expectation", in: "listen 0; tcp connect $p; accept; send c2 no; close c2; expect c1 yes", err: "expect", code: 3},
		{name: "end of stream", in: "listen 0; tcp connect $p; accept; close c2; recv c1; hexdump A", out: "00000000  41"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, strings.NewReader(""))
			w.portOf()
			code := w.run(t, "-c", c.in)
			out, err := w.out.String(), w.err.String()
			if code != c.code || !strings.Contains(out, c.out) || c.out == "" && out != "" || !strings.Contains(err, c.err) {
				t.Errorf("code %d, want %d\nout %q, want %q\nerr %q, want %q", code, c.code, out, c.out, err, c.err)
			}
		})
	}
}
