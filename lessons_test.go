package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"

	"sosh/internal/nettest"
	"sosh/scripts"
)

// patience bounds everything these tests wait for.
const patience = time.Minute

// sosh is a command that runs this program, with a history of its own.
func sosh(t testing.TB, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command("sosh", args...)
	cmd.Env = append(os.Environ(), "XDG_STATE_HOME="+t.TempDir(), "XDG_CONFIG_HOME="+t.TempDir())
	return cmd
}

// A screen keeps what a program prints, and lets a test wait for it.
type screen struct {
	mu      sync.Mutex
	text    bytes.Buffer
	changed chan struct{} // closed by the next Write
}

func newScreen() *screen { return &screen{changed: make(chan struct{})} }

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.changed)
	s.changed = make(chan struct{})
	return s.text.Write(p)
}

// look gives the text so far, and what is closed when there is more.
func (s *screen) look() (string, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String(), s.changed
}

// A program is a process that runs beside the test, at most until its end.
type program struct {
	t        testing.TB
	cmd      *exec.Cmd
	in       io.WriteCloser // nil when the command brought its own input
	out, err *screen
	ended    chan struct{}
	asked    int // how much of stdout is before the last question
}

// launch starts a command. The test's end kills it, if it is still there.
func launch(t testing.TB, cmd *exec.Cmd) *program {
	t.Helper()
	p := &program{t: t, cmd: cmd, out: newScreen(), err: newScreen(), ended: make(chan struct{})}
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = p.out, p.err, time.Second
	if cmd.Stdin == nil {
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		p.in = in
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = cmd.Wait() // the exit code is what counts
		close(p.ended)
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended
		<-p.ended
	})
	return p
}

// fatal fails the test and shows what the program printed.
func (p *program) fatal(format string, args ...any) {
	p.t.Helper()
	out, _ := p.out.look()
	errs, _ := p.err.look()
	p.t.Fatalf("%s\n%s\nstdout: %.2000q\nstderr: %.2000q", fmt.Sprintf(format, args...), p.cmd, out, errs)
}

// until waits until found says that the screen shows it; what names it.
func (p *program) until(s *screen, what string, found func(all string) bool) {
	p.t.Helper()
	late := time.After(patience)
	for ended := false; ; {
		all, changed := s.look()
		switch {
		case found(all):
			return
		case ended:
			p.fatal("it ended without %.300q", what)
		}
		select {
		case <-changed:
		case <-p.ended:
			ended = true // and look once more
		case <-late:
			p.fatal("waited for %.300q", what)
		}
	}
}

// after waits for text, and gives what follows it on its line.
func (p *program) after(s *screen, text string) string {
	p.t.Helper()
	line := ""
	p.until(s, text, func(all string) bool {
		_, rest, _ := strings.Cut(all, text)
		whole := false
		line, _, whole = strings.Cut(rest, "\n")
		return whole
	})
	return strings.TrimSuffix(line, "\r")
}

// says waits for these texts on stdout, each after the one before.
func (p *program) says(texts ...string) {
	p.t.Helper()
	from := 0
	for _, text := range texts {
		p.until(p.out, text, func(all string) bool {
			at := strings.Index(all[from:], text)
			if at >= 0 {
				from += at + len(text)
			}
			return at >= 0
		})
	}
}

// port waits for text and gives the number after it.
func (p *program) port(s *screen, text string) string {
	p.t.Helper()
	rest := p.after(s, text)
	return rest[:len(rest)-len(strings.TrimLeft(rest, "0123456789"))]
}

// finish waits for the end, wants the exit code, and gives what was printed.
func (p *program) finish(code int) string {
	p.t.Helper()
	select {
	case <-p.ended:
	case <-time.After(patience):
		p.fatal("it does not end")
	}
	if got := p.cmd.ProcessState.ExitCode(); got != code {
		p.fatal("exit code %d, want %d", got, code)
	}
	out, _ := p.out.look()
	return out
}

