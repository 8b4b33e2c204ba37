package serve

import (
	"context"
	"time"

	"sosh/primitive"
	"sosh/sock"
)

// Daytime tells the date and time as people write it (RFC 867), to each client and
// to the sender of any datagram.
func Daytime(host Host, now func() time.Time) Runner {
	text := func() []byte { return []byte(now().Format("Monday, January 2, 2006 15:04:05-MST") + "\r\n") }
	return Runner{
		Client: func(ctx context.Context, c *sock.Stream) error { return say(ctx, c, text()) },
		Packets: answersOnce(func(_ context.Context, p sock.Packet) []byte {
			host.Log("%s asked for the time", from(p))
			return text()
		}),
	}
}

// Most that one datagram of chargen holds (RFC 864), and the characters of a line.
const (
	maxGenerated = 512
	lineLength   = 72
	firstPrint   = ' '
	prints       = '~' - ' ' + 1
)

// Chargen sends lines of printable characters (RFC 864) until the client ends, or
// limit bytes (0: no limit). A datagram is answered with at most 512 bytes, and
// with no more than it brought: a false sender address must not make of us a
// stream of bytes that somebody did not ask for.
func Chargen(host Host, limit int64) Runner {
	return Runner{
		Client: func(ctx context.Context, c *sock.Stream) error { return chargen(ctx, c, limit) },
		Packets: answersOnce(func(_ context.Context, p sock.Packet) []byte {
			n := min(len(p.Data), maxGenerated)
			host.Log("%s got %d characters", from(p), n)
			return pattern(0, n)
		}),
	}
}

// chargen sends the pattern in pieces, while what the client says is thrown away.
func chargen(ctx context.Context, c *sock.Stream, limit int64) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	heard := make(chan error, 1)
	go func() {
		err := discard(ctx, c)
		if err != nil { // at its end alone it may listen still
			cancel()
		}
		heard <- err
	}()
	err := generate(ctx, c, limit)
	if err == nil {
		err = c.Shutdown("write")
	}
	if err == nil {
		return <-heard // the client ends
	}
	cancel()
	if err = first(<-heard, err); primitive.KindOf(err) == primitive.Reset || primitive.KindOf(err) == primitive.BrokenPipe {
		return nil // it has heard enough, which is how this one ends
	}
	return err
}

// The pattern repeats after as many lines as there are characters.
const period = prints * (lineLength + 2)

func generate(ctx context.Context, c *sock.Stream, limit int64) error {
	all := pattern(0, period)
	for sent := int64(0); limit == 0 || sent < limit; {
		piece := all
		if limit > 0 {
			piece = all[:min(int64(len(all)), limit-sent)]
		}
		n, err := c.Send(ctx, piece)
		if sent += int64(n); err != nil {
			return err
		}
	}
	return nil
}

// pattern is n bytes of the pattern from a place in it on.
func pattern(at, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		line, column := (at+i)/(lineLength+2), (at+i)%(lineLength+2)
		switch column {
		case lineLength:
			b[i] = '\r'
		case lineLength + 1:
			b[i] = '\n'
		default:
			b[i] = byte(firstPrint + (line+column)%prints)
		}
	}
	return b
}

// answersOnce is Answers for services that answer anything: what comes from the
// port of another such service is left alone, as the two would go on for ever.
func answersOnce(fn func(context.Context, sock.Packet) []byte) func(context.Context, *sock.Datagram) error {
	return Answers(func(ctx context.Context, p sock.Packet) []byte {
		if isSmall(p.Port) {
			return nil
		}
		return fn(ctx, p)
	})
}

// isSmall is whether a port is that of echo, daytime, qotd, chargen or time.
func isSmall(port int) bool {
	return port == 7 || port == 13 || port == 17 || port == 19 || port == 37
}
