package verbs

import (
	"context"
	"iter"
	"regexp"
	"time"

	"sosh/primitive"
	"sosh/session"
	"sosh/sock"
)

func streamRows() []*primitive.Row {
	const connect = "tcp connect 127.0.0.1 7; "
	return []*primitive.Row{
		primitive.New(primitive.Spec{
			Name: "send", Short: "Send bytes to the peer",
			Doc: "Sends everything, however many writes it takes. Nothing is added: --line adds \\n, --crlf adds \\r\\n. " +
				"With --once it makes a single write(2), which may take fewer bytes than given, and says how many it took.",
			Example: connect + "send c1 hello", Needs: "echo", Says: "%v bytes sent",
			Raises:  []primitive.Kind{primitive.BrokenPipe, primitive.Reset, primitive.Closed, primitive.Timeout},
			Methods: map[string]string{"sendline": "--line"},
		}, send),
		primitive.New(primitive.Spec{
			Name: "recv", Short: "Receive bytes from the peer",
			Doc: "Without a flag: what one read gives, at most max bytes, waiting until there is something. " +
				"--exact, --line, --delim, --regex and --all read until that much has come. " +
				"When a read fails half way, what came stays buffered for the next one. " +
				"The end of the stream is an error of kind eof, a note in the shell.",
			Example: connect + "send c1 hello; recv c1 --exact 5", Needs: "echo",
			Raises:  []primitive.Kind{primitive.EOF, primitive.Timeout, primitive.Reset, primitive.Closed, primitive.Oversized},
			Methods: map[string]string{"recvline": "--line", "recvall": "--all"},
		}, recv),
		primitive.New(primitive.Spec{
			Name: "lines", Short: "Read the peer's lines one by one",
			Doc:     "Each line without its end, until the peer ends. In Lua an iterator: for line in c:lines() do … end.",
			Example: connect + "send c1 --line one; send c1 --line two; shutdown c1 write; lines c1", Needs: "echo",
			Raises: []primitive.Kind{primitive.Timeout, primitive.Reset, primitive.Oversized},
		}, lines),
		primitive.New(primitive.Spec{
			Name: "peek", Short: "Look at bytes without taking them",
			Doc:     "Waits until there is something; the next recv gives the same bytes.",
			Example: connect + "send c1 hello; peek c1 5", Needs: "echo",
			Raises: []primitive.Kind{primitive.EOF, primitive.Timeout},
		}, peek),
		primitive.New(primitive.Spec{
			Name: "expect", Short: "Wait for a text from the peer",
			Doc: "Takes everything through the text and returns it; --regex makes the text a regular expression (RE2). " +
				"When it does not come it is an error of kind expectation, exit code 3, that shows what did.",
			Example: connect + "send c1 220 ready; expect c1 220", Needs: "echo",
			Raises: []primitive.Kind{primitive.Expectation, primitive.Closed},
		}, expect),
		primitive.New(primitive.Spec{
			Name: "shutdown", Short: "End one direction of a stream, or both",
			Doc: "The system call shutdown(2). After write the peer reads the end of the stream, and its answer can still be received. " +
				"SHUT_RD, SHUT_WR, SHUT_RDWR and 0, 1, 2 are understood.",
			Example: connect + "send c1 bye; shutdown c1 write; recv c1 --all", Needs: "echo",
			Raises: []primitive.Kind{primitive.Closed},
		}, shutdown),
	}
}

// A connection is what has one peer: a stream, or a connected datagram socket.
type connection interface {
	primitive.Handle
	Send(ctx context.Context, data []byte) (int, error)
	Recv(ctx context.Context, max int) ([]byte, error)
}

type sendArgs struct {
	Connection connection      `arg:"" help:"stream or connected datagram socket"`
	Data       primitive.Bytes `arg:"" rest:"" help:"bytes to send"`
	Line       bool            `help:"add a line feed"`
	Crlf       bool            `help:"add a carriage return and a line feed"`
	Once       bool            `help:"make one write and say how much was taken"`
	Timeout    time.Duration   `help:"give up after this long; 0 waits for ever"`

	sent int // bytes that Eager sent
}

