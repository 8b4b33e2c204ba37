package luabind

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"

	lua "github.com/yuin/gopher-lua"

	"sosh/internal/lazy"
	"sosh/primitive"
)

// A file is an open file of a script. Reads and writes happen without the baton.
type file struct {
	name   string
	mu     sync.Mutex
	reader *bufio.Reader
	writer io.Writer
	seeker io.Seeker
	closer func() error
	closed bool
}

// What one read may give, and one line.
const maxRead = 64 << 20

// openIO makes the library io: files, the session's output, the standard input.
func (s *State) openIO() {
	s.types.file = s.metatable(map[string]lua.LGFunction{"__tostring": constant("file")})
	s.types.file.RawSetString("__index", s.main.SetFuncs(s.main.NewTable(), map[string]lua.LGFunction{
		"read": s.fileRead, "write": s.fileWrite, "lines": s.fileLines, "close": s.fileClose,
		"seek": s.fileSeek, "flush": s.fileFlush, "setvbuf": s.fileFlush,
	}))
	s.stdin = &stdin{r: s.opts.Stdin}
	lib := s.functions("io", map[string]lua.LGFunction{
		"open": s.ioOpen, "popen": s.ioPopen, "lines": s.ioLines, "type": ioType, "tmpfile": s.ioTmpfile, "close": s.fileClose,
		"write": func(L *lua.LState) int { return s.writeAll(L, 1, s.stdout()) },
		"read":  func(L *lua.LState) int { return s.readFormats(L, 1, s.stdinFile()) },
	})
	lib.RawSetString("stdout", s.fileValue(s.stdout()))
	lib.RawSetString("stderr", s.fileValue(s.stderr()))
	lib.RawSetString("stdin", s.fileValue(s.stdinFile()))
}

func (s *State) fileValue(f *file) *lua.LUserData {
	return &lua.LUserData{Value: f, Env: s.main.Env, Metatable: s.types.file}
}

// stdout is where print goes.
func (s *State) stdout() *file {
	return &file{name: "stdout", writer: terminalWriter{s.session.Out(), s.opts.Terminal}}
}

func (s *State) stderr() *file {
	w := s.opts.Stderr
	if w == nil {
		w = os.Stderr
	}
	return &file{name: "stderr", writer: terminalWriter{w, true}}
}

// A terminalWriter shows control characters instead of sending them.
type terminalWriter struct {
	w        io.Writer
	terminal bool
}

func (t terminalWriter) Write(p []byte) (int, error) {
	if !t.terminal {
		return t.w.Write(p)
	}
	_, err := io.WriteString(t.w, primitive.Visible(string(p)))
	return len(p), err
}

func (s *State) checkFile(L *lua.LState) *file {
	if ud, ok := L.Get(1).(*lua.LUserData); ok {
		if f, ok := ud.Value.(*file); ok {
			return f
		}
	}
	s.raise(L, primitive.Usagef("no file to work on").WithHint("use a colon: f:read()"))
	return nil
}

var modes = lazy.Value[map[string]int]{New: func() map[string]int {
	return map[string]int{
		"r": os.O_RDONLY, "w": os.O_WRONLY | os.O_CREATE | os.O_TRUNC, "a": os.O_WRONLY | os.O_CREATE | os.O_APPEND,
		"r+": os.O_RDWR, "w+": os.O_RDWR | os.O_CREATE | os.O_TRUNC, "a+": os.O_RDWR | os.O_CREATE | os.O_APPEND,
	}
}}

// ioOpen(name, mode) opens a file, relative to the working folder.
func (s *State) ioOpen(L *lua.LState) int {
	name, mode := L.CheckString(1), strings.ReplaceAll(L.OptString(2, "r"), "b", "")
	flags, ok := modes.Get()[mode]
	if !ok {
		return s.argError(L, 2, "no such mode %s", primitive.Quote(mode))
	}
	var f *os.File
	var err error
	s.unlocked(func() { f, err = os.OpenFile(name, flags, 0o666) })
	if err != nil {
		return s.fail(L, nil, fileError(name, err))
	}
	L.Push(s.fileValue(fileOf(f, mode)))
	return 1
}

func fileOf(f *os.File, mode string) *file {
	v := &file{name: f.Name(), seeker: f, closer: f.Close}
	if mode == "r" || strings.Contains(mode, "+") {
		v.reader = bufio.NewReader(f)
	}
	if mode != "r" {
		v.writer = f
	}
	return v
}

func (s *State) ioTmpfile(L *lua.LState) int {
	f, err := os.CreateTemp("", "sosh")
	if err != nil {
		return s.fail(L, nil, fileError("tmpfile", err))
	}
	v := fileOf(f, "w+")
	v.closer = func() error { return errors.Join(f.Close(), os.Remove(f.Name())) }
	L.Push(s.fileValue(v))
	return 1
}

