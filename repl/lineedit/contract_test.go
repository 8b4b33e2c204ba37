package lineedit

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/chzyer/readline"
)

// A contract notes in which order readline calls what it was given. Lineedit
// relies on that order, which is written down nowhere: this is where a change of
// readline would show.
type contract struct {
	t    *testing.T
	rl   *readline.Instance
	keys chan rune // of the reads to come; closed at the end

	mu      sync.Mutex
	changed *sync.Cond
	calls   []string
	answer  func(line []rune, pos int) ([]rune, int) // to own keys
}

func newContract(t *testing.T) *contract {
	c := &contract{t: t, keys: make(chan rune)}
	c.changed = sync.NewCond(&c.mu)
	cfg := (&Editor{}).config()
	cfg.Stdin, cfg.Painter = c, c
	cfg.SetListener(c.listen)
	rl, err := readline.NewEx(cfg)
	if err != nil {
		t.Fatal(err)
	}
	c.rl = rl
	return c
}

func (c *contract) note(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	call := fmt.Sprintf(format, args...)
	if n := len(c.calls); n > 0 && c.calls[n-1] == call && strings.HasPrefix(call, "paint") {
		return // it may paint more often than needed
	}
	c.calls = append(c.calls, call)
	c.changed.Broadcast()
}

func (c *contract) Read(p []byte) (int, error) {
	c.note("read")
	r, ok := <-c.keys
	if !ok {
		return 0, io.EOF
	}
	return utf8.EncodeRune(p, r), nil
}

func (c *contract) Close() error { return nil }

func (c *contract) Paint(line []rune, pos int) []rune {
	c.note("paint %q %d", string(line), pos)
	return nil
}

func (c *contract) listen(line []rune, pos int, key rune) ([]rune, int, bool) {
	c.note("listen %q %d %q", string(line), pos, key)
	if key == ownKey && c.answer != nil {
		line, pos = c.answer(line, pos)
		return line, pos, true
	}
	return nil, 0, false
}

// since gives the calls, without reads, up to the one that is waited for.
func (c *contract) since(last string) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	for !slices.Contains(c.calls, last) {
		c.changed.Wait()
	}
	i := slices.Index(c.calls, last) + 1
	calls := slices.DeleteFunc(slices.Clone(c.calls[:i]), func(s string) bool { return s == "read" })
	c.calls = c.calls[i:]
	return calls
}

func (c *contract) want(last string, want ...string) {
	c.t.Helper()
	if got := c.since(last); !slices.Equal(got, append(want, last)) {
		c.t.Errorf("calls %q, want %q", got, append(want, last))
	}
}

// line reads a line beside.
func (c *contract) line() chan error {
	done := make(chan error, 1)
	go func() {
		line, err := c.rl.Readline()
		c.note("given %q", line)
		done <- err
	}()
	return done
}

// end ends readline as Editor.Close does; goleak says whether it has ended.
func (c *contract) end() {
	close(c.keys)
	c.rl.Terminal.KickRead()
	if _, err := c.rl.Readline(); err != io.EOF {
		c.t.Errorf("at the end: %v", err)
	}
	c.rl.Config.Stdin.Close()
	c.rl.Terminal.Close()
}

func TestContract(t *testing.T) {
	c := newContract(t)
	defer c.end()
	c.answer = func([]rune, int) ([]rune, int) { return []rune("xyz"), 1 }
	done := c.line()
	c.want(`paint "" 0`, `listen "" 0 '\x00'`) // a line begins
	c.keys <- 'a'
	c.want(`listen "a" 1 'a'`, `paint "a" 1`) // inserted, painted, then told
	c.keys <- ownKey
	// Our key is inserted and painted like any other; what the listener answers
	// becomes the line, and is painted.
	c.want(`paint "xyz" 1`, `paint "a\uf8f0" 2`, `listen "a\uf8f0" 2 '\uf8f0'`)
	c.keys <- submitKey
	if err := <-done; err != nil {
		t.Error(err)
	}
	c.since(`given "xyz"`)

	done = c.line()
	c.keys <- 'b'
	c.since(`listen "b" 1 'b'`)
	c.keys <- interruptKey
	if err := <-done; !errors.Is(err, readline.ErrInterrupt) {
		t.Error(err)
	}
	done = c.line()
	c.keys <- eofKey
	if err := <-done; err != io.EOF {
		t.Error(err)
	}
}

// Each of the keys that end a line is told to the listener, once, when readline
// has let go of the line: only then is its mode changed, or another line begun.
func TestContractLate(t *testing.T) {
	for _, key := range []rune{submitKey, interruptKey, eofKey} {
		c := newContract(t)
		done := c.line()
		c.keys <- key
		<-done
		c.since(fmt.Sprintf(`listen "" 0 %q`, key))
		c.end()
	}
}

// After a key that ends the line nothing more is read until the next one, but for
// a Read that is under way.
func TestContractOneRead(t *testing.T) {
	c := newContract(t)
	for range 3 {
		done := c.line()
		c.keys <- 'a'
		c.keys <- submitKey
		<-done
	}
	c.mu.Lock()
	reads := len(slices.DeleteFunc(slices.Clone(c.calls), func(s string) bool { return s != "read" }))
	c.mu.Unlock()
	if reads > 7 {
		t.Errorf("%d reads for 6 keys", reads)
	}
	c.end()
}

// In vi's normal mode our key is refused without a call; insertKey lets it in and
// Esc leads back.
func TestContractVi(t *testing.T) {
	c := newContract(t)
	defer c.end()
	c.answer = func([]rune, int) ([]rune, int) { return nil, 0 }
	c.rl.SetVimMode(true)
	done := c.line()
	for _, r := range []rune{escapeKey, ownKey, insertKey, ownKey, escapeKey, 'x', submitKey} {
		c.keys <- r
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	own := `listen "\uf8f0" 1 '\uf8f0'`
	if calls := c.since(`given ""`); !slices.Contains(calls, own) {
		t.Errorf("calls %q", calls)
	}
}
