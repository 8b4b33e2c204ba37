package luabind

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync"

	lua "github.com/yuin/gopher-lua"

	"sosh/primitive"
)

func (s *State) fileRead(L *lua.LState) int { return s.readFormats(L, 2, s.checkFile(L)) }

// readFormats reads what the arguments from n on ask for: "l" a line, "L" with
// its end, "a" all, "n" a number, or a number of bytes; "*l" and so on too.
func (s *State) readFormats(L *lua.LState, n int, f *file) int {
	formats := []lua.LValue{lua.LString("l")}
	if L.GetTop() >= n {
		formats = nil
		for i := n; i <= L.GetTop(); i++ {
			formats = append(formats, L.Get(i))
		}
	}
	for i, format := range formats {
		v, err := s.readOne(L, f, format)
		if err != nil && !errors.Is(err, io.EOF) {
			return s.pushDone(L, "read", err)
		}
		L.Push(v)
		if v == lua.LNil {
			return i + 1
		}
	}
	return len(formats)
}

func (s *State) readOne(L *lua.LState, f *file, format lua.LValue) (v lua.LValue, err error) {
	read, err := readerOf(format)
	if err != nil {
		s.raise(L, err)
	}
	ctx := s.mayBlock(L)
	err = s.onFile(f, func() (err error) {
		switch {
		case f.name == "stdin":
			v, err = s.stdin.read(ctx, read)
		case f.reader == nil:
			err = primitive.Newf(primitive.Denied, "%s is open for writing only", f.name)
		default:
			v, err = read(f.reader)
		}
		return err
	})
	if v == nil {
		v = lua.LNil
	}
	return v, err
}

type readFunc func(*bufio.Reader) (lua.LValue, error)

func readerOf(format lua.LValue) (readFunc, error) {
	if n, ok := format.(lua.LNumber); ok {
		return readCount(int(n)), nil
	}
	switch strings.TrimPrefix(format.String(), "*") {
	case "l":
		return readLine(false), nil
	case "L":
		return readLine(true), nil
	case "a":
		return readAll, nil
	case "n":
		return readNumber, nil
	}
	return nil, primitive.Usagef("no such format to read: %s", primitive.Visible(format.String()))
}

func errTooLong() error { return primitive.Newf(primitive.Oversized, "more than %d bytes", maxRead) }

func readCount(n int) readFunc {
	return func(r *bufio.Reader) (lua.LValue, error) {
		if n < 0 || n > maxRead {
			return nil, errTooLong()
		}
		if n == 0 {
			if _, err := r.Peek(1); err != nil {
				return nil, err
			}
			return lua.LString(""), nil
		}
		data, err := io.ReadAll(io.LimitReader(r, int64(n)))
		if len(data) == 0 {
			return nil, errors.Join(err, io.EOF)
		}
		return lua.LString(data), err
	}
}

func readLine(keepEnd bool) readFunc {
	return func(r *bufio.Reader) (lua.LValue, error) {
		var line []byte
		for {
			piece, err := r.ReadSlice('\n')
			line = append(line, piece...)
			if len(line) > maxRead {
				return nil, errTooLong()
			}
			if err == bufio.ErrBufferFull {
				continue
			}
			if len(line) == 0 {
				return nil, err
			}
			text := string(line)
			if !keepEnd {
				text = strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r")
			}
			return lua.LString(text), nil
		}
	}
}

func readAll(r *bufio.Reader) (lua.LValue, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxRead+1))
	if len(data) > maxRead {
		return nil, errTooLong()
	}
	return lua.LString(data), err
}

func readNumber(r *bufio.Reader) (lua.LValue, error) {
	line, err := readLine(false)(r)
	if err != nil {
		return nil, err
	}
	n, ok := parseNumber(line.String(), 10)
	if !ok {
		return lua.LNil, nil
	}
	return lua.LNumber(n), nil
}

// ioLines(name) walks the lines of a file, or of the standard input.
func (s *State) ioLines(L *lua.LState) int {
	if L.GetTop() == 0 || L.Get(1) == lua.LNil {
		return s.pushLines(L, s.stdinFile(), false)
	}
	name := L.CheckString(1)
	var f *os.File
	var err error
	s.unlocked(func() { f, err = os.Open(name) })
	if err != nil {
		return s.raise(L, fileError(name, err))
	}
	return s.pushLines(L, fileOf(f, "r"), true)
}

func (s *State) fileLines(L *lua.LState) int { return s.pushLines(L, s.checkFile(L), false) }

// pushLines is an iterator over lines; it closes the file at the end if it is
// its own. A failure raises, as a loop has no place for it.
func (s *State) pushLines(L *lua.LState, f *file, own bool) int {
	L.Push(L.NewFunction(func(L *lua.LState) int {
		line, err := s.readOne(L, f, lua.LString("l"))
		if err != nil && !errors.Is(err, io.EOF) {
			return s.raise(L, err)
		}
		if line == lua.LNil && own {
			s.onFile(f, func() error { f.closed = true; return f.closer() })
		}
		L.Push(line)
		return 1
	}))
	return 1
}

// stdin is the standard input. A read of it cannot be interrupted, so it goes on
// when its caller gives up, and the next caller gets what it brings.
type stdin struct {
	r       io.Reader
	mu      sync.Mutex
	buf     *bufio.Reader
	pending chan readResult
}

type readResult struct {
	v   lua.LValue
	err error
}

func (s *State) stdinFile() *file { return &file{name: "stdin"} }

func (in *stdin) read(ctx context.Context, read readFunc) (lua.LValue, error) {
	for {
		result, fresh := in.start(read)
		select {
		case r := <-result:
			in.mu.Lock()
			in.pending = nil
			in.mu.Unlock()
			if !fresh && errors.Is(r.err, context.Canceled) {
				continue // with the caller before
			}
			return r.v, r.err
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// start begins a read, unless one is under way.
func (in *stdin) start(read readFunc) (result chan readResult, fresh bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.buf == nil {
		if in.r == nil {
			in.r = os.Stdin
		}
		in.buf = bufio.NewReader(in.r)
	}
	if in.pending != nil {
		return in.pending, false
	}
	done := make(chan readResult, 1)
	in.pending = done
	go func() {
		v, err := read(in.buf)
		done <- readResult{v, err}
	}()
	return done, true
}
