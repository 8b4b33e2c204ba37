package load

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"sosh/primitive"
	"sosh/sock"
)

// What a bench begins with: one line of the client's, "sosh-bench/1 MODE SIZE",
// answered by a line "ok" or by one that says what is wrong.
const (
	greeting  = "sosh-bench/1"
	maxLine   = 128
	MaxSize   = 1 << 20 // largest message, in bytes
	reportGap = 20 * time.Millisecond
)

// A header is what the client asks for.
type header struct {
	mode string // "up": the client sends; "down": the server does; "rr": both in turn
	size int
}

func (h header) line() []byte { return fmt.Appendf(nil, "%s %s %d\n", greeting, h.mode, h.size) }

// parseHeader reads the line of a client; kind failed where it is none of ours.
func parseHeader(line []byte) (header, error) {
	f := bytes.Fields(line)
	if len(f) != 3 || string(f[0]) != greeting {
		return header{}, primitive.Newf(primitive.Failed, "the peer is no bench")
	}
	h := header{mode: string(f[1])}
	size, err := strconv.Atoi(string(f[2]))
	if err != nil || size < 1 || size > MaxSize {
		return h, primitive.Newf(primitive.Failed, "a size of %s", primitive.Quote(string(f[2])))
	}
	h.size = size
	if h.mode != "up" && h.mode != "down" && h.mode != "rr" {
		return h, primitive.Newf(primitive.Failed, "no mode %s", primitive.Quote(h.mode))
	}
	return h, nil
}

// Serve is the other side of Bench for one client, for at most limit. It logs one
// line at the end.
func Serve(ctx context.Context, c *sock.Stream, limit time.Duration, log func(format string, args ...any)) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	line, err := c.RecvLine(ctx, maxLine)
	if err != nil {
		return err
	}
	h, err := parseHeader(line)
	if err != nil {
		_, _ = c.Send(ctx, []byte(err.Error()+"\n")) // the client's mistake is the one to tell
		return err
	}
	if _, err := c.Send(ctx, []byte("ok\n")); err != nil {
		return err
	}
	begun := time.Now()
	n, err := h.serve(ctx, c)
	took := time.Since(begun)
	log("%s %s: %s in %.3g s, %s", c.Raddr(), h.mode, unit(float64(n), "B"), took.Seconds(), unit(float64(n)*8/took.Seconds(), "bit/s"))
	if over(err) {
		return nil
	}
	return err
}

// over is whether an error is how a client ends that has measured for long enough.
func over(err error) bool {
	switch primitive.KindOf(err) {
	case "", primitive.EOF, primitive.Reset, primitive.BrokenPipe, primitive.Timeout:
		return true
	}
	return errors.Is(err, io.EOF)
}

// serve gives the bytes that went in the direction that is measured.
func (h header) serve(ctx context.Context, c *sock.Stream) (int64, error) {
	switch h.mode {
	case "up":
		return take(ctx, c, h.size)
	case "down":
		return give(ctx, c, h.size)
	}
	return answer(ctx, c, h.size)
}

// take counts what comes, and tells the client from time to time how much that is:
// what it measures is what has arrived.
func take(ctx context.Context, c *sock.Stream, size int) (total int64, err error) {
	buf, told := make([]byte, max(size, 64<<10)), time.Now()
	for {
		n, err := c.Read(ctx, buf)
		total += int64(n)
		if now := time.Now(); err != nil || now.Sub(told) >= reportGap {
			told = now
			if _, serr := c.Send(ctx, binary.BigEndian.AppendUint64(nil, uint64(total))); serr != nil && err == nil {
				err = serr
			}
		}
		if err != nil {
			return total, err
		}
	}
}

// give sends until the client has enough.
func give(ctx context.Context, c *sock.Stream, size int) (total int64, err error) {
	buf := make([]byte, size)
	for {
		n, err := c.Send(ctx, buf)
		total += int64(n)
		if err != nil {
			return total, err
		}
	}
}

// answer sends each message back.
func answer(ctx context.Context, c *sock.Stream, size int) (total int64, err error) {
	for {
		message, err := c.RecvExact(ctx, size)
		if err != nil {
			return total, err
		}
		n, err := c.Send(ctx, message)
		if total += int64(n); err != nil {
			return total, err
		}
	}
}
