package sock

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync/atomic"
	"syscall"
	"time"

	"sosh/primitive"
)

// A Stream is one end of a connection that carries bytes in order: TCP, a Unix
// stream, TLS over either, or any net.Conn. It has one bounded buffer for what
// was read and not yet taken.
type Stream struct {
	base
	conn  net.Conn
	raw   syscall.RawConn // nil where single system calls cannot be made
	below *beneath        // the connection under TLS, whose calls can be recorded; or nil

	reading, writing turn
	rwatch, wwatch   watch
	intake           intake  // of the holder of the reading turn
	outflow          outflow // of the holder of the writing turn

	in, out, held              atomic.Int64
	readShut, writeShut, atEOF atomic.Bool
	broken                     atomic.Bool // somebody has seen that the connection was torn down
	origin                     primitive.What
}

// NewStream makes a stream of an established connection, which it then owns.
func NewStream(conn net.Conn) *Stream {
	c := &Stream{base: newBase(), conn: conn, raw: rawOf(conn), below: belowOf(conn), origin: primitive.Connected}
	c.rwatch.set = conn.SetReadDeadline
	c.wwatch.set = conn.SetWriteDeadline
	return c
}

// Prefix is "c".
func (c *Stream) Prefix() string { return "c" }

// Type is "stream".
func (c *Stream) Type() string { return "stream" }

// Conn is the connection itself, for splicing. Whoever reads from it must first
// take what is buffered, and must not leave a deadline set.
func (c *Stream) Conn() net.Conn { return c.conn }

// Laddr is the local address.
func (c *Stream) Laddr() primitive.Addr { return addrOf(c.conn.LocalAddr()) }

// Raddr is the peer's address.
func (c *Stream) Raddr() primitive.Addr { return addrOf(c.conn.RemoteAddr()) }

// Shape is what Info gives, empty.
func (*Stream) Shape() any { return Info{} }

// Info is an Info.
func (c *Stream) Info() any {
	i := Info{
		ID: c.Name(), Type: c.Type(), State: c.state(), Age: time.Since(c.born),
		Received: c.in.Load(), Sent: c.out.Load(), Buffered: int(c.held.Load()),
	}
	i.setAddrs(c.Laddr(), c.Raddr())
	i.Family = string(familyIn(c.conn))
	i.Peer = peerOf(c.conn)
	return i
}

func (c *Stream) state() string {
	r, w := c.readShut.Load(), c.writeShut.Load()
	switch {
	case c.Closed():
		return "closed"
	case r && w:
		return "shut down"
	case r:
		return "read shut"
	case w:
		return "write shut"
	case c.atEOF.Load():
		return "peer ended"
	}
	return "connected"
}

// Close frees the connection and wakes whoever reads or writes; they get kind
// Closed.
func (c *Stream) Close() error {
	if c.closed.Swap(true) {
		return nil
	}
	tap := c.Tap()
	if tap != nil {
		c.tell(context.Background(), tap, primitive.Event{What: primitive.Gone})
	}
	c.wakeGone()
	err := c.closeConn(traceNow(tap))
	c.rwatch.close()
	c.wwatch.close()
	return fault(err, c.target(c.Raddr()))
}

// Shutdown ends one direction or both and keeps the handle (shutdown(2)): how
// is "read", "write" or "both". After "write" the peer reads the end; what it
// still sends can be received.
func (c *Stream) Shutdown(how string) error {
	switch how {
	case "read":
		return c.shut(true, false)
	case "write":
		return c.shut(false, true)
	case "both":
		return c.shut(true, true)
	}
	return primitive.Usagef("cannot shut down %s", primitive.Quote(how)).WithHint("use read, write or both")
}

func (c *Stream) shut(read, write bool) error {
	var err error
	if read {
		// Set before the call: it wakes a reader, who must know why.
		was := c.readShut.Swap(true)
		if err = c.closeSide(true); err != nil {
			c.readShut.Store(was)
		}
	}
	if write && err == nil {
		if err = c.closeSide(false); err == nil {
			c.writeShut.Store(true)
		}
	}
	return fault(err, c.target(c.Raddr()))
}

