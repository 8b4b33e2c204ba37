package wire

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/clipperhouse/displaywidth"
	"go.uber.org/goleak"

	"sosh/primitive"
	"sosh/session"
	"sosh/sock"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A door is a session with its journal on.
func journaled(t *testing.T) (*session.Session, *Journal) {
	s := session.New(session.Options{})
	t.Cleanup(s.Close)
	j := Of(s)
	j.Turn(true)
	return s, j
}

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// conversation is a client and a server, through the engine alone.
func conversation(t *testing.T, s *session.Session) (client, server *sock.Stream) {
	ctx := primitive.WithTap(t.Context(), s.Tap())
	l := must(sock.ListenStream(ctx, primitive.Addr{Host: "127.0.0.1"}, sock.ListenOptions{}))(t)
	s.Adopt(l)
	client = must(sock.DialStream(ctx, l.Addr(), sock.DialOptions{}))(t)
	s.Adopt(client)
	server = must(l.Accept(ctx))(t)
	s.Adopt(server)
	return client, server
}

func happened(list []Entry) (words []string) {
	for _, e := range list {
		words = append(words, strings.TrimSpace(e.id()+" "+string(e.What)))
	}
	return words
}

func TestJournal(t *testing.T) {
	s, j := journaled(t)
	client, server := conversation(t, s)
	ctx := t.Context()
	must(client.Send(ctx, []byte("hello")))(t)
	if got := must(server.Recv(ctx, 10))(t); string(got) != "hello" {
		t.Errorf("received %q", got)
	}
	if err := client.Shutdown("write"); err != nil {
		t.Fatal(err)
	}
	if _, err := server.RecvAll(ctx, 10); err != nil {
		t.Fatal(err)
	}
	j.Turn(false)
	must(server.Send(ctx, []byte("unseen")))(t)
	list, lost := j.Entries()
	want := []string{"l1 listen", "c1 connect", "c2 accept", "c1 send", "c2 recv", "c1 shutdown", "c2 end"}
	if got := happened(list); !slices.Equal(got, want) || lost != 0 {
		t.Errorf("%v, %d lost", got, lost)
	}
	if e := list[3]; string(e.Data) != "hello" || e.N != 5 || e.Laddr != client.Laddr() || e.Raddr != client.Raddr() {
		t.Errorf("the send is %+v", e)
	}
}

// A handle that was there before is told with its beginning when it is adopted;
// one that is open already is heard from then on.
func TestTurnedOnLater(t *testing.T) {
	s := session.New(session.Options{})
	defer s.Close()
	client, _ := conversation(t, s)
	j := Of(s)
	j.Turn(true)
	must(client.Send(t.Context(), []byte("x")))(t)
	list, _ := j.Entries()
	if got := happened(list); !slices.Equal(got, []string{"c1 send"}) {
		t.Error(got)
	}
}

// TestBounds holds that the journal keeps the newest, and only the first bytes.
func TestBounds(t *testing.T) {
	_, j := journaled(t)
	for range maxEvents + 10 {
		j.Observe(t.Context(), primitive.Event{What: primitive.Sent, N: 1000, Data: make([]byte, 1000)})
	}
	list, lost := j.Entries()
	if len(list) != maxEvents || lost != 10 || list[0].Seq != 11 || len(list[0].Data) != maxBytes {
		t.Errorf("%d kept, %d lost, from %d on, %d bytes", len(list), lost, list[0].Seq, len(list[0].Data))
	}
	back := j.Begin()
	if list, lost := j.Entries(); len(list) != 0 || lost != 0 {
		t.Errorf("a new beginning shows %d, %d", len(list), lost)
	}
	back()
	if list, _ := j.Entries(); len(list) != maxEvents {
		t.Errorf("afterwards there are %d", len(list))
	}
}

// rows are the rows of a diagram in words.
func rows(d Diagram) (list []string) {
	for _, r := range d.Rows {
		switch {
		case r.From == r.To:
			list = append(list, d.Lanes[r.From].Title+": "+r.Label)
		case r.Lost:
			list = append(list, d.Lanes[r.From].Title+" x "+d.Lanes[r.To].Title+": "+r.Label)
		default:
			list = append(list, d.Lanes[r.From].Title+" > "+d.Lanes[r.To].Title+": "+r.Label)
		}
	}
	return list
}

