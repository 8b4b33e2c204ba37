package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"sync"
	"time"

	"github.com/coder/websocket"

	"sosh/primitive"
	"sosh/sock"
)

// A Socket is the client's end of a WebSocket (RFC 6455). It reads by itself, so
// that pings are answered and the peer's end is known, and keeps a bounded number
// of bytes of messages that nobody has taken: then it stops reading.
type Socket struct {
	primitive.Label
	conn   *websocket.Conn
	stream *sock.Stream
	url    *url.URL
	proto  string
	born   time.Time
	most   int // bytes of a message, and of those that wait

	reading sync.WaitGroup
	cancel  func()
	gone    chan struct{} // closed by Close
	once    sync.Once

	mu       sync.Mutex
	queue    []Message
	held     int   // bytes in the queue
	taken    int64 // messages
	received int64 // messages
	sent     int64
	end      error         // why no more comes; nil while it may
	seen     bool          // somebody was told the end
	waiting  int           // callers of Recv
	changed  chan struct{} // closed and replaced whenever any of that changes
	tells    map[int]func()
	tellNext int
}

// A Message is one message.
type Message struct {
	Data primitive.Bytes
	Text bool // else binary
}

// Most bytes of a message unless it is said otherwise.
const maxMessage = 1 << 20

// How long the peer may take to say goodbye, too.
const farewell = 500 * time.Millisecond

// newSocket makes a handle of a connection whose context ends with cancel.
func newSocket(ctx context.Context, cancel func(), conn *websocket.Conn, w *wire, u *url.URL, most int) *Socket {
	s := &Socket{
		conn: conn, stream: w.stream, url: u, cancel: cancel, proto: conn.Subprotocol(), born: time.Now(), most: most,
		gone: make(chan struct{}), changed: make(chan struct{}), tells: map[int]func(){},
	}
	conn.SetReadLimit(int64(most))
	w.stream.Attend()
	s.reading.Go(func() { s.read(ctx) })
	return s
}

// read takes messages until the end.
func (s *Socket) read(ctx context.Context) {
	for {
		kind, data, err := s.conn.Read(ctx)
		if err != nil {
			s.change(func() { s.end = s.why(err) })
			return
		}
		s.change(func() {
			s.queue = append(s.queue, Message{data, kind == websocket.MessageText})
			s.held += len(data) + messageCost
			s.received++
		})
		if !s.room(ctx) {
			return
		}
	}
}

// What a waiting message costs beside its bytes: empty ones take room too.
const messageCost = 64

// room waits until what waits is little enough; false at the end.
func (s *Socket) room(ctx context.Context) bool {
	for {
		s.mu.Lock()
		full, changed := s.held > s.most, s.changed
		s.mu.Unlock()
		if !full {
			return true
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return false
		}
	}
}

// change changes the state, and wakes whoever waits for that.
func (s *Socket) change(f func()) {
	s.mu.Lock()
	f()
	close(s.changed)
	s.changed = make(chan struct{})
	tells := make([]func(), 0, len(s.tells))
	for _, tell := range s.tells {
		tells = append(tells, tell)
	}
	s.mu.Unlock()
	for _, tell := range tells { // without the lock: they have their own
		tell()
	}
}

// why says what ended the messages.
func (s *Socket) why(err error) error {
	var closed websocket.CloseError
	switch {
	case s.Closed():
		return s.closedError()
	case errors.As(err, &closed):
		text := "the peer closed it: " + codeText(closed.Code)
		if closed.Reason != "" {
			text += ", " + primitive.Quote(closed.Reason)
		}
		return primitive.Newf(primitive.EOF, "%s", text)
	case errors.Is(err, websocket.ErrMessageTooBig):
		return primitive.Newf(primitive.Oversized, "a message has more than %d bytes; the WebSocket is closed", s.most).WithHint("to allow more: ws connect URL --max-message 16m")
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return primitive.Newf(primitive.Reset, "the connection ended without a close (1006)")
	}
	if kind := sock.Kind(err); kind != primitive.Failed {
		return primitive.Newf(kind, "%s", primitive.AsError(err).Cause)
	}
	return primitive.Newf(primitive.Failed, "that is no WebSocket: %s", primitive.Escape(err.Error(), false))
}

