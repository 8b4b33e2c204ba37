package repl

import (
	"bytes"
	"context"
	"io"
	"os"
	"strings"

	"sosh/primitive"
	"sosh/repl/term"
)

// An input is the only reader of what the program is given. A Read that is under
// way when its caller gives up stays so, and what it brings goes to the next
// caller: no byte is lost between the prompt, a script and an attached stream.
// Reads are made on demand only, so that a child process finds the rest.
type input struct {
	r    io.Reader
	file *os.File      // of a terminal
	tty  bool          // its end is a key, and more may follow
	back *term.Reader  // of a terminal: a Read can be taken back
	turn chan struct{} // held by the one caller
	got  chan chunk    // of the Read under way

	// Guarded by turn.
	reading bool
	rest    []byte
	err     error
}

type chunk struct {
	data []byte
	err  error
}

func newInput(r io.Reader, tty bool) *input {
	if r == nil {
		r = strings.NewReader("")
	}
	in := &input{r: r, tty: tty, turn: make(chan struct{}, 1), got: make(chan chunk, 1)}
	if tty {
		in.file, _ = r.(*os.File)
	}
	return in
}

// textInput is an input that is all there already.
func textInput(text string) *input {
	in := newInput(nil, false)
	in.rest, in.err = []byte(text), io.EOF
	return in
}

// take ends the reading of a terminal, and gives what was read and not yet used:
// the prompt reads by itself. It does nothing while somebody reads.
func (in *input) take() []byte {
	select {
	case in.turn <- struct{}{}:
	default:
		return nil
	}
	defer func() { <-in.turn }()
	if in.back == nil {
		return nil
	}
	if in.reading && in.back.Stop() {
		c := <-in.got
		in.reading, in.rest = false, append(in.rest, c.data...)
	}
	if !in.reading {
		in.back.Close()
		in.r, in.back = in.file, nil
	}
	rest := in.rest
	in.rest = nil
	return rest
}

// Most bytes of one Read.
const readSize = 64 << 10

// read is like io.Reader's under a context.
func (in *input) read(ctx context.Context, p []byte) (int, error) {
	if err := in.fill(ctx); err != nil {
		return 0, err
	}
	defer func() { <-in.turn }()
	n := copy(p, in.rest)
	in.rest = in.rest[n:]
	return n, nil
}

// fill waits until there is something in rest; the caller then has the turn.
func (in *input) fill(ctx context.Context) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	select {
	case in.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	err := in.more(ctx)
	if err != nil {
		<-in.turn
	}
	return err
}

// more reads when nothing is left. The caller has the turn.
func (in *input) more(ctx context.Context) error {
	for len(in.rest) == 0 {
		if err := in.err; err != nil {
			if in.tty && err == io.EOF {
				in.err = nil
			}
			return err
		}
		if !in.reading {
			in.reading = true
			in.begin()
			go in.fetch()
		}
		select {
		case c := <-in.got:
			in.reading, in.rest, in.err = false, c.data, c.err
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// begin makes it possible to take the Read of a terminal back.
func (in *input) begin() {
	if in.file == nil || in.back != nil {
		return
	}
	if r, err := term.NewReader(in.file); err == nil {
		in.r, in.back = r, r
	}
}

// fetch makes one Read. It ends with that Read, and never waits for a receiver.
func (in *input) fetch() {
	buf := make([]byte, readSize)
	n, err := in.r.Read(buf)
	in.got <- chunk{buf[:n], err}
}

// Most bytes of one line.
const maxLine = 1 << 20

// line reads up to a line feed, which it drops; the last line needs none.
func (in *input) line(ctx context.Context) (string, error) {
	var line []byte
	for {
		err := in.fill(ctx)
		if err == io.EOF && line != nil {
			return string(line), nil
		}
		if err != nil {
			return "", err
		}
		piece, _, found := bytes.Cut(in.rest, []byte{'\n'})
		line = append(line, piece...)
		if line == nil {
			line = []byte{} // an empty line is a line
		}
		in.rest = in.rest[min(len(piece)+1, len(in.rest)):]
		<-in.turn
		if found {
			return string(bytes.TrimSuffix(line, []byte{'\r'})), nil
		}
		if len(line) > maxLine {
			return "", primitive.Newf(primitive.Oversized, "a line is longer than %d bytes", maxLine)
		}
	}
}