// A made entry is one that a test makes up.
type made struct {
	primitive.Label
	typ string
}

func (m *made) Prefix() string { return "c" }
func (m *made) Type() string   { return m.typ }
func (m *made) Info() any      { return struct{}{} }
func (m *made) Closed() bool   { return false }
func (m *made) Close() error   { return nil }

func handle(typ, name string) *made {
	m := &made{typ: typ}
	m.SetName(name)
	return m
}

func at(port int) primitive.Addr { return primitive.Addr{Host: "127.0.0.1", Port: port} }

func entry(n int, h *made, what primitive.What, from, to int, data string) Entry {
	e := Entry{Seq: n, Event: primitive.Event{At: time.Unix(0, int64(n)*1e6), What: what, Handle: h, Type: h.typ, N: len(data), Data: []byte(data)}}
	if from > 0 {
		e.Laddr = at(from)
	}
	if to > 0 {
		e.Raddr = at(to)
	}
	return e
}

// TestPieces holds that a send is one arrow, however it is received.
func TestPieces(t *testing.T) {
	l, c, a := handle("listener", "l1"), handle("stream", "c1"), handle("stream", "c2")
	got := rows(Draw([]Entry{
		entry(1, l, primitive.Listening, 80, 0, ""),
		entry(2, c, primitive.Connected, 5000, 80, ""),
		entry(3, a, primitive.Accepted, 80, 5000, ""),
		entry(4, c, primitive.Sent, 5000, 80, "one"),
		entry(5, c, primitive.Sent, 5000, 80, "two"),
		entry(6, a, primitive.Received, 80, 5000, "onetw"),
		entry(7, c, primitive.Sent, 5000, 80, "three"),
		entry(8, c, primitive.Gone, 5000, 80, ""),
		entry(9, a, primitive.End, 80, 5000, ""),
	}, 0, nil))
	want := []string{
		"server l1: listen", "client c1 > server l1: connect", "server l1: accept c2 from 127.0.0.1:5000",
		`client c1 > server l1: "one"`, `client c1 > server l1: "two" (1 byte not read)`, `server l1: recv "onetw"`,
		`client c1 > server l1: "three" (5 bytes not read)`, "client c1 > server l1: close: end (FIN)",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestOutside holds that what comes from outside is an arrow, too, and that
// failures say which way they came.
func TestOutside(t *testing.T) {
	c, u := handle("stream", "c1"), handle("datagram", "u1")
	refusal := entry(6, u, primitive.Broken, 6000, 53, "")
	refusal.Err = &primitive.Error{Kind: primitive.Refused, Cause: "connection refused"}
	reset := entry(4, c, primitive.Broken, 5000, 80, "")
	reset.Err = &primitive.Error{Kind: primitive.Reset, Cause: "connection reset by peer"}
	late := entry(8, handle("stream", ""), primitive.Connected, 0, 81, "")
	late.Handle, late.Err = nil, &primitive.Error{Kind: primitive.Timeout, Cause: "timed out"}
	got := rows(Draw([]Entry{
		entry(1, c, primitive.Connected, 5000, 80, ""), entry(2, c, primitive.Sent, 5000, 80, "GET /"), entry(3, c, primitive.Received, 5000, 80, "ok"), reset,
		entry(5, u, primitive.Sent, 6000, 53, "who?"), refusal, entry(7, u, primitive.Sent, 6000, 54, "\x1b[2J"), late,
	}, 0, nil))
	want := []string{
		"client c1 > peer: connect", `client c1 > peer: "GET /"`, `peer > client c1: "ok"`, "peer > client c1: reset (RST)",
		`u1 x peer: "who?" (refused)`, "peer > u1: refused (ICMP: port unreachable)", `u1 > peer: "\x1b[2J" (no answer)`, "client x peer: connect: timeout",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestDatagrams holds that what was received is one arrow, and what was not says
// so, also where the sender is bound to every address.
func TestDatagrams(t *testing.T) {
	a, b := handle("datagram", "u1"), handle("datagram", "u2")
	cut := entry(5, b, primitive.Received, 7000, 6000, "lo")
	cut.Note = "cut: it was 4 bytes"
	first, second, third := entry(2, a, primitive.Sent, 6000, 7000, "one"), entry(4, a, primitive.Sent, 6000, 7000, "long"), entry(6, a, primitive.Sent, 6000, 7000, "gone")
	for _, e := range []*Entry{&first, &second, &third} {
		e.Laddr.Host = "0.0.0.0"
	}
	got := rows(Draw([]Entry{entry(1, b, primitive.Bound, 7000, 0, ""), first, entry(3, b, primitive.Received, 7000, 6000, "one"), second, cut, third}, 0, nil))
	want := []string{"u2: bind 127.0.0.1:7000", `u1 > u2: "one"`, `u1 > u2: "long"`, "u2: recv 2 bytes, cut: it was 4 bytes", `u1 x u2: "gone" (not received)`}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// crowd is many clients of one server, with texts of all kinds.
func crowd(texts ...string) (list []Entry) {
	l := handle("listener", "l1")
	list = append(list, entry(1, l, primitive.Listening, 80, 0, ""))
	for i, text := range texts {
		c := handle("stream", fmt.Sprint("c", i+1))
		list = append(list, entry(len(list)+1, c, primitive.Connected, 5000+i, 80, ""), entry(len(list)+2, c, primitive.Sent, 5000+i, 80, text))
	}
	return list
}

// TestFits holds that no line is wider than the window, whatever the texts, and
// that plain characters are all that --ascii draws.
func TestFits(t *testing.T) {
	entries := crowd("hello", "日本語のとても長いテキストです。日本語のとても長いテキスト", strings.Repeat("x", 300), "\x00\xff\u202e", strings.Repeat("word ", 40), "", "a", "b")
	for width := 12; width < 200; width++ {
		for _, ascii := range []bool{false, true} {
			for n := range entries {
				text := Draw(entries[:n+1], 3, nil).Text(Look{Width: width, ASCII: ascii})
				for line := range strings.Lines(text) {
					if w := displaywidth.String(strings.TrimSuffix(line, "\n")); w > width {
						t.Fatalf("width %d: %d columns: %q", width, w, line)
					}
				}
				if i := strings.IndexFunc(text, func(r rune) bool { return r >= 0x80 }); ascii && i >= 0 {
					t.Fatalf("not ASCII: %q", text[i:])
				}
			}
		}
	}
}

// TestDrawing is one picture as it is seen.
func TestDrawing(t *testing.T) {
	got := Draw(crowd("hello", "日本"), 0, nil).Text(Look{Width: 80})
	want := `
           client c1                 client c2                 server l1
           127.0.0.1:5000            127.0.0.1:5001            127.0.0.1:80
  +0.0 ms  │                         │                         ├ listen
  +1.0 ms  ├── connect ───────────────────────────────────────▶│
  +1.0 ms  ├── "hello" ───────────────────────────────────────▶│
  +1.0 ms  │                         ├── connect ─────────────▶│
  +1.0 ms  │                         ├── "日本" ──────────────▶│
`
	if got != want[1:] {
		t.Errorf("got\n%s", got)
	}
}

// FuzzDraw holds that nothing that a peer sends, and no order of events, makes it
// panic or run over the edge.
func FuzzDraw(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, "hello", 80)
	kinds := []primitive.What{primitive.Opened, primitive.Bound, primitive.Listening, primitive.Connected, primitive.Accepted, primitive.Sent, primitive.Received, primitive.End, primitive.Shutdown, primitive.Gone, primitive.Broken}
	f.Fuzz(func(t *testing.T, order []byte, data string, width int) {
		var list []Entry
		types := []string{"stream", "datagram", "listener", "socket"}
		for i, b := range order[:min(len(order), 100)] {
			e := entry(i, handle(types[b>>4&3], fmt.Sprint("h", b>>6)), kinds[int(b)%len(kinds)], int(b)%7, int(b)%5, data[:min(len(data), int(b))])
			if b%3 == 0 {
				e.Err = &primitive.Error{Kind: primitive.Kinds()[int(b)%len(primitive.Kinds())], Cause: data}
			}
			list = append(list, e)
		}
		width = width&0xff + 12
		for line := range strings.Lines(Draw(list, 0, nil).Text(Look{Width: width})) {
			if w := displaywidth.String(strings.TrimSuffix(line, "\n")); w > width {
				t.Errorf("width %d: %d columns: %q", width, w, line)
			}
		}
	})
}
