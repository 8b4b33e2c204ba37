package session

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"sosh/primitive"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A door is a handle that tells when it is closed.
type door struct {
	primitive.Label
	closed bool
	log    *[]string
}

func (*door) Prefix() string { return "c" }
func (*door) Type() string   { return "stream" }
func (*door) Info() any      { return struct{}{} }
func (d *door) Closed() bool { return d.closed }
func (d *door) Close() error {
	if !d.closed && d.log != nil {
		*d.log = append(*d.log, d.Name())
	}
	d.closed = true
	return nil
}

func anything(primitive.Handle) bool { return true }

func TestNamesAreNeverReused(t *testing.T) {
	s := New(Options{})
	defer s.Close()
	a, b := &door{}, &door{}
	s.Adopt(a)
	s.Adopt(a)
	a.Close()
	s.Forget(a)
	s.Adopt(b)
	if a.Name() != "c1" || b.Name() != "c2" {
		t.Errorf("named %s and %s", a.Name(), b.Name())
	}
	for word, want := range map[string]primitive.Kind{"c1": primitive.Closed, "c3": primitive.NotFound, "web": ""} {
		if h, err := s.Lookup(word); h != nil || primitive.KindOf(err) != want {
			t.Errorf("%s: %v, %v", word, h, err)
		}
	}
}

func TestOwnNames(t *testing.T) {
	s := New(Options{})
	defer s.Close()
	a, b := &door{}, &door{}
	s.Adopt(a)
	s.Adopt(b)
	s.Name("web", a)
	s.Name("c9", a) // a generated name is the session's to give
	s.Name("web", b)
	if h, _ := s.Lookup("web"); h != b {
		t.Errorf("web is %v", h)
	}
	if len(s.OwnNames(a)) != 0 || !slices.Equal(s.OwnNames(b), []string{"web"}) {
		t.Errorf("own names %v, %v", s.OwnNames(a), s.OwnNames(b))
	}
	s.Forget(b)
	if h, err := s.Lookup("web"); h != nil || err != nil {
		t.Errorf("web is %v, %v after its handle went", h, err)
	}
}

// A closed current handle is an error: another one must not take its place
// unasked.
func TestCurrent(t *testing.T) {
	s := New(Options{})
	defer s.Close()
	if h, err := s.Current(anything); h != nil || err != nil {
		t.Errorf("at first: %v, %v", h, err)
	}
	a, b := &door{}, &door{}
	s.Adopt(a)
	s.Adopt(b)
	s.Use(a)
	s.Use(b)
	if h, _ := s.Current(anything); h != b {
		t.Errorf("current %v", h)
	}
	b.Close()
	if h, err := s.Current(anything); h != nil || primitive.KindOf(err) != primitive.Closed {
		t.Errorf("after close: %v, %v", h, err)
	}
	s.Use(a)
	if h, _ := s.Current(anything); h != a {
		t.Errorf("after use: %v", h)
	}
}

func TestCloseInReverse(t *testing.T) {
	s := New(Options{})
	var log []string
	for range 3 {
		s.Adopt(&door{log: &log})
	}
	started := make(chan bool)
	task := s.Go(t.Context(), "wait", func(ctx context.Context) ([]any, error) {
		close(started)
		<-ctx.Done()
		return nil, ctx.Err()
	})
	<-started
	s.Close()
	if got := strings.Join(log, " "); got != "c3 c2 c1" {
		t.Errorf("closed %s", got)
	}
	if !task.Closed() {
		t.Error("Close did not wait for the task")
	}
	late := &door{}
	s.Adopt(late)
	if !late.closed {
		t.Error("a handle adopted after Close stays open")
	}
	if refused := s.Go(t.Context(), "late", nil); !refused.Closed() {
		t.Error("a task started after Close runs")
	}
}

func TestTaskOutcomes(t *testing.T) {
	var notes []string
	s := New(Options{Notes: func(n Note) { notes = append(notes, n.Text) }})
	boom := errors.New("boom")
	for name, tc := range map[string]struct {
		fn    func(context.Context) ([]any, error)
		state string
	}{
		"done":     {func(context.Context) ([]any, error) { return []any{1}, nil }, "done"},
		"failed":   {func(context.Context) ([]any, error) { return nil, boom }, "failed"},
		"panicked": {func(context.Context) ([]any, error) { panic("glass") }, "failed"},
		"canceled": {func(ctx context.Context) ([]any, error) { <-ctx.Done(); return nil, ctx.Err() }, "canceled"},
	} {
		t.Run(name, func(t *testing.T) {
			task := s.Go(Held(t.Context(), true), name, tc.fn)
			task.Begin()
			if tc.state == "canceled" {
				task.Cancel()
			}
			_, err := task.Wait(t.Context())
			if got := task.Info().(TaskInfo).State; got != tc.state {
				t.Errorf("%s (%v), want %s", got, err, tc.state)
			}
		})
	}
	alone := s.Go(t.Context(), "alone", func(context.Context) ([]any, error) { return nil, boom })
	s.Close()
	if want := fmt.Sprintf("%s failed: boom", alone.Name()); !slices.Contains(notes, want) || len(notes) != 1 {
		t.Errorf("notes %q, want only %q", notes, want)
	}
}

// Many goroutines use one session at once; run with -race.
func TestConcurrentUse(t *testing.T) {
	s := New(Options{Notes: func(Note) {}})
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			d := &door{}
			s.Adopt(d)
			s.Name("mine", d)
			s.Use(d)
			s.Lookup(d.Name())
			s.Handles()
			s.Note(Note{Text: "x"})
			fmt.Fprintln(s.Out(), "x")
			s.Go(t.Context(), "x", func(context.Context) ([]any, error) { return nil, nil })
			s.Tasks()
			s.Forget(d)
		})
	}
	wg.Wait()
	s.Close()
}
