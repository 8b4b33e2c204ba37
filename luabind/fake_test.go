package luabind

import (
	"context"
	"iter"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"sosh/primitive"
	"sosh/session"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A line is a handle of the tests: what is sent on it comes back.
type line struct {
	primitive.Label
	mu     sync.Mutex
	closed bool
	bytes  chan string
}

func newLine() *line         { return &line{bytes: make(chan string, 16)} }
func (*line) Prefix() string { return "c" }
func (*line) Type() string   { return "line" }
func (l *line) Info() any    { return lineInfo{l.Name(), "127.0.0.1:1000", "127.0.0.1:7", l.Closed()} }
func (l *line) Closed() bool { l.mu.Lock(); defer l.mu.Unlock(); return l.closed }
func (l *line) shut() (was bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	was, l.closed = l.closed, true
	return was
}
func (l *line) Close() error {
	if !l.shut() {
		close(l.bytes)
	}
	return nil
}

type lineInfo struct {
	ID     string `help:"name"`
	Laddr  string `help:"own address"`
	Raddr  string `help:"peer's address"`
	Closed bool   `help:"whether closed"`
}

type dialArgs struct {
	Addr    primitive.Addr `arg:"" help:"where to"`
	Timeout time.Duration  `default:"1s" help:"how long"`
}

func dial(_ context.Context, _ *session.Session, a dialArgs) (*line, error) {
	if a.Addr.Port == 81 {
		return nil, primitive.Newf(primitive.Refused, "connection refused").WithHint("nobody listens")
	}
	return newLine(), nil
}

type sendArgs struct {
	Line *line           `arg:"" help:"line"`
	Data primitive.Bytes `arg:"" help:"bytes"`
}

func send(_ context.Context, _ *session.Session, a sendArgs) (int, error) {
	if a.Line.Closed() {
		return 0, primitive.Newf(primitive.Closed, "the line is closed")
	}
	a.Line.bytes <- string(a.Data)
	return len(a.Data), nil
}

type recvArgs struct {
	Line  *line          `arg:"" help:"line"`
	Max   primitive.Size `arg:"" default:"64k" help:"at most"`
	Upper bool           `help:"in capitals"`
	Half  bool           `help:"fail after the first byte"`
}

func recv(ctx context.Context, _ *session.Session, a recvArgs) (primitive.Bytes, error) {
	select {
	case data, ok := <-a.Line.bytes:
		switch {
		case !ok:
			return nil, primitive.Newf(primitive.EOF, "the peer has ended")
		case a.Half:
			return primitive.Bytes(data[:1]), primitive.Newf(primitive.Timeout, "only a part came")
		case a.Upper:
			data = strings.ToUpper(data)
		}
		return primitive.Bytes(data), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

type closeArgs struct {
	Handle primitive.Handle `arg:"" help:"handle"`
}

func closeHandle(_ context.Context, s *session.Session, a closeArgs) (primitive.None, error) {
	s.Forget(a.Handle)
	return primitive.None{}, a.Handle.Close()
}

type napArgs struct {
	Duration time.Duration `arg:"" help:"how long"`
}

func nap(ctx context.Context, _ *session.Session, a napArgs) (primitive.None, error) {
	select {
	case <-time.After(a.Duration):
		return primitive.None{}, nil
	case <-ctx.Done():
		return primitive.None{}, ctx.Err()
	}
}

type item struct {
	N     int           `help:"number"`
	Extra string        `help:"text"`
	Took  time.Duration `help:"time"`
}

type countArgs struct {
	N    int `arg:"" help:"how many; 0 never ends"`
	Fail int `help:"fail at this one"`
}

func count(ctx context.Context, _ *session.Session, a countArgs) (iter.Seq2[item, error], error) {
	return func(yield func(item, error) bool) {
		for i := 1; a.N == 0 || i <= a.N; i++ {
			var err error
			if i == a.Fail {
				err = primitive.Newf(primitive.Timeout, "no answer to %d", i)
			}
			if ctx.Err() != nil || !yield(item{i, "x", time.Second / 2}, err) {
				return
			}
		}
	}, nil
}

type placeArgs struct {
	Words []string `arg:"" optional:"" help:"list"`
}

type multi struct {
	_    struct{} `multi:""`
	Data string   `help:"text"`
	Port int      `help:"number"`
}

func whereIs(context.Context, *session.Session, placeArgs) (multi, error) {
	return multi{Data: "here", Port: 7}, nil
}

func listing(_ context.Context, _ *session.Session, a placeArgs) ([]item, error) {
	var items []item
	for i, w := range a.Words {
		items = append(items, item{i, w, 0})
	}
	return items, nil
}

func boom(context.Context, *session.Session, struct{}) (primitive.None, error) { panic("boom") }

type callArgs struct {
	Fn    primitive.Handler `arg:"" help:"function"`
	Times int               `default:"1" help:"how often"`
}

// callBack calls a function on the goroutine of the call, as a foreground server does.
func callBack(ctx context.Context, s *session.Session, a callArgs) (string, error) {
	var texts []string
	for i := range a.Times {
		l := newLine()
		s.Adopt(l)
		results, err := a.Fn.Fn.Call(ctx, l, i, []any{"a"})
		if err != nil {
			return "", err
		}
		for _, r := range results {
			texts = append(texts, r.(string))
		}
	}
	return strings.Join(texts, ","), nil
}

// spec fills in what Check wants and these tests do not care about.
func spec(name string, methods map[string]string) primitive.Spec {
	return primitive.Spec{Name: name, Short: "Do " + name, Example: name, Methods: methods}
}

func testTable(t testing.TB) *primitive.Table {
	table := primitive.NewTable(primitive.Rows(
		primitive.New(spec("line open", nil), dial),
		primitive.New(spec("send", nil), send),
		primitive.New(spec("recv", map[string]string{"recvupper": "--upper"}), recv),
		primitive.New(spec("close", nil), closeHandle),
		primitive.New(spec("nap", nil), nap),
		primitive.New(spec("count", nil), count),
		primitive.New(spec("whereis", nil), whereIs),
		primitive.New(spec("listing", nil), listing),
		primitive.New(spec("boom", nil), boom),
		primitive.New(spec("callback", nil), callBack),
	))
	if err := table.Check(); err != nil {
		t.Fatal(err)
	}
	return table
}
