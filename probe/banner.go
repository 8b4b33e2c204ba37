package probe

import (
	"context"
	"io"
	"strconv"
	"time"

	"sosh/primitive"
	"sosh/sock"
)

// Greet is how long and for how much of a server's first words to listen.
type Greet struct {
	Wait time.Duration // for all of them
	Max  int           // bytes
}

// A Greeting is what a server said first, unasked.
type Greeting struct {
	Data   primitive.Bytes
	Waited string // what ended the listening, in words
}

// A server that has begun to speak and pauses for so long is done.
const quietAfter = 250 * time.Millisecond

// A reader can be read until a time.
type reader interface {
	io.Reader
	SetReadDeadline(t time.Time) error
}

// listen reads what comes: until it is as much as wanted, or the peer pauses, or
// ends, or the time is over.
func (g Greet) listen(ctx context.Context, r reader) *Greeting {
	end := time.Now().Add(g.Wait)
	_ = r.SetReadDeadline(end)
	stop := context.AfterFunc(ctx, func() { _ = r.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()
	data := make([]byte, 0, min(g.Max, 512))
	for {
		if len(data) == cap(data) {
			data = append(data, 0)[:len(data)]
		}
		n, err := r.Read(data[len(data):min(cap(data), g.Max)])
		data = data[:len(data)+n]
		if len(data) >= g.Max || err != nil {
			return &Greeting{data, g.why(ctx, data, end, err)}
		}
		if quiet := time.Now().Add(quietAfter); ctx.Err() == nil {
			_ = r.SetReadDeadline(earlier(quiet, end))
		}
	}
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// why says what ended the listening.
func (g Greet) why(ctx context.Context, data []byte, end time.Time, err error) string {
	kind := sock.Kind(err)
	switch {
	case len(data) >= g.Max:
		return "the limit of " + strconv.Itoa(g.Max) + " bytes"
	case ctx.Err() != nil:
		return "an interruption"
	case kind == primitive.EOF:
		return "the peer's end"
	case kind == primitive.Reset:
		return "the peer's reset"
	case kind != primitive.Timeout:
		return "an error"
	case len(data) == 0:
		return g.Wait.String() + ", and nothing came"
	case !time.Now().Before(end):
		return g.Wait.String() + ", and more was coming"
	}
	return "a pause of " + quietAfter.String()
}

// A Said is what a server said, and how it was reached.
type Said struct {
	Result
	Greeting
}

// Banner connects and listens to what a server says first, unasked. That it says
// nothing is no error. The kinds are those of a connect: Refused, Timeout,
// Unreachable, NotFound, Canceled.
func Banner(ctx context.Context, addr primitive.Addr, family sock.Family, timeout time.Duration, g Greet) (Said, error) {
	conn, r, err := connect(ctx, addr, family, timeout)
	if err != nil || conn == nil {
		return Said{r, Greeting{Waited: "the peer's reset"}}, orElse(err, r.failure(addr))
	}
	defer conn.Close()
	said := Said{r, *g.listen(ctx, conn)}
	return said, ctx.Err()
}
