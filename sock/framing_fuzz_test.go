package sock

import (
	"bytes"
	"context"
	"net"
	"testing"

	"sosh/primitive"
)

// FuzzFraming sends bytes in arbitrary pieces and receives them in arbitrary
// ways, as the script says: whatever fails on the way, every byte comes once and
// in order.
func FuzzFraming(f *testing.F) {
	f.Add([]byte("one\r\ntwo\n\nrest"), []byte{3, 1, 200}, []byte{0, 1, 2, 3, 4, 5, 6, 7})
	f.Add([]byte("\n\r\n\r\r\n"), []byte{1}, []byte{4, 4, 4})
	f.Add(bytes.Repeat([]byte("ab|"), 100), []byte{7, 0, 90}, []byte{9, 33, 2, 82, 1})
	f.Fuzz(func(t *testing.T, data, pieces, script []byte) {
		ours, theirs := net.Pipe()
		sent := make(chan struct{})
		go func() {
			defer close(sent)
			defer theirs.Close()
			writePieces(theirs, data, pieces)
		}()
		c := NewStream(ours)
		got := receiveAll(t, c, script)
		check(t, c.Close())
		<-sent
		if !bytes.Equal(got, data) {
			t.Errorf("sent %q, received %q", data, got)
		}
	})
}

func writePieces(w net.Conn, data, pieces []byte) {
	for i := 0; len(data) > 0; i++ {
		n := len(data)
		if i < len(pieces) {
			n = min(n, 1+int(pieces[i]))
		}
		if _, err := w.Write(data[:n]); err != nil {
			return // the reader's own check tells
		}
		data = data[n:]
	}
}

// receiveAll receives as the script says, then whatever is left. Lines count
// with their ends: they are peeked at before.
func receiveAll(t *testing.T, c *Stream, script []byte) []byte {
	var got []byte
	for _, b := range script {
		data, err := receiveOne(t.Context(), c, b%6, 1+int(b/6))
		switch primitive.KindOf(err) {
		case "", primitive.EOF, primitive.Oversized: // what came stays buffered
		default:
			t.Fatalf("step %d: %v", b, err)
		}
		got = append(got, data...)
	}
	rest, err := c.RecvAll(t.Context(), 0)
	check(t, err)
	return append(got, rest...)
}

func receiveOne(ctx context.Context, c *Stream, how byte, n int) ([]byte, error) {
	switch how {
	case 0:
		return c.Recv(ctx, n)
	case 1:
		return c.RecvExact(ctx, n)
	case 2:
		return c.RecvDelim(ctx, []byte{'|'}, n)
	case 3:
		_, err := c.Peek(ctx, n)
		return nil, err
	case 4:
		return line(ctx, c, n)
	}
	buf := make([]byte, n)
	n, err := c.Read(ctx, buf)
	return buf[:n], err
}

// line receives a line and gives it with the end that RecvLine takes off.
func line(ctx context.Context, c *Stream, max int) ([]byte, error) {
	before := c.in.Load() - c.held.Load() // bytes taken so far
	text, err := c.RecvLine(ctx, max)
	if err != nil {
		return nil, err
	}
	switch end := c.in.Load() - c.held.Load() - before - int64(len(text)); end {
	case 0: // the last line has none
		return text, nil
	case 1:
		return append(text, '\n'), nil
	}
	return append(text, "\r\n"...), nil
}
