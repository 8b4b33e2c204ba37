package main

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"sosh/internal/nettest"
)

// needs skips the test when a program of others is missing. Where all of them
// are installed (SOSH_PEERS=all, as .ci/run sets it) that is a failure.
func needs(t testing.TB, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err == nil {
		return path
	}
	nettest.Missing(t, program+", which is not installed")
	return ""
}

// interpreter is a Python: the system's own where there is one, because the
// modules that a distribution packages are there and not in one of a version manager.
func interpreter(t testing.TB) string {
	t.Helper()
	if path, err := exec.LookPath("/usr/bin/python3"); err == nil {
		return path
	}
	return needs(t, "python3")
}

// python starts one of the programs of testdata/python.
func python(t testing.TB, script string, args ...string) *program {
	t.Helper()
	args = append([]string{filepath.Join("testdata", "python", script)}, args...)
	return launch(t, exec.Command(interpreter(t), args...))
}

// TestPythonServersAndLessons runs our clients against Python's servers.
func TestPythonServersAndLessons(t *testing.T) {
	t.Parallel()
	t.Run("tcp", func(t *testing.T) {
		server := python(t, "tcp_server.py", "0")
		client := launch(t, sosh(t, "run", "tcp-client", "--port", server.port(server.out, "listening on port ")))
		want(t, "client", client.finish(0), "hey client\n")
		server.says("server waiting for connection", "client connected from 127.0.0.1 ", "received from client hey server")
		server.finish(0)
	})
	t.Run("udp", func(t *testing.T) {
		server := python(t, "udp_server.py", "0", "1")
		client := launch(t, sosh(t, "run", "udp-client", "--port", server.port(server.out, "bound to port ")))
		want(t, "client", client.finish(0), "server says hello I am UDP server\n")
		server.finish(0)
		if from := server.after(server.out, "received from 127.0.0.1 "); !strings.HasSuffix(from, " hello UDP server") {
			t.Errorf("server received %q", from)
		}
	})
	t.Run("threaded", func(t *testing.T) {
		server := python(t, "threaded_server.py", "0", "2")
		port := server.port(server.out, "listening on port ")
		for range 2 {
			client := launch(t, sosh(t, "run", "threaded-client", "--port", port))
			want(t, "client", client.finish(0), "waiting for connection\nwelcome to the server\nhello I am server hello server\n")
		}
		server.says("waiting for connections", "connected to 127.0.0.1 ", "thread number 1", "thread number 2")
		server.finish(0)
	})
	t.Run("errors", func(t *testing.T) {
		server := python(t, "threaded_server.py", "0", "1")
		client := launch(t, sosh(t, "run", "tcp-client-errors", "--host", "127.0.0.1", "--port", server.port(server.out, "listening on port ")))
		client.says("socket created\nsocket connected to 127.0.0.1 on port number ", "socket created\nfailed to connect to www.abc.invalid on port number 80, reason: ")
		client.finish(0)
	})
}

// TestPythonClientsAndLessons runs Python's clients against our servers.
func TestPythonClientsAndLessons(t *testing.T) {
	t.Parallel()
	t.Run("tcp", func(t *testing.T) {
		server := launch(t, sosh(t, "run", "tcp-server", "--port", "0"))
		client := python(t, "tcp_client.py", server.port(server.out, "listening on 127.0.0.1:"), "hey server", "Mohan")
		want(t, "client", client.finish(0), "hey client\nwant to send more data? yes\nhey client\nwant to send more data? no\n")
		server.says("server waiting for connection\nclient connected from 127.0.0.1 ", "received from client hey server\nreceived from client Mohan\n")
		server.finish(0)
	})
	t.Run("udp", func(t *testing.T) {
		server := launch(t, sosh(t, "run", "udp-server", "--port", "0"))
		client := python(t, "udp_client.py", server.port(server.out, "listening on 127.0.0.1:"))
		want(t, "client", client.finish(0), "server says hello I am UDP server\n")
		if from := server.after(server.out, "received from 127.0.0.1 "); !strings.HasSuffix(from, " hello UDP server") {
			t.Errorf("server received %q", from)
		}
		server.interrupt()
		server.finish(130)
		server.says("exited by the user")
	})
	t.Run("threaded", func(t *testing.T) {
		server := launch(t, sosh(t, "run", "threaded-server", "--port", "0"))
		twoPythonClients(t, server.port(server.out, "listening on 127.0.0.1:"))
		server.says("waiting for connections\nconnected to 127.0.0.1 ", "thread number 1\nconnected to 127.0.0.1 ", "thread number 2")
		server.interrupt()
		server.finish(130)
	})
}

