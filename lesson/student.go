package lesson

import (
	"context"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"

	"sosh/primitive"
)

// A student is a program that somebody wrote, running or not. One runs at a time.
type student struct {
	command []string
	fixed   int // its port, if it has one of its own

	mu      sync.Mutex
	printed tail
	running *process
}

// A process is one run of the program.
type process struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	ended chan struct{}
}

// A function of Go, for a script to call.
type function func(ctx context.Context, args ...any) ([]any, error)

// Call calls it.
func (f function) Call(ctx context.Context, args ...any) ([]any, error) { return f(ctx, args...) }

// String names it in errors.
func (f function) String() string { return "built-in function" }

// table is what a point is called with: student.start(port), student.type(text),
// student.ended(seconds), student.output(), student.stop(), student.port.
func (s *student) table() map[string]any {
	t := map[string]any{
		"start": function(s.start), "type": function(s.typed), "ended": function(s.ended),
		"output": function(func(context.Context, ...any) ([]any, error) { return []any{s.output()}, nil }),
		"stop":   function(func(context.Context, ...any) ([]any, error) { s.stop(); return nil, nil }),
	}
	if s.fixed != 0 {
		t["port"] = float64(s.fixed)
	}
	return t
}

// start runs the program anew, for a port.
func (s *student) start(_ context.Context, args ...any) ([]any, error) {
	s.stop()
	port := ""
	if len(args) > 0 {
		n, _ := args[0].(float64)
		port = strconv.Itoa(int(n))
	}
	words := make([]string, len(s.command))
	for i, w := range s.command {
		words[i] = strings.NewReplacer("{port}", port, "{host}", "127.0.0.1").Replace(w)
	}
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Env = append(os.Environ(), "PYTHONUNBUFFERED=1", "PORT="+port) // what it prints is wanted at once
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = &s.printed, &s.printed, time.Second
	ownGroup(cmd)
	in, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, primitive.Newf(primitive.NotFound, "the program cannot be started: %s", primitive.Visible(err.Error()))
	}
	p := &process{cmd: cmd, in: in, ended: make(chan struct{})}
	go func() {
		_ = cmd.Wait() // the exit code tells
		close(p.ended)
	}()
	s.mu.Lock()
	s.running = p
	s.mu.Unlock()
	return []any{true}, nil
}

func (s *student) process() *process {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.running
}

// typed writes to the program's standard input, as a person at its keyboard.
func (s *student) typed(_ context.Context, args ...any) ([]any, error) {
	p := s.process()
	if p == nil || len(args) == 0 {
		return nil, primitive.Usagef("nothing is started, or there is nothing to type")
	}
	text, _ := args[0].(string)
	if _, err := io.WriteString(p.in, text); err != nil {
		return nil, primitive.Newf(primitive.BrokenPipe, "the program reads no more input")
	}
	return []any{true}, nil
}

// ended waits so many seconds for the end of the program, and gives its exit
// code; nil when it still runs.
func (s *student) ended(ctx context.Context, args ...any) ([]any, error) {
	p := s.process()
	if p == nil {
		return nil, primitive.Usagef("nothing is started")
	}
	seconds := 0.0
	if len(args) > 0 {
		seconds, _ = args[0].(float64)
	}
	timer := time.NewTimer(time.Duration(seconds * float64(time.Second)))
	defer timer.Stop()
	select {
	case <-p.ended:
		return []any{float64(p.cmd.ProcessState.ExitCode())}, nil
	case <-timer.C:
		return []any{nil}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// stop ends the program and whatever it started.
func (s *student) stop() {
	s.mu.Lock()
	p := s.running
	s.running = nil
	s.mu.Unlock()
	if p == nil {
		return
	}
	_ = p.in.Close() // it may be
	killGroup(p.cmd)
	<-p.ended
}

func (s *student) output() string { return s.printed.String() }

// A tail keeps the end of what is written to it.
type tail struct {
	mu   sync.Mutex
	data []byte
}

// Bytes of output that are kept.
const maxTail = 8 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.data = append(t.data, p...)
	if over := len(t.data) - maxTail; over > 0 {
		t.data = append(t.data[:0], t.data[over:]...)
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.data)
}