// Eager sends to a stream that has room.
func (a *sendArgs) Eager() (any, error, bool) {
	c, ok := a.Connection.(*sock.Stream)
	if !ok || a.Once || a.Timeout > 0 {
		return nil, nil, false
	}
	n, err, done := c.SendNow(a.bytes())
	a.sent = n
	return n, err, done
}

// bytes are the data with its end.
func (a *sendArgs) bytes() []byte {
	data := []byte(a.Data)
	switch {
	case a.Crlf:
		return append(data[:len(data):len(data)], "\r\n"...)
	case a.Line:
		return append(data[:len(data):len(data)], '\n')
	}
	return data
}

func (a *sendArgs) SetReceiver(h primitive.Handle) { a.Connection = h.(connection) }

func send(ctx context.Context, _ *session.Session, a sendArgs) (int, error) {
	ctx, cancel := within(ctx, a.Timeout)
	defer cancel()
	c, _ := a.Connection.(*sock.Stream)
	switch {
	case a.sent > 0:
		return c.SendRest(ctx, a.bytes(), a.sent)
	case a.Once && c != nil:
		return c.SendOnce(ctx, a.bytes())
	}
	return a.Connection.Send(ctx, a.bytes())
}

type recvArgs struct {
	Connection connection      `arg:"" help:"stream or connected datagram socket"`
	Max        primitive.Size  `arg:"" default:"64k" min:"1" max:"1073741824" help:"most bytes of one read"`
	Exact      primitive.Size  `max:"1073741824" help:"exactly this many bytes"`
	Line       bool            `help:"one line, without its end"`
	Delim      primitive.Bytes `help:"through this delimiter"`
	Regex      string          `help:"through the first match of this expression"`
	All        bool            `help:"everything to the peer's end"`
	Limit      primitive.Size  `with:"line,delim,regex,all" default:"16m" max:"1073741824" help:"most bytes that --line, --delim, --regex and --all may take"`
	Timeout    time.Duration   `help:"give up after this long; 0 waits for ever"`
}

// Eager gives what is buffered.
func (a *recvArgs) Eager() (any, error, bool) {
	if a.gathers() {
		return nil, nil, false
	}
	switch c := a.Connection.(type) {
	case *sock.Stream:
		if data, done := c.RecvNow(int(a.Max)); done {
			return primitive.Bytes(data), nil, true
		}
	case *sock.Datagram:
		if p, done := c.RecvFromNow(int(a.Max)); done {
			return p.Data, nil, true
		}
	}
	return nil, nil, false
}

// Awaits is whether the next bytes of a stream are all that is wanted.
func (a *recvArgs) Awaits() bool {
	c, ok := a.Connection.(*sock.Stream)
	return ok && a.Timeout == 0 && !a.gathers() && c.Plain()
}

// Await waits for them.
func (a *recvArgs) Await(ctx context.Context) { a.Connection.(*sock.Stream).Await(ctx, int(a.Max)) }

func (a *recvArgs) SetReceiver(h primitive.Handle) { a.Connection = h.(connection) }

func recv(ctx context.Context, _ *session.Session, a recvArgs) (primitive.Bytes, error) {
	ctx, cancel := within(ctx, a.Timeout)
	defer cancel()
	if !a.gathers() {
		return a.Connection.Recv(ctx, int(a.Max))
	}
	c, ok := a.Connection.(*sock.Stream)
	if !ok {
		return nil, primitive.Usagef("a datagram comes whole: --exact, --line, --delim, --regex and --all are for streams")
	}
	return a.gather(ctx, c)
}