// twoPythonClients are there at once: both are welcomed before one speaks.
func twoPythonClients(t *testing.T, port string) {
	t.Helper()
	clients := []*program{python(t, "threaded_client.py", port, "-"), python(t, "threaded_client.py", port, "-")}
	for _, c := range clients {
		c.says("waiting for connection\nwelcome to the server\n")
	}
	for i, c := range clients {
		c.types(fmt.Sprint("hello server ", i))
		c.says(fmt.Sprint("hello I am server hello server ", i))
		c.in.Close()
		c.finish(0)
	}
}

// TestPythonServersAndTyping types the client's steps at Python's servers.
func TestPythonServersAndTyping(t *testing.T) {
	t.Run("tcp", func(t *testing.T) {
		server := python(t, "tcp_server.py", "0")
		port := server.port(server.out, "listening on port ")
		client := launch(t, sosh(t, "-c", "socket open inet stream; socket connect s1 127.0.0.1 "+port+"; send s1 hey server; recv s1 1024; close s1"))
		want(t, "stdout", client.finish(0), "hey client")
		server.says("client connected from 127.0.0.1 ", "received from client hey server")
		server.finish(0)
	})
	t.Run("udp", func(t *testing.T) {
		server := python(t, "udp_server.py", "0", "1")
		port := server.port(server.out, "bound to port ")
		client := launch(t, sosh(t, "-c", "udp sendto 127.0.0.1 "+port+" hello UDP server\nprint((u1:recvfrom(4096)))"))
		want(t, "stdout", client.finish(0), "hello I am UDP server\n")
		server.finish(0)
	})
	t.Run("threaded", func(t *testing.T) {
		server := python(t, "threaded_server.py", "0", "1")
		client := launch(t, sosh(t))
		client.types("tcp connect 127.0.0.1 "+server.port(server.out, "listening on port "),
			"expect c1 welcome to the server", "send c1 hello server", "print(c1:recv())", "close c1")
		client.in.Close()
		if got := client.finish(0); !strings.HasSuffix(got, "hello I am server hello server\n") {
			t.Errorf("stdout %q", got)
		}
		server.finish(0)
	})
}

// TestPythonClientsAndTyping types the server's steps for Python's clients.
func TestPythonClientsAndTyping(t *testing.T) {
	t.Run("tcp", func(t *testing.T) {
		server := launch(t, sosh(t))
		server.types("listen 0 --backlog 5", "print('port ' .. l1.lport)", "accept l1", "recv c1 1024")
		client := python(t, "tcp_client.py", server.port(server.out, "port "))
		server.types("send c1 hey client", "recv c1", "close c1")
		server.in.Close()
		want(t, "client", client.finish(0), "hey client\nwant to send more data? no\n")
		if got := server.finish(0); !strings.HasSuffix(got, "hey server") {
			t.Errorf("stdout %q", got)
		}
	})
	t.Run("udp", func(t *testing.T) {
		server := launch(t, sosh(t))
		server.types("udp bind 0", "print('port ' .. u1.lport)", "data, host, port = u1:recvfrom(4096)", "print('received ' .. data)",
			"sendto u1 $host $port hello I am UDP server")
		client := python(t, "udp_client.py", server.port(server.out, "port "))
		want(t, "client", client.finish(0), "server says hello I am UDP server\n")
		server.in.Close()
		server.finish(0)
		server.says("received hello UDP server")
	})
	t.Run("errors", func(t *testing.T) {
		server := launch(t, sosh(t))
		server.types("listen 0", "print('port ' .. l1.lport)")
		port := server.port(server.out, "port ")
		client := python(t, "tcp_client_errors.py", "127.0.0.1", port)
		want(t, "client", client.finish(0), "socket created\nsocket connected to 127.0.0.1 on port number "+port+"\n")
		server.types("accept l1", "print(select(3, c1:recv()))")
		server.in.Close()
		server.finish(0)
		server.says("eof\n")
	})
	t.Run("threaded", func(t *testing.T) {
		server := launch(t, sosh(t))
		server.types("function hello(c)", `  c:send("welcome to the server")`,
			`  for data in function() return (c:recv(2048)) end do c:send("hello I am server " .. data) end`, "end",
			"serve 0 $hello &", "print('port ' .. t1.lport)")
		twoPythonClients(t, server.port(server.out, "port "))
		server.types("kill t1")
		server.in.Close()
		server.finish(0)
	})
}

