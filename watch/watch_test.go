package watch

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"sosh/primitive"
	"sosh/session"
	"sosh/sock"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A function is a Callable of a test.
type function func(ctx context.Context, it primitive.Handle) ([]any, error)

func (f function) Call(ctx context.Context, args ...any) ([]any, error) {
	var it primitive.Handle
	if len(args) > 0 {
		it = args[0].(primitive.Handle)
	}
	return f(ctx, it)
}

func (f function) String() string { return "function of a test" }

// A scene is a session with a listener and the two ends of a connection to it.
type scene struct {
	s    *session.Session
	l    *sock.Listener
	a, b *sock.Stream
}

func setUp(t *testing.T) *scene {
	t.Helper()
	x := &scene{s: session.New(session.Options{})}
	t.Cleanup(x.s.Close)
	var err error
	if x.l, err = sock.ListenStream(t.Context(), primitive.Addr{Host: "127.0.0.1"}, sock.ListenOptions{}); err != nil {
		t.Fatal(err)
	}
	x.s.Adopt(x.l)
	x.a = x.dial(t)
	if x.b, err = x.l.Accept(t.Context()); err != nil {
		t.Fatal(err)
	}
	x.s.Adopt(x.b)
	return x
}

func (x *scene) dial(t *testing.T) *sock.Stream {
	t.Helper()
	c, err := sock.DialStream(t.Context(), x.l.Addr(), sock.DialOptions{})
	if err != nil {
		t.Fatal(err)
	}
	x.s.Adopt(c)
	return c
}

func (x *scene) on(t *testing.T, e Event, h primitive.Handle, f function) *session.Task {
	t.Helper()
	task, err := Rule{Session: x.s, Event: e, Handle: h, Action: primitive.Action{Fn: f}}.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return task
}

func outcomeOf(t *testing.T, task *session.Task) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	_, err := task.Wait(ctx)
	return err
}

func TestAwait(t *testing.T) {
	x := setUp(t)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := Await(ctx, x.a, Data); primitive.KindOf(err) != primitive.Timeout {
		t.Errorf("nothing came: %v", err)
	}
	later := make(chan error, 3)
	go func() { later <- Await(t.Context(), x.a, Data) }()
	x.b.Send(t.Context(), []byte("x"))
	if err := <-later; err != nil {
		t.Error(err)
	}
	go func() { later <- Await(t.Context(), x.l, Accept) }()
	c := x.dial(t)
	if err := <-later; err != nil {
		t.Error(err)
	}
	c.Close()
	go func() { later <- Await(t.Context(), x.b, Close) }()
	x.a.Close() // with a byte unread: a reset
	if err := <-later; err != nil {
		t.Error(err)
	}
	if err := Await(t.Context(), x.b, Data); primitive.KindOf(err) != primitive.Reset {
		t.Errorf("after a reset: %v", err)
	}
	go func() { later <- Await(t.Context(), x.l, Close) }()
	x.l.Close() // our own end
	if err := <-later; err != nil {
		t.Error(err)
	}
	if err := Await(t.Context(), x.l, Accept); primitive.KindOf(err) != primitive.Closed {
		t.Errorf("closed: %v", err)
	}
}

// Data: the action is done again when it left some, and only then when nothing new
// came.
func TestOnData(t *testing.T) {
	x := setUp(t)
	got := make(chan string, 100)
	task := x.on(t, Data, x.b, func(ctx context.Context, it primitive.Handle) ([]any, error) {
		data, err := it.(*sock.Stream).Recv(ctx, 2)
		got <- string(data)
		return nil, err
	})
	x.a.Send(t.Context(), []byte("abcde"))
	for _, want := range []string{"ab", "cd", "e"} {
		if data := <-got; data != want {
			t.Errorf("%q, want %q", data, want)
		}
	}
	if x.s.Owner(x.b) != task {
		t.Error("the rule does not take care of its handle")
	}
	x.a.Close()
	if err := outcomeOf(t, task); err != nil {
		t.Errorf("ended with %v", err)
	}
	if x.s.Owner(x.b) != nil {
		t.Error("an ended rule still takes care of its handle")
	}
}