// types types lines to the program and leaves its input open.
func (p *program) types(lines ...string) {
	p.t.Helper()
	if _, err := io.WriteString(p.in, strings.Join(lines, "\n")+"\n"); err != nil {
		p.fatal("typing: %v", err)
	}
}

// interrupt is Ctrl-C.
func (p *program) interrupt() {
	p.t.Helper()
	if runtime.GOOS == "windows" {
		p.t.Skip("no interrupt can be sent to a process on Windows")
	}
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		p.fatal("interrupt: %v", err)
	}
}

// want compares what was printed.
func want(t testing.TB, what, got, wanted string) {
	t.Helper()
	if got != wanted {
		t.Errorf("%s: %.300q, want %.300q", what, got, wanted)
	}
}

// TestLecture runs the whole course in one process.
func TestLecture(t *testing.T) {
	t.Parallel()
	lecture := launch(t, sosh(t, "run", "lecture"))
	lecture.finish(0)
	lecture.says("client | socket created", "client | failed to connect to www.abc.invalid on port number 80, reason: ")
	lecture.says("server | server waiting for connection", "server | received from client hey server", "server | received from client Mohan")
	lecture.says("client | hey client", "client | want to send more data? yes", "client | enter payload Mohan")
	lecture.says("server | received from 127.0.0.1 ", "client | server says hello I am UDP server")
	lecture.says("server | thread number 1", "server | thread number 2") // the clients speak meanwhile
	lecture.says("client 1 | say something hello server")
	for _, client := range []string{"client 1 | ", "client 2 | "} {
		lecture.says(client+"welcome to the server", client+"hello I am server hello server")
	}
}

// TestLectureAgain holds that lectures do not disturb each other: no port is fixed.
func TestLectureAgain(t *testing.T) {
	t.Parallel()
	first, second := launch(t, sosh(t, "run", "lecture")), launch(t, sosh(t, "run", "lecture"))
	first.finish(0)
	second.finish(0)
}

// TestLessons plays each lesson, a program of two with its other side, and wants
// it to be quick.
func TestLessons(t *testing.T) {
	t.Parallel()
	for _, l := range scripts.List() {
		t.Run(l.Name, func(t *testing.T) {
			t.Parallel()
			lesson := launch(t, sosh(t, "lesson", "run", l.Name, "--check"))
			if out := lesson.finish(0); !strings.HasPrefix(out, "ok") {
				t.Errorf("the report is %q", out)
			}
			if errs, _ := lesson.err.look(); shown.ReplaceAllString(errs, "") != "" {
				t.Errorf("it complains: %s", errs)
			}
		})
	}
}

// shown are lines of a protocol that a step asked for: --show.
var shown = regexp.MustCompile(`(?m)^[*<>] .*\n`)

// TestLessonsAlone runs each lesson that needs nobody else as `run` does.
func TestLessonsAlone(t *testing.T) {
	t.Parallel()
	for _, l := range scripts.List() {
		if l.Side == "" {
			t.Run(l.Name, func(t *testing.T) {
				t.Parallel()
				launch(t, sosh(t, "run", l.Name)).finish(0)
			})
		}
	}
	launch(t, sosh(t, "run", "tcp-client-errors")).finish(0)
}