// randomBytes are 300,000 that nothing may change on their way.
func randomBytes(t testing.TB) []byte {
	t.Helper()
	data := make([]byte, 300_000)
	if _, err := rand.Read(data); err != nil {
		t.Fatal(err)
	}
	copy(data, "\x00\xff\r\n\x00")
	return data
}

// echoed is for a whole peer: 300,000 bytes go in, and what comes out is compared
// when the peer ended by itself.
func echoed(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	data := randomBytes(t)
	cmd.Stdin = bytes.NewReader(data)
	if got := launch(t, cmd).finish(0); got != string(data) {
		t.Errorf("%s: %d bytes came back changed, want %d", cmd, len(got), len(data))
	}
}

// TestSocatEchoes sends to the echo of socat, with a half-close at the end of our
// input, and takes everything it sends back.
func TestSocatEchoes(t *testing.T) {
	server := launch(t, exec.Command(needs(t, "socat"), "-d", "-d", "-t20", "TCP-LISTEN:0,bind=127.0.0.1", "EXEC:cat"))
	echoed(t, sosh(t, "tcp", "connect", "127.0.0.1", server.port(server.err, "listening on AF=2 127.0.0.1:")))
}

// TestNcatServes attaches to a listening ncat, each direction for itself: at the
// end of one ncat gives up the other.
func TestNcatServes(t *testing.T) {
	serve := func(in io.Reader) (*program, string) {
		port := nettest.FreePort(t)
		cmd := exec.Command(needs(t, "ncat"), "-v", "-l", "127.0.0.1", port)
		cmd.Stdin = in
		server := launch(t, cmd)
		server.after(server.err, "Listening on ")
		return server, port
	}
	t.Run("takes", func(t *testing.T) {
		data := randomBytes(t)
		server, port := serve(nil)
		cmd := sosh(t, "tcp", "connect", "127.0.0.1", port)
		cmd.Stdin = bytes.NewReader(data)
		launch(t, cmd).finish(0)
		if server.finish(0) != string(data) {
			t.Error("what came is not what was sent")
		}
	})
	t.Run("gives", func(t *testing.T) {
		data := randomBytes(t)
		server, port := serve(bytes.NewReader(data))
		if launch(t, sosh(t, "tcp", "connect", "127.0.0.1", port)).finish(0) != string(data) {
			t.Error("what came is not what was sent")
		}
		server.finish(0)
	})
}

// clients are the commands by which others connect their stdin and stdout to a
// port, and half-close at the end of stdin.
func clients(t *testing.T) map[string]func(port string) *exec.Cmd {
	return map[string]func(string) *exec.Cmd{
		"ncat": func(port string) *exec.Cmd { return exec.Command(needs(t, "ncat"), "127.0.0.1", port) },
		"socat": func(port string) *exec.Cmd {
			return exec.Command(needs(t, "socat"), "-t20", "-", "TCP:127.0.0.1:"+port)
		},
	}
}

// TestToolsUseOurEcho lets ncat and socat talk to `serve echo`.
func TestToolsUseOurEcho(t *testing.T) {
	for _, name := range []string{"ncat", "socat"} {
		t.Run(name, func(t *testing.T) {
			server, port := serveEcho(t)
			echoed(t, clients(t)[name](port))
			server.interrupt()
			server.finish(130)
		})
	}
}

// serveEcho runs the built-in echo until it is interrupted.
func serveEcho(t *testing.T) (*program, string) {
	t.Helper()
	server := launch(t, sosh(t, "serve", "0", "echo"))
	return server, server.port(server.err, "serve echo on 127.0.0.1:")
}