func TestOnDataThatNobodyTakes(t *testing.T) {
	x := setUp(t)
	times := make(chan bool, 100)
	task := x.on(t, Data, x.b, func(context.Context, primitive.Handle) ([]any, error) {
		times <- true
		return nil, errors.New("no use")
	})
	x.a.Send(t.Context(), []byte("x"))
	<-times
	x.a.Send(t.Context(), []byte("y"))
	<-times
	x.a.Close()
	if err := outcomeOf(t, task); err != nil {
		t.Errorf("ended with %v", err)
	}
	if len(times) > 0 {
		t.Errorf("done %d times more", len(times))
	}
}

func TestOnAccept(t *testing.T) {
	x := setUp(t)
	task := x.on(t, Accept, x.l, func(ctx context.Context, it primitive.Handle) ([]any, error) {
		_, err := it.(*sock.Stream).Send(ctx, []byte("hi"))
		return nil, err
	})
	for range 3 {
		if got, err := x.dial(t).RecvExact(t.Context(), 2); err != nil || string(got) != "hi" {
			t.Fatal(string(got), err)
		}
	}
	x.l.Close()
	if err := outcomeOf(t, task); err != nil {
		t.Errorf("ended with %v", err)
	}
}

func TestOnCloseAndEnd(t *testing.T) {
	x := setUp(t)
	var done atomic.Int32
	count := func(context.Context, primitive.Handle) ([]any, error) { done.Add(1); return nil, nil }
	closing := x.on(t, Close, x.b, count)
	ending := x.on(t, End, closing, count)
	killed := x.on(t, Data, x.a, count)
	x.a.Close()
	for _, task := range []*session.Task{closing, ending, killed} {
		if err := outcomeOf(t, task); err != nil {
			t.Errorf("%s: %v", task.What, err)
		}
	}
	if done.Load() != 2 {
		t.Errorf("done %d times", done.Load())
	}
	if _, err := (Rule{Session: x.s, Event: End, Handle: x.b, Action: primitive.Action{Fn: function(count)}}).Start(t.Context()); primitive.KindOf(err) != primitive.Usage {
		t.Errorf("end of a stream: %v", err)
	}
	if _, err := (Rule{Session: x.s, Event: Close, Handle: x.l, Action: primitive.Action{Line: "recv"}}).Start(t.Context()); primitive.KindOf(err) != primitive.Unsupported {
		t.Errorf("a command without a shell: %v", err)
	}
}

func TestEvery(t *testing.T) {
	boom := primitive.Newf(primitive.Refused, "refused")
	wrong := primitive.Usagef("no such flag")
	for name, tc := range map[string]struct {
		repeat Repeat
		fail   map[int]error // by the number of the time, from 1
		times  int
		kind   primitive.Kind
		enough int
	}{
		"counted":       {repeat: Repeat{Count: 3}, times: 3},
		"enough":        {enough: 2, times: 2},
		"for some time": {repeat: Repeat{Every: time.Hour, For: time.Millisecond}, times: 1},
		"one fails":     {repeat: Repeat{Count: 3}, fail: map[int]error{2: boom}, times: 3, kind: primitive.Refused},
		"wrong":         {repeat: Repeat{Count: 3}, fail: map[int]error{1: wrong}, times: 1, kind: primitive.Usage},
	} {
		t.Run(name, func(t *testing.T) {
			r := tc.repeat
			r.Session = session.New(session.Options{})
			defer r.Session.Close()
			if r.Every == 0 {
				r.Every = time.Millisecond
			}
			n := 0
			r.Action.Fn = function(func(context.Context, primitive.Handle) ([]any, error) {
				n++
				return []any{n != tc.enough}, tc.fail[n]
			})
			task, err := r.Start(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if err := outcomeOf(t, task); n != tc.times || primitive.KindOf(err) != tc.kind {
				t.Errorf("%d times, %v", n, err)
			}
		})
	}
}
