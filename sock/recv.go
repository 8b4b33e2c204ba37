package sock

import (
	"bytes"
	"context"
	"errors"
	"io"
	"regexp"
	"sync"

	"sosh/primitive"
)

// How much is received when the caller sets no bound.
const (
	chunk      = 64 << 10 // one read, and the largest datagram
	defaultMax = 1 << 20  // a line, a message
	defaultAll = 64 << 20 // everything until the end
)

// scratch and small hold buffers for the moment of one system call, so that a
// stream that waits owns none. They are caches, bounded by the garbage
// collector. Most messages fit the small one; large ones of a thousand streams
// would be most of the memory of a server.
var (
	scratch = sync.Pool{New: func() any { return new([chunk]byte) }}
	small   = sync.Pool{New: func() any { return new([smallChunk]byte) }}
)

const smallChunk = 4 << 10

// An intake is the receiving side of a stream: the buffer, and the state of the
// one read in flight.
type intake struct {
	buf    []byte             // received and not yet taken
	want   int                // at most this much in one read
	noWait bool               // do not wait for bytes
	bulk   bool               // the last read filled the small buffer
	err    error              // of the last step
	found  error              // what Await found instead of bytes; for the next read
	step   func(uintptr) bool // bound once

	ctx   context.Context         // of the call, while somebody hears of the stream
	trace *primitive.Trace        // that the call belongs to; or nil
	late  func() *primitive.Trace // asks for it at each system call; or nil
}

// heard remembers whose call it is.
func (in *intake) heard(ctx context.Context, t *primitive.Trace) {
	in.ctx, in.trace = ctx, t
	if t != nil && len(in.buf) > 0 {
		t.Say(count(len(in.buf)) + " received before are buffered: they take no call")
	}
}

// take removes n bytes from the front; the last ones are handed over uncopied.
func (in *intake) take(n int) []byte {
	if n == len(in.buf) {
		out := in.buf
		in.buf = nil
		return out
	}
	out := bytes.Clone(in.buf[:n])
	in.drop(n)
	return out
}

func (in *intake) drop(n int) {
	if in.buf = in.buf[n:]; len(in.buf) == 0 {
		in.buf = nil
	}
}

// unheard forgets whose call it was.
func (in *intake) unheard() { in.ctx, in.trace = nil, nil }

// fill adds what one read gives, at most max bytes, to the buffer. The error
// says why there is nothing more: io.EOF at the end.
func (c *Stream) fill(max int) error {
	if err := c.intake.found; err != nil {
		c.intake.found = nil
		return err
	}
	before := len(c.intake.buf)
	err := c.fetch(min(max, chunk))
	if c.took(c.intake.ctx, before) {
		return nil // an error, if any, comes again with the next read
	}
	if err == nil {
		return io.EOF
	}
	return err
}

// took counts and tells what was read behind the first bytes of the buffer.
func (c *Stream) took(ctx context.Context, before int) bool {
	n := len(c.intake.buf) - before
	c.in.Add(int64(n))
	if tap := c.Tap(); tap != nil && n > 0 {
		c.tellReceived(ctx, tap, before)
	}
	return n > 0
}

// tellReceived tells what took found; not inlined for the reason of tellSent.
//
//go:noinline
func (c *Stream) tellReceived(ctx context.Context, tap *primitive.Tap, before int) {
	data := c.intake.buf[before:]
	c.tell(ctx, tap, primitive.Event{What: primitive.Received, N: len(data), Data: data})
}

// fetchPlain is fetch for connections without single system calls. It holds
// only a small buffer while it waits.
func (c *Stream) fetchPlain(max int) error {
	p := make([]byte, min(max, 4096))
	n, err := c.conn.Read(p)
	c.intake.buf = append(c.intake.buf, p[:n]...)
	return err
}

// Recv gives what one read gives: the buffered bytes, else 1 to max bytes as
// soon as some come (recv(2)). max 0 is 64 KiB, which is also the most one
// read gives. EOF at the peer's end, Reset, Timeout, Canceled, Closed.
func (c *Stream) Recv(ctx context.Context, max int) ([]byte, error) {
	max = bound(max, chunk)
	if err := c.beginRead(ctx); err != nil {
		return nil, err
	}
	defer c.endRead()
	if len(c.intake.buf) == 0 {
		if err := c.fill(max); err != nil {
			return nil, c.readError(ctx, err, 0)
		}
	}
	return c.intake.take(min(max, len(c.intake.buf))), nil
}