func (c *Stream) closeSide(read bool) error {
	tap := c.Tap()
	if c.below != nil {
		defer c.below.heard(traceNow(tap))()
	}
	err, done := c.shutdownStep(traceNow(tap), read)
	if !done {
		err = closeSide(c.conn, read)
	}
	if tap != nil {
		c.tell(context.Background(), tap, primitive.Event{What: primitive.Shutdown, Note: map[bool]string{true: "read", false: "write"}[read], Err: err})
	}
	return err
}

func closeSide(conn net.Conn, read bool) error {
	if h, ok := conn.(interface{ CloseRead() error }); read && ok {
		return h.CloseRead()
	}
	if h, ok := conn.(interface{ CloseWrite() error }); !read && ok {
		return h.CloseWrite()
	}
	return primitive.Newf(primitive.Unsupported, "this connection has no half-close").WithHint("close ends both directions")
}

// Send sends everything and gives the number of bytes the system took: all of
// them, or fewer with an error that says how many. BrokenPipe after a shutdown,
// Reset when the peer tore the connection down, Timeout, Canceled, Closed.
func (c *Stream) Send(ctx context.Context, data []byte) (int, error) {
	if len(data) > told {
		if report := primitive.Progress(ctx); report != nil {
			return c.write(ctx, data, c.writeTold(report))
		}
	}
	switch t := c.traces(ctx); {
	case t != nil && c.below != nil:
		defer c.below.heard(t)()
	case t != nil:
		return c.write(ctx, data, c.writeTraced(t, false))
	}
	return c.write(ctx, data, c.conn.Write)
}

// SendNow sends what the system takes without waiting. When that is not all, done
// is false and n may be positive: then the writing turn is still held, and
// SendRest must follow with the rest.
func (c *Stream) SendNow(data []byte) (n int, err error, done bool) {
	if len(data) == 0 || len(data) > chunk || c.raw == nil || !c.writing.tryTake() {
		return 0, nil, false
	}
	if !c.Closed() {
		n, err = c.writeStep(data)
	}
	if n > 0 && n < len(data) {
		return n, nil, false
	}
	c.writing.leave()
	if err != nil {
		return 0, c.writeError(context.Background(), err, 0, len(data)), true
	}
	c.out.Add(int64(n))
	if tap := c.Tap(); tap != nil {
		c.tellSent(context.Background(), tap, data[:n])
	}
	return n, nil, n > 0
}

// SendRest goes on after a SendNow that took the first n bytes only.
func (c *Stream) SendRest(ctx context.Context, data []byte, n int) (int, error) {
	defer c.writing.leave()
	rest, err := c.writeWatched(ctx, data[n:], c.conn.Write)
	n += rest
	c.out.Add(int64(n))
	if tap := c.Tap(); tap != nil {
		c.tellSent(ctx, tap, data[:n])
	}
	if err != nil {
		return n, c.writeError(ctx, err, n, len(data))
	}
	return n, nil
}

// Progress is told after each so many bytes.
const told = 256 << 10

// writeTold is a Write that tells its progress.
func (c *Stream) writeTold(report func(done, total int64)) func([]byte) (int, error) {
	return func(p []byte) (n int, err error) {
		for n < len(p) && err == nil {
			var k int
			k, err = c.conn.Write(p[n:min(n+told, len(p))])
			n += k
			report(int64(n), int64(len(p)))
		}
		return n, err
	}
}

// SendOnce makes exactly one write(2), which may take fewer bytes than given;
// it waits only until there is room for at least one.
func (c *Stream) SendOnce(ctx context.Context, data []byte) (int, error) {
	switch t := c.traces(ctx); {
	case t != nil && c.below != nil:
		defer c.below.heard(t)()
	case t != nil:
		return c.write(ctx, data, c.writeTraced(t, true))
	}
	return c.write(ctx, data, c.writeOnce)
}

func (c *Stream) write(ctx context.Context, data []byte, write func([]byte) (int, error)) (int, error) {
	if err := c.writing.take(ctx); err != nil {
		return 0, c.writeError(ctx, err, 0, len(data))
	}
	defer c.writing.leave()
	if c.Closed() {
		return 0, c.writeError(ctx, net.ErrClosed, 0, len(data))
	}
	tap := c.Tap()
	n, err := c.writeWatched(ctx, data, write)
	c.out.Add(int64(n))
	if tap != nil {
		c.tellSent(ctx, tap, data[:n])
	}
	if err != nil {
		return n, c.writeError(ctx, err, n, len(data))
	}
	return n, nil
}