func (s *Socket) closedError() error {
	return primitive.Newf(primitive.Closed, "the handle is closed").WithHint("open another one: ws connect URL")
}

// Recv waits for the next message. EOF with the peer's code; Oversized, Reset,
// Closed, Timeout, Canceled.
func (s *Socket) Recv(ctx context.Context) (Message, error) {
	s.change(func() { s.waiting++ })
	defer s.change(func() { s.waiting-- })
	for {
		m, changed, err := s.take()
		if changed == nil {
			return m, err
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return Message{}, ctx.Err()
		}
	}
}

// take takes a message or the end; changed is what to wait for when there is none.
func (s *Socket) take() (m Message, changed <-chan struct{}, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.Closed():
		return m, nil, s.closedError()
	case len(s.queue) == 0 && s.end == nil:
		return m, s.changed, nil
	case len(s.queue) == 0:
		s.seen = true
		return m, nil, s.end
	}
	m, s.queue = s.queue[0], s.queue[1:]
	s.held -= len(m.Data) + messageCost
	s.taken++
	return m, nil, nil
}

// Send sends a message, as text or as bytes. Closed, BrokenPipe after the peer's
// end, Timeout, Canceled: then it is closed, too, as half a message is none.
func (s *Socket) Send(ctx context.Context, m Message) error {
	kind := websocket.MessageBinary
	if m.Text {
		kind = websocket.MessageText
	}
	if err := s.usable(); err != nil {
		return err
	}
	if err := s.conn.Write(ctx, kind, m.Data); err != nil {
		return s.failed(ctx, err)
	}
	s.change(func() { s.sent++ })
	return nil
}

// Ping asks for an answer, and gives the time it took.
func (s *Socket) Ping(ctx context.Context) (time.Duration, error) {
	if err := s.usable(); err != nil {
		return 0, err
	}
	began := time.Now()
	if err := s.conn.Ping(ctx); err != nil {
		return 0, s.failed(ctx, err)
	}
	return time.Since(began), nil
}

// usable is why nothing can be sent; nil while it can.
func (s *Socket) usable() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.Closed():
		return s.closedError()
	case s.end != nil:
		return primitive.Newf(primitive.BrokenPipe, "it is over: %s", primitive.AsError(s.end).Cause)
	}
	return nil
}

func (s *Socket) failed(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if over := s.usable(); over != nil {
		return over
	}
	return s.why(err)
}

// Close says goodbye (1000), waits a moment for the peer's, and frees the
// connection.
func (s *Socket) Close() error {
	s.once.Do(func() {
		close(s.gone)
		parting := make(chan struct{})
		go func() {
			defer close(parting)
			_ = s.conn.Close(websocket.StatusNormalClosure, "") // the peer may be gone
		}()
		select {
		case <-parting:
		case <-time.After(farewell):
			_ = s.stream.Close() // whoever does not answer is left
			<-parting
		}
		s.cancel()
		_ = s.stream.Close()
		s.reading.Wait()
		s.change(func() {})
	})
	return nil
}

// codeText is a code of a close in words (RFC 6455, 7.4.1).
func codeText(code websocket.StatusCode) string {
	words := map[websocket.StatusCode]string{
		1000: "normal", 1001: "going away", 1002: "protocol error", 1003: "unsupported data", 1005: "no code given",
		1007: "invalid text", 1008: "policy violation", 1009: "message too big", 1010: "extension missing",
		1011: "internal error", 1012: "restart", 1013: "try again later", 1014: "bad gateway",
	}
	if text := words[code]; text != "" {
		return fmt.Sprintf("%d (%s)", int(code), text)
	}
	return fmt.Sprint(int(code))
}