// shellCommand is a command line as the system's shell runs it.
func shellCommand(ctx context.Context, line string) *exec.Cmd {
	if runtime.GOOS == "windows" {
		return exec.CommandContext(ctx, "cmd", "/c", line)
	}
	return exec.CommandContext(ctx, "/bin/sh", "-c", line)
}

// ioPopen(command) runs a command and reads what it writes; "w" is not offered.
func (s *State) ioPopen(L *lua.LState) int {
	line := L.CheckString(1)
	if mode := L.OptString(2, "r"); mode != "r" {
		return s.argError(L, 2, "a command can only be read from")
	}
	cmd := shellCommand(s.mayBlock(L), line)
	var out bytes.Buffer
	var err error
	cmd.Stdout = &limitedWriter{w: &out, left: maxRead}
	s.unlocked(func() { err = cmd.Run() })
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return s.fail(L, nil, fileError("popen", err))
	}
	s.mayBlock(L) // an interruption raises here
	L.Push(s.fileValue(&file{name: "command", reader: bufio.NewReader(&out), closer: func() error { return nil }}))
	return 1
}

// A limitedWriter fails when more than left bytes come.
type limitedWriter struct {
	w    io.Writer
	left int
}

func (l *limitedWriter) Write(p []byte) (int, error) {
	if l.left -= len(p); l.left < 0 {
		return 0, primitive.Newf(primitive.Oversized, "more than %d bytes of output", maxRead)
	}
	return l.w.Write(p)
}

func ioType(L *lua.LState) int {
	ud, ok := L.Get(1).(*lua.LUserData)
	if !ok {
		L.Push(lua.LNil)
		return 1
	}
	f, ok := ud.Value.(*file)
	switch {
	case !ok:
		L.Push(lua.LNil)
	case f.closed:
		L.Push(lua.LString("closed file"))
	default:
		L.Push(lua.LString("file"))
	}
	return 1
}

func (s *State) fileWrite(L *lua.LState) int {
	f := s.checkFile(L)
	n := s.writeAll(L, 2, f)
	if n == 1 {
		L.Push(L.Get(1))
	}
	return n
}

// writeAll writes the arguments from n on in one piece.
func (s *State) writeAll(L *lua.LState, n int, f *file) int {
	var text strings.Builder
	for i := n; i <= L.GetTop(); i++ {
		v := L.Get(i)
		if !lua.LVCanConvToString(v) {
			return s.argError(L, i-n+1, "a string expected, got %s", v.Type().String())
		}
		text.WriteString(v.String())
	}
	err := s.onFile(f, func() error {
		if f.writer == nil {
			return primitive.Newf(primitive.Denied, "%s is open for reading only", f.name)
		}
		_, err := io.WriteString(f.writer, text.String())
		return err
	})
	return s.pushDone(L, "write", err)
}

// onFile runs fn on an open file, without the baton.
func (s *State) onFile(f *file, fn func() error) (err error) {
	s.unlocked(func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.closed {
			err = primitive.Newf(primitive.Closed, "the file is closed")
			return
		}
		err = fn()
	})
	return err
}

func (s *State) fileClose(L *lua.LState) int {
	if L.GetTop() == 0 {
		L.Push(lua.LTrue)
		return 1
	}
	f := s.checkFile(L)
	err := s.onFile(f, func() error {
		if f.closer == nil {
			return nil // a standard stream stays open
		}
		f.closed = true
		return f.closer()
	})
	return s.pushDone(L, "close", err)
}

func (s *State) fileFlush(L *lua.LState) int {
	L.Push(lua.LTrue)
	return 1
}

var whences = lazy.Value[map[string]int]{New: func() map[string]int {
	return map[string]int{"set": io.SeekStart, "cur": io.SeekCurrent, "end": io.SeekEnd}
}}

// fileSeek(whence, offset) is the new position.
func (s *State) fileSeek(L *lua.LState) int {
	f := s.checkFile(L)
	whence, ok := whences.Get()[L.OptString(2, "cur")]
	offset := int64(L.OptNumber(3, 0))
	if !ok {
		return s.argError(L, 1, "set, cur or end expected")
	}
	var at int64
	err := s.onFile(f, func() (err error) {
		if f.seeker == nil {
			return primitive.Newf(primitive.Unsupported, "%s has no positions", f.name)
		}
		if f.reader != nil {
			if whence == io.SeekCurrent {
				offset -= int64(f.reader.Buffered())
			}
			defer func() { f.reader.Reset(f.seeker.(io.Reader)) }()
		}
		at, err = f.seeker.Seek(offset, whence)
		return err
	})
	if err != nil {
		return s.pushDone(L, "seek", err)
	}
	L.Push(lua.LNumber(at))
	return 1
}