// gathers is whether more than one read may be needed.
func (a recvArgs) gathers() bool {
	return a.Exact > 0 || a.Line || len(a.Delim) > 0 || a.Regex != "" || a.All
}

func (a recvArgs) gather(ctx context.Context, c *sock.Stream) ([]byte, error) {
	limit := int(a.Limit)
	switch {
	case a.Exact > 0:
		return c.RecvExact(ctx, int(a.Exact))
	case a.Line:
		return c.RecvLine(ctx, limit)
	case len(a.Delim) > 0:
		return c.RecvDelim(ctx, a.Delim, limit)
	case a.All:
		return c.RecvAll(ctx, limit)
	}
	re, err := expression(a.Regex)
	if err != nil {
		return nil, err
	}
	return c.RecvRegexp(ctx, re, limit)
}

func expression(text string) (*regexp.Regexp, error) {
	re, err := regexp.Compile(text)
	if err != nil {
		return nil, primitive.Usagef("%s is no regular expression: %v", primitive.Quote(text), err).
			WithHint("the syntax is RE2: https://golang.org/s/re2syntax")
	}
	return re, nil
}

type linesArgs struct {
	Stream  *sock.Stream   `arg:"" help:"stream to read"`
	Limit   primitive.Size `default:"1m" max:"1073741824" help:"longest line"`
	Timeout time.Duration  `help:"give up when no line comes for this long; 0 waits for ever"`
}

func lines(ctx context.Context, _ *session.Session, a linesArgs) (iter.Seq2[primitive.Bytes, error], error) {
	return func(yield func(primitive.Bytes, error) bool) {
		for {
			line, err := a.next(ctx)
			if primitive.KindOf(err) == primitive.EOF || !yield(line, err) || err != nil {
				return
			}
		}
	}, nil
}

func (a linesArgs) next(ctx context.Context) ([]byte, error) {
	ctx, cancel := within(ctx, a.Timeout)
	defer cancel()
	return a.Stream.RecvLine(ctx, int(a.Limit))
}

type peekArgs struct {
	Stream  *sock.Stream   `arg:"" help:"stream to look at"`
	Max     primitive.Size `arg:"" default:"4k" min:"1" max:"1048576" help:"most bytes to show"`
	Timeout time.Duration  `help:"give up after this long; 0 waits for ever"`
}

func peek(ctx context.Context, _ *session.Session, a peekArgs) (primitive.Bytes, error) {
	ctx, cancel := within(ctx, a.Timeout)
	defer cancel()
	return a.Stream.Peek(ctx, int(a.Max))
}

type expectArgs struct {
	Stream  *sock.Stream    `arg:"" help:"stream to read"`
	Text    primitive.Bytes `arg:"" rest:"" help:"text that must come"`
	Regex   bool            `help:"the text is a regular expression"`
	Limit   primitive.Size  `default:"16m" max:"1073741824" help:"most bytes to take"`
	Timeout time.Duration   `default:"5s" help:"give up after this long; 0 waits for ever"`
}

func expect(ctx context.Context, _ *session.Session, a expectArgs) (primitive.Bytes, error) {
	ctx, cancel := within(ctx, a.Timeout)
	defer cancel()
	if !a.Regex {
		return a.Stream.Expect(ctx, a.Text, int(a.Limit))
	}
	re, err := expression(string(a.Text))
	if err != nil {
		return nil, err
	}
	return a.Stream.ExpectRegexp(ctx, re, int(a.Limit))
}

type shutdownArgs struct {
	Stream *sock.Stream `arg:"" help:"stream to end"`
	How    string       `arg:"" default:"both" enum:"read,write,both" alias:"0=read,1=write,2=both,SHUT_RD=read,SHUT_WR=write,SHUT_RDWR=both,send=write,receive=read" help:"direction that ends"`
}

func shutdown(_ context.Context, _ *session.Session, a shutdownArgs) (primitive.None, error) {
	return nothing(a.Stream.Shutdown(a.How))
}
