package main

import (
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// serving runs `serve 0 …` until the test ends it, and gives its port.
func serving(t *testing.T, words ...string) (*program, string) {
	t.Helper()
	server := launch(t, sosh(t, append([]string{"serve", "0"}, words...)...))
	return server, server.port(server.err, "serve "+words[0]+" on 127.0.0.1:")
}

// The tools of others read what our services say.
func TestToolsUseOurServices(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"ncat", "socat"} {
		for _, service := range []struct {
			words []string
			want  string
		}{
			{[]string{"daytime"}, `^[A-Z][a-z]+day, [A-Z][a-z]+ \d+, \d{4} \d\d:\d\d:\d\d-\S+\r\n$`},
			{[]string{"chargen", "--limit", "10"}, `^ !"#\$%&'\(\)$`},
			{[]string{"reply", "see", "you"}, `^see you$`},
			{[]string{"reply", "see", "you", "--truncate", "3"}, `^see$`},
			{[]string{"discard"}, `^$`},
		} {
			t.Run(name+" "+strings.Join(service.words, " "), func(t *testing.T) {
				server, port := serving(t, service.words...)
				cmd := clients(t)[name](port)
				cmd.Stdin = strings.NewReader("what nobody asked for\n")
				if got := launch(t, cmd).finish(0); !regexp.MustCompile(service.want).MatchString(got) {
					t.Errorf("%q", got)
				}
				server.interrupt()
				server.finish(130)
			})
		}
	}
}

// A datagram of ncat's and of socat's is answered.
func TestToolsUseOurDatagramServices(t *testing.T) {
	server, port := serving(t, "echo", "--udp")
	for _, cmd := range []*exec.Cmd{
		exec.Command(needs(t, "socat"), "-t1", "-", "UDP:127.0.0.1:"+port),
		exec.Command(needs(t, "ncat"), "-u", "-i1", "127.0.0.1", port), // it ends by its own time, with an error
	} {
		client := launch(t, cmd)
		client.types("hello")
		client.says("hello\n")
		client.in.Close()
	}
	server.interrupt()
	server.finish(130)
}

// Two programs of others meet in our room.
func TestToolsChat(t *testing.T) {
	server, port := serving(t, "chat")
	anna := launch(t, clients(t)["socat"](port))
	anna.says("* you are guest1; 1 here")
	ben := launch(t, clients(t)["ncat"](port))
	anna.says("* guest2 joined")
	ben.types("hello from ncat")
	anna.says("guest2: hello from ncat")
	anna.types("/quit")
	ben.says("* guest1 left")
	ben.in.Close()
	server.interrupt()
	server.finish(130)
}

// What a mock does is what Python's sockets see.
func TestPythonMeetsMocks(t *testing.T) {
	t.Parallel()
	const client = `
import socket, sys
try:
    s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=20)
    got = b""
    while True:
        data = s.recv(100)
        if not data: break
        got += data
    print("end after", len(got))
except ConnectionResetError:
    print("reset")
`
	for _, mock := range []struct {
		flags []string
		want  string
	}{
		{nil, "end after 11\n"},
		{[]string{"--truncate", "5"}, "end after 5\n"},
		{[]string{"--reset"}, "reset\n"},
		{[]string{"--idle", "50ms"}, "end after 11\n"},
		{[]string{"--delay", "10ms", "--chance", "1"}, "end after 11\n"},
	} {
		server, port := serving(t, append([]string{"reply", "hello world"}, mock.flags...)...)
		if got := launch(t, exec.Command(needs(t, "python3"), "-c", client, port)).finish(0); got != mock.want {
			t.Errorf("%q: %q", mock.flags, got)
		}
		server.interrupt()
		server.finish(130)
	}
}

// A load against a server of Python's, which knows nothing of us.
func TestLoadAgainstPython(t *testing.T) {
	const server = `
import socketserver
class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile: self.wfile.write(line)
class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 50
with Server(("127.0.0.1", 0), Echo) as s:
    print("port", s.server_address[1], flush=True)
    s.serve_forever()
`
	python := launch(t, exec.Command(needs(t, "python3"), "-c", server))
	port := python.port(python.out, "port ")
	load := launch(t, sosh(t, "--escapes", "tcp", "load", "127.0.0.1", port, "--clients", "4", "--time", "1s", "--send", `hello\n`, "--expect", "hello", "--json"))
	out := load.finish(0)
	if lines := strings.Split(strings.TrimSpace(out), "\n"); !regexp.MustCompile(`"total":true,.*"answered":[1-9]\d*,"failed":0,`).MatchString(lines[len(lines)-1]) {
		t.Errorf("%s", out)
	}
}