// TestToolsAndListen lets ncat and socat be the client of `sosh listen`, each
// direction for itself.
func TestToolsAndListen(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"ncat", "socat"} {
		t.Run(name+" sends", func(t *testing.T) {
			data := randomBytes(t)
			server := launch(t, sosh(t, "listen", "0")) // its input stays open
			client := clients(t)[name](server.port(server.err, "listening on 127.0.0.1:"))
			client.Stdin = bytes.NewReader(data)
			launch(t, client).finish(0)
			if server.finish(0) != string(data) {
				t.Error("what came is not what was sent")
			}
		})
		t.Run(name+" receives", func(t *testing.T) {
			data := randomBytes(t)
			cmd := sosh(t, "listen", "0")
			cmd.Stdin = bytes.NewReader(data)
			server := launch(t, cmd)
			client := launch(t, clients(t)[name](server.port(server.err, "listening on 127.0.0.1:")))
			client.until(client.out, "all of it", func(all string) bool { return len(all) >= len(data) })
			client.in.Close()
			if client.finish(0) != string(data) {
				t.Error("what came is not what was sent")
			}
			server.finish(0)
		})
	}
}

// TestToolsAndDatagrams sends one datagram of bytes to each side.
func TestToolsAndDatagrams(t *testing.T) {
	data := randomBytes(t)[:1000]
	senders := map[string][]string{"ncat": {"-u", "--send-only", "127.0.0.1", "PORT"}, "socat": {"-u", "-", "UDP-SENDTO:127.0.0.1:PORT"}}
	for name, args := range senders {
		t.Run(name+" sends", func(t *testing.T) {
			server := launch(t, sosh(t))
			server.types("udp bind 0", "print('port ' .. u1.lport)", "print((hex.encode((u1:recvfrom(4096)))))")
			port := server.port(server.out, "port ")
			cmd := exec.Command(needs(t, name), strings.Split(strings.ReplaceAll(strings.Join(args, " "), "PORT", port), " ")...)
			cmd.Stdin = bytes.NewReader(data)
			launch(t, cmd).finish(0)
			server.says(fmt.Sprintf("%x\n", data))
		})
	}
	servers := map[string][]string{"ncat": {"-v", "-u", "-l", "127.0.0.1", "PORT", "--exec", "/bin/cat"}, "socat": {"-d", "-d", "UDP-RECVFROM:PORT,bind=127.0.0.1", "EXEC:cat"}}
	for name, args := range servers {
		t.Run(name+" answers", func(t *testing.T) {
			port := nettest.FreePort(t)
			server := launch(t, exec.Command(needs(t, name), strings.Split(strings.ReplaceAll(strings.Join(args, " "), "PORT", port), " ")...))
			server.after(server.err, map[string]string{"ncat": "Listening on ", "socat": "receiving on "}[name])
			client := launch(t, sosh(t, "-c", "udp sendto 127.0.0.1 "+port+" hello UDP server; recvfrom u1 --timeout 10s --json"))
			if got := client.finish(0); !strings.Contains(got, "hello UDP server") {
				t.Errorf("stdout %q", got)
			}
		})
	}
}

// TestNmapSeesOurListener scans one port of this machine by connecting.
func TestNmapSeesOurListener(t *testing.T) {
	server, port := serveEcho(t)
	scan := launch(t, exec.Command(needs(t, "nmap"), "-n", "-Pn", "-sT", "-p", port, "127.0.0.1"))
	if got := scan.finish(0); !strings.Contains(got, port+"/tcp open") {
		t.Errorf("nmap says %q", got)
	}
	server.interrupt()
	server.finish(130)
}

// TestTsharkSeesOurBytes captures an exchange with our echo on the loopback.
func TestTsharkSeesOurBytes(t *testing.T) {
	t.Parallel()
	tshark := needs(t, "tshark")
	if os.Geteuid() != 0 || runtime.GOOS != "linux" {
		nettest.Missing(t, "root and Linux, to capture on lo")
	}
	_, port := serveEcho(t)
	capture := launch(t, exec.Command(tshark, "-l", "-i", "lo", "-f", "tcp port "+port, "-T", "fields", "-e", "tcp.dstport", "-e", "tcp.payload"))
	capture.after(capture.err, "Capture started")
	launch(t, sosh(t, "-c", "tcp connect 127.0.0.1 "+port+"; send c1 hey server; recv c1 --exact 10; close c1")).finish(0)
	payload := fmt.Sprintf("%x", "hey server")
	capture.says(port+"\t"+payload, "\t"+payload)
	capture.interrupt()
	<-capture.ended
}