func (c *Stream) writeWatched(ctx context.Context, data []byte, write func([]byte) (int, error)) (int, error) {
	if err := c.wwatch.begin(ctx); err != nil {
		return 0, err
	}
	defer c.wwatch.end()
	if len(data) == 0 && !c.writeShut.Load() {
		return 0, nil // write(2) of nothing does nothing
	}
	return write(data)
}

// writeError says how many bytes were taken before a send failed.
func (c *Stream) writeError(ctx context.Context, err error, n, of int) error {
	e := c.ended(ctx, err, c.Raddr())
	switch {
	case e.Kind == primitive.BrokenPipe && c.writeShut.Load():
		e.Cause = "the sending side is shut down"
	case e.Kind == primitive.BrokenPipe || e.Kind == primitive.Reset:
		c.brokenBy(ctx, e)
	}
	if n > 0 {
		e.Cause += fmt.Sprintf(" after %d of %s were taken", n, count(of))
	}
	return e
}

// Read takes what one read gives into p, buffered bytes first, as read(2) does:
// at least one byte, or an error of kind EOF (errors.Is io.EOF), Reset,
// Timeout, Canceled or Closed. It allocates nothing.
func (c *Stream) Read(ctx context.Context, p []byte) (int, error) {
	if err := c.beginRead(ctx); err != nil {
		return 0, err
	}
	defer c.endRead()
	if len(c.intake.buf) > 0 || len(p) == 0 {
		n := copy(p, c.intake.buf)
		c.intake.drop(n)
		return n, nil
	}
	if c.intake.trace != nil {
		if err := c.fill(min(len(p), chunk)); err != nil {
			return 0, c.readError(ctx, err, 0)
		}
		n := copy(p, c.intake.buf)
		c.intake.drop(n)
		return n, nil
	}
	n, err := c.readConn(p)
	c.in.Add(int64(n))
	if tap := c.Tap(); tap != nil && n > 0 {
		c.tell(ctx, tap, primitive.Event{What: primitive.Received, N: n, Data: p[:n]})
	}
	if n > 0 {
		return n, nil // an error, if any, comes again with the next read
	}
	return 0, c.readError(ctx, err, 0)
}

// beginRead takes the reading turn and watches the context.
func (c *Stream) beginRead(ctx context.Context) error {
	if err := c.reading.take(ctx); err != nil {
		return c.ended(ctx, err, c.Raddr())
	}
	err := error(net.ErrClosed)
	if !c.Closed() {
		err = c.rwatch.begin(ctx)
	}
	if err != nil {
		defer c.reading.leave()
		return c.readError(ctx, err, 0)
	}
	if tap := c.Tap(); tap != nil {
		t := c.traces(ctx)
		c.intake.heard(ctx, t)
		if c.below != nil {
			c.below.calls.Store(t)
		}
	}
	return nil
}

func (c *Stream) endRead() {
	c.held.Store(int64(len(c.intake.buf)))
	if c.intake.ctx != nil {
		c.intake.unheard()
	}
	if c.below != nil {
		c.below.calls.Store(nil)
	}
	c.rwatch.end()
	c.reading.leave()
}

// readError says how many bytes came before a receive failed, of how many (0
// for no number). The caller holds the reading turn.
func (c *Stream) readError(ctx context.Context, err error, of int) error {
	if err == nil || errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	e := c.ended(ctx, err, c.Raddr())
	switch e.Kind {
	case primitive.EOF:
		c.sawEnd(e)
	case primitive.Reset:
		c.brokenBy(ctx, e)
	}
	switch n := len(c.intake.buf); {
	case n > 0 && of > 0:
		e.Cause += fmt.Sprintf(" after %d of %s; %s", n, count(of), stay(n))
	case n > 0:
		e.Cause += " after " + count(n) + "; " + stay(n)
	}
	return e
}

// sawEnd tells the peer's end from our own shutdown, which reads the same.
func (c *Stream) sawEnd(e *primitive.Error) {
	if c.readShut.Load() {
		e.Cause = "the reading side is shut down"
		return
	}
	c.reachedEnd()
}
