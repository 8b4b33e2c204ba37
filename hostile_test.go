//go:build unix

package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/creack/pty"

	"sosh/internal/nettest"
	"sosh/internal/vt"
)

// An attack is what a hostile peer sends, and is called so in the corpus.
type attack struct{ name, bytes string }

// corpus reads testdata/hostile/corpus.txt, and adds what is too long for it.
func corpus(t *testing.T) []attack {
	t.Helper()
	data, err := os.ReadFile("testdata/hostile/corpus.txt")
	if err != nil {
		t.Fatal(err)
	}
	list := []attack{
		{"long-line", strings.Repeat("A", 3000)},
		{"long-escapes", strings.Repeat("\x1b[2J", 500)},
		{"long-combining", "e" + strings.Repeat("\u0301", 500)},
	}
	for i, line := range strings.Split(string(data), "\n") {
		name, quoted, found := strings.Cut(line, " ")
		if !found || strings.HasPrefix(name, "#") {
			continue
		}
		text, err := strconv.Unquote(strings.TrimSpace(quoted))
		if err != nil {
			t.Fatalf("corpus.txt:%d: %v", i+1, err)
		}
		list = append(list, attack{name, text})
	}
	return list
}

// raw is whether the bytes are more than what one may print.
func (a attack) raw() bool {
	return !utf8.ValidString(a.bytes) || strings.ContainsFunc(a.bytes, func(r rune) bool { return !unicode.IsPrint(r) && r != '\n' && r != '\t' })
}

// fileName is a name for a file that holds the attack, if it can be one.
func (a attack) fileName() (string, bool) {
	return a.bytes, !strings.ContainsAny(a.bytes, "/\x00") && len(a.bytes) < 60
}

// A victim is a shell on a terminal, whose every byte is looked at.
type victim struct {
	t      *testing.T
	keys   io.Writer
	screen *vt.Terminal
	cmd    *exec.Cmd
	shown  sync.WaitGroup
	typed  int

	mu   sync.Mutex
	sent []byte // to the terminal, and not looked at yet
	left []byte // a sequence or character that is not whole
}

func newVictim(t *testing.T, cmd *exec.Cmd) *victim {
	t.Helper()
	cmd.Env = append(cmd.Env, "TERM=xterm-256color", "NO_COLOR=", "PAGER=off")
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 40, Cols: 200})
	if err != nil {
		nettest.Missing(t, fmt.Sprintf("a pty: %v", err))
	}
	v := &victim{t: t, keys: tty, screen: vt.New(200, 40), cmd: cmd}
	v.shown.Go(func() { io.Copy(io.MultiWriter(v, v.screen), tty) }) // ends with EIO when the program does
	t.Cleanup(func() {
		cmd.Process.Kill() // it may have ended
		cmd.Wait()
		tty.Close()
		v.shown.Wait()
		if odd := v.screen.Strange(); len(odd) > 0 {
			t.Errorf("sent to the terminal: %q", odd)
		}
	})
	v.until("the prompt", func() bool { return v.prompts() })
	v.types("set pager off")
	return v
}

// Write keeps what goes to the terminal.
func (v *victim) Write(p []byte) (int, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.sent = append(v.sent, p...)
	return len(p), nil
}

func (v *victim) taken() []byte {
	v.mu.Lock()
	defer v.mu.Unlock()
	p := v.sent
	v.sent = nil
	return p
}

// until waits until the screen is as it should be.
func (v *victim) until(what string, holds func() bool) {
	v.t.Helper()
	for limit := time.After(patience); ; {
		changed := v.screen.Changed()
		if holds() {
			return
		}
		select {
		case <-changed:
		case <-limit:
			rows, row, col := v.screen.Screen()
			v.t.Fatalf("not seen: %s; cursor at %d, %d of\n%s", what, row, col, strings.Join(rows, "\n"))
		}
	}
}

var emptyPrompt = regexp.MustCompile(`^(sosh( \S+)?|here \S+)>$`)

// prompts is whether an empty prompt waits: nobody has typed anything.
func (v *victim) prompts() bool {
	row, col := v.screen.Row()
	return emptyPrompt.MatchString(row) && col == vtWidth(row)+1
}

func vtWidth(text string) (cells int) {
	for _, r := range text {
		cells += vt.Cells(r)
	}
	return cells
}

// types types a line, waits for the prompt that follows, and gives what stands
// between them.
func (v *victim) types(line string) string {
	v.t.Helper()
	v.typed++
	v.screen.Forget()
	tag := fmt.Sprintf("-- %d.", v.typed)
	if !strings.HasPrefix(line, "lua ") {
		tag = "# " + tag
	}
	fmt.Fprintf(v.keys, "\x1b[200~%s %s\x1b[201~\r", line, tag) // a paste is one edit
	answer := ""
	v.until(tag, func() bool {
		if !v.prompts() {
			return false // which is quickly seen
		}
		found := false
		_, answer, found = strings.Cut(v.screen.Text(), tag)
		return found && emptyPrompt.MatchString(lastLine(answer))
	})
	return answer
}

// A sequence that the shell itself sends: cursor up, down and right, erasing to
// the end, colours, and the marks around pastes; behind other programs the
// cursor is shown again.
var ours = regexp.MustCompile(`^\x1b\[(\d*[ABCJK]|[\d;]*m|\?2004[hl]|\?25h)`)

// checks looks at all that went to the terminal: nothing but characters, lines
// and what the shell itself sends, and no attack as it came.
func (v *victim) checks(a attack) {
	v.t.Helper()
	all := append(v.left, v.taken()...)
	if a.raw() && strings.Contains(string(all), "<"+a.bytes+">") {
		v.t.Errorf("%s: it went to the terminal as it came: %q", a.name, around(all, strings.Index(string(all), "<"+a.bytes+">")))
	}
	rest := all
	for len(rest) > 0 && (utf8.FullRune(rest) || len(rest) > 100) {
		n := 0
		if r, size := utf8.DecodeRune(rest); r == '\x1b' {
			n = len(ours.Find(rest[:min(len(rest), 60)]))
		} else if (r != utf8.RuneError || size > 1) && allowed(r) {
			n = size
		}
		if n == 0 {
			if len(rest) < 20 {
				break // it may not be whole
			}
			v.t.Errorf("%s: sent to the terminal: %q", a.name, around(all, len(all)-len(rest)))
			n = 1
		}
		rest = rest[n:]
	}
	v.left = append([]byte(nil), rest...)
}

// allowed is whether a character may be sent.
func allowed(r rune) bool {
	return r == '\n' || r == '\r' || r == '\t' || r == ' ' || unicode.IsPrint(r) || r == utf8.RuneError ||
		r == '\u200c' || r == '\u200d' // in a line that is edited they join emoji
}

func around(p []byte, i int) []byte { return p[max(0, i-30):min(len(p), i+50)] }

// ends leaves the shell: it is still there, and nobody else ended it.
func (v *victim) ends() {
	v.t.Helper()
	v.checks(attack{name: "the end", bytes: "\x1b"})
	io.WriteString(v.keys, "exit 7\r")
	v.shown.Wait()
	v.cmd.Wait()
	if code := v.cmd.ProcessState.ExitCode(); code != 7 {
		v.t.Errorf("exit code %d, want 7", code)
	}
	if rest := append(v.left, v.taken()...); strings.Contains(string(rest), "\a") {
		v.t.Errorf("at the end %q", rest)
	}
}