// TestLessonPairs runs the programs of the lecture as two processes each.
func TestLessonPairs(t *testing.T) {
	t.Parallel()
	t.Run("tcp", func(t *testing.T) {
		server, port := lessonServer(t, "tcp-server")
		want(t, "client", lessonClient(t, "tcp-client", port), "hey client\n")
		server.says("server waiting for connection\nclient connected from 127.0.0.1 ", "received from client hey server\n")
		server.finish(0)
	})
	t.Run("udp", func(t *testing.T) {
		server, port := lessonServer(t, "udp-server")
		want(t, "client", lessonClient(t, "udp-client", port), "server says hello I am UDP server\n")
		server.interrupt()
		server.finish(130)
		server.says("received from 127.0.0.1 ", "exited by the user\n")
	})
	t.Run("threaded", func(t *testing.T) {
		server, port := lessonServer(t, "threaded-server")
		for range 2 {
			want(t, "client", lessonClient(t, "threaded-client", port), "waiting for connection\nwelcome to the server\nhello I am server hello server\n")
		}
		server.interrupt()
		server.finish(130)
		server.says("waiting for connections\nconnected to 127.0.0.1 ", "thread number 1\nconnected to 127.0.0.1 ", "thread number 2\n", "exited by the user\n")
	})
}

func lessonServer(t *testing.T, name string) (*program, string) {
	t.Helper()
	server := launch(t, sosh(t, "run", name, "--port", "0"))
	return server, server.port(server.out, "listening on 127.0.0.1:")
}

func lessonClient(t *testing.T, name, port string) string {
	t.Helper()
	return launch(t, sosh(t, "run", name, "--port", port)).finish(0)
}

// TestLessonWithoutServer holds that a client alone says what to start, and that
// the server alone is ended by Ctrl-C while it waits.
func TestLessonWithoutServer(t *testing.T) {
	t.Parallel()
	client := launch(t, sosh(t, "run", "tcp-client", "--port", nettest.FreePort(t)))
	client.finish(1)
	client.after(client.err, "start the server first: sosh run tcp-server")
	server, _ := lessonServer(t, "tcp-server")
	server.says("server waiting for connection")
	server.interrupt()
	server.finish(130)
	server.says("exited by the user")
	if errs, _ := server.err.look(); errs != "" {
		t.Errorf("it complains: %s", errs)
	}
}

// TestLessonUsage holds that wrong options of a lesson are wrong usage.
func TestLessonUsage(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"--port", "99999"}, {"--port", "eighty"}, {"--port"}, {"--prot", "1"}, {"12345"}} {
		launch(t, sosh(t, append([]string{"run", "tcp-server"}, args...)...)).finish(2)
	}
}

// TestLessonQuestions answers the lecture's questions on a terminal.
func TestLessonQuestions(t *testing.T) {
	server, port := lessonServer(t, "tcp-server")
	client := onTerminal(t, sosh(t, "run", "tcp-client", "--port", port))
	client.answers("want to send more data?", "yes")
	client.answers("enter payload", "Mohan")
	client.answers("want to send more data?", "no")
	client.finish(0)
	server.says("received from client hey server\n", "received from client Mohan\n")
	server.finish(0)
}

// onTerminal starts a command on a dumb terminal of its own.
func onTerminal(t *testing.T, cmd *exec.Cmd) *program {
	t.Helper()
	return startOn(t, "dumb", cmd)
}

// startOn starts a command on a terminal of its own, of a kind.
func startOn(t *testing.T, kind string, cmd *exec.Cmd) *program {
	t.Helper()
	cmd.Env = append(cmd.Environ(), "TERM="+kind)
	p := &program{t: t, cmd: cmd, out: newScreen(), err: newScreen(), ended: make(chan struct{})}
	tty, err := pty.Start(cmd)
	if err != nil {
		nettest.Missing(t, "a pty: "+err.Error())
	}
	p.in = tty
	go func() {
		_, _ = io.Copy(p.out, tty) // ends with an error when the program does
		_ = cmd.Wait()             // the exit code is what counts
		close(p.ended)
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended
		<-p.ended
		tty.Close()
	})
	return p
}

// answers waits for the next such question on the terminal, and types.
func (p *program) answers(question, answer string) {
	p.t.Helper()
	p.until(p.out, question, func(all string) bool {
		at := strings.Index(all[p.asked:], question)
		if at >= 0 {
			p.asked += at + len(question)
		}
		return at >= 0
	})
	p.types(answer)
}