// Peek gives what Recv would give with up to n bytes, and leaves it there
// (MSG_PEEK of recv(2)).
func (c *Stream) Peek(ctx context.Context, n int) ([]byte, error) {
	n = min(bound(n, chunk), chunk)
	if err := c.beginRead(ctx); err != nil {
		return nil, err
	}
	defer c.endRead()
	have := len(c.intake.buf)
	if have == 0 {
		if err := c.fill(n); err != nil {
			return nil, c.readError(ctx, err, 0)
		}
	} else if have < n {
		c.topUp(n - have)
	}
	return bytes.Clone(c.intake.buf[:min(n, len(c.intake.buf))]), nil
}

// RecvExact waits for n bytes. At the end or a timeout before that, the error
// says how many of them came, and they stay buffered.
func (c *Stream) RecvExact(ctx context.Context, n int) ([]byte, error) {
	if n < 0 {
		return nil, primitive.Usagef("cannot receive %d bytes", n)
	}
	if err := c.beginRead(ctx); err != nil {
		return nil, err
	}
	defer c.endRead()
	report := progress(ctx)
	for len(c.intake.buf) < n {
		if err := c.fill(n - len(c.intake.buf)); err != nil {
			return nil, c.readError(ctx, err, n)
		}
		report(int64(len(c.intake.buf)), int64(n))
	}
	return c.intake.take(n), nil
}

// progress is what to tell progress to, whether somebody looks or not.
func progress(ctx context.Context) func(done, total int64) {
	if report := primitive.Progress(ctx); report != nil {
		return report
	}
	return func(int64, int64) {}
}

// RecvAll gives everything until the peer ends its side; nothing is a result
// too. Kind Oversized when more than max bytes come (0: 64 MiB).
func (c *Stream) RecvAll(ctx context.Context, max int) ([]byte, error) {
	max = bound(max, defaultAll)
	if err := c.beginRead(ctx); err != nil {
		return nil, err
	}
	defer c.endRead()
	report := progress(ctx)
	for len(c.intake.buf) <= max {
		err := c.fill(max + 1 - len(c.intake.buf))
		report(int64(len(c.intake.buf)), 0)
		if errors.Is(err, io.EOF) {
			if !c.readShut.Load() {
				c.reachedEnd()
			}
			return c.intake.take(len(c.intake.buf)), nil
		}
		if err != nil {
			return nil, c.readError(ctx, err, 0)
		}
	}
	return nil, c.oversized("more than " + count(max) + " came")
}

// RecvDelim gives everything through delim, delim included. Kind Oversized when
// it is not within the first max bytes (0: 1 MiB).
func (c *Stream) RecvDelim(ctx context.Context, delim []byte, max int) ([]byte, error) {
	if len(delim) == 0 {
		return nil, primitive.Usagef("the delimiter is empty").WithHint(`for a line: recv --line`)
	}
	return c.through(ctx, bound(max, defaultMax), "no delimiter", finder(delim))
}

// RecvRegexp gives everything through the first match of re in what has come so
// far. A match that more bytes would make longer ends where the bytes end.
func (c *Stream) RecvRegexp(ctx context.Context, re *regexp.Regexp, max int) ([]byte, error) {
	return c.through(ctx, bound(max, defaultMax), "no match", matcher(re))
}

// RecvLine gives the next line without its end ("\n" or "\r\n"). What stands
// without an end before the peer's end is a line too. Kind Oversized when the
// line is longer than max bytes (0: 1 MiB).
func (c *Stream) RecvLine(ctx context.Context, max int) ([]byte, error) {
	max = bound(max, defaultMax)
	if err := c.beginRead(ctx); err != nil {
		return nil, err
	}
	defer c.endRead()
	n, err := c.until(max+len("\r\n"), finder([]byte("\n")))
	last := errors.Is(err, io.EOF) && len(c.intake.buf) > 0 && !c.readShut.Load()
	if last {
		n, err = len(c.intake.buf), nil
	}
	if err == nil {
		line := trimEnd(c.intake.buf[:n])
		if len(line) <= max {
			line = bytes.Clone(line)
			c.intake.drop(n)
			return line, nil
		}
		err = errTooLong
	}
	return nil, c.searchError(ctx, err, "no line end", max)
}

func trimEnd(line []byte) []byte {
	if cut, ok := bytes.CutSuffix(line, []byte("\n")); ok {
		return bytes.TrimSuffix(cut, []byte("\r"))
	}
	return line
}

// Expect takes everything through text and gives it. Whatever keeps text from
// coming (time, the peer's end, max bytes without it) is kind Expectation and
// shows the first bytes that did come; they stay buffered.
func (c *Stream) Expect(ctx context.Context, text []byte, max int) ([]byte, error) {
	return c.expect(ctx, primitive.Quote(string(text)), max, finder(text))
}

// ExpectRegexp is Expect for a match of re.
func (c *Stream) ExpectRegexp(ctx context.Context, re *regexp.Regexp, max int) ([]byte, error) {
	return c.expect(ctx, "a match of "+primitive.Quote(re.String()), max, matcher(re))
}

func (c *Stream) expect(ctx context.Context, what string, max int, find func([]byte) int) ([]byte, error) {
	if err := c.beginRead(ctx); err != nil {
		return nil, err
	}
	defer c.endRead()
	max = bound(max, defaultMax)
	n, err := c.until(max, find)
	if err == nil {
		return c.intake.take(n), nil
	}
	e := primitive.AsError(c.searchError(ctx, err, "it is not there", max))
	switch e.Kind {
	case primitive.Canceled, primitive.Closed:
		return nil, e
	}
	return nil, &primitive.Error{
		Kind: primitive.Expectation, Errno: e.Errno, Target: e.Target, Err: e,
		Cause: "expected " + what + ", got " + c.sample() + ": " + e.Cause,
	}
}

// sample shows the first bytes that are buffered.
func (c *Stream) sample() string {
	const show = 60
	buf := c.intake.buf
	switch {
	case len(buf) == 0:
		return "nothing"
	case len(buf) <= show:
		return primitive.Quote(string(buf))
	}
	return primitive.Quote(string(buf[:show])) + "…"
}

// through takes everything up to where find says.
func (c *Stream) through(ctx context.Context, max int, missing string, find func([]byte) int) ([]byte, error) {
	if err := c.beginRead(ctx); err != nil {
		return nil, err
	}
	defer c.endRead()
	n, err := c.until(max, find)
	if err != nil {
		return nil, c.searchError(ctx, err, missing, max)
	}
	return c.intake.take(n), nil
}

// errTooLong is until's word for a full buffer.
var errTooLong = errors.New("too long")

// until fills the buffer until find gives a position, and gives it. It reads no
// more than limit bytes.
func (c *Stream) until(limit int, find func([]byte) int) (int, error) {
	for {
		if n := find(c.intake.buf); n > limit {
			return 0, errTooLong
		} else if n >= 0 {
			return n, nil
		}
		if len(c.intake.buf) >= limit {
			return 0, errTooLong
		}
		if err := c.fill(limit - len(c.intake.buf)); err != nil {
			return 0, err
		}
	}
}

func (c *Stream) searchError(ctx context.Context, err error, missing string, max int) error {
	if errors.Is(err, errTooLong) {
		return c.oversized(missing + " in the first " + count(max))
	}
	return c.readError(ctx, err, 0)
}

func (c *Stream) oversized(cause string) error {
	e := primitive.Newf(primitive.Oversized, "%s; %s", cause, stay(len(c.intake.buf)))
	return e.On(c.target(c.Raddr())).WithHint("take them with recv, or allow more")
}

// finder gives the position after text, -1 without it.
func finder(text []byte) func([]byte) int {
	return func(buf []byte) int {
		if i := bytes.Index(buf, text); i >= 0 {
			return i + len(text)
		}
		return -1
	}
}

// matcher gives the position after the first match, -1 without one.
func matcher(re *regexp.Regexp) func([]byte) int {
	return func(buf []byte) int {
		if m := re.FindIndex(buf); m != nil {
			return m[1]
		}
		return -1
	}
}

func bound(max, otherwise int) int {
	if max <= 0 {
		return otherwise
	}
	return max
}
