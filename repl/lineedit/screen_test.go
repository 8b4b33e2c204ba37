//go:build unix

package lineedit_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/creack/pty"

	"sosh/internal/nettest"
	"sosh/internal/vt"
	"sosh/repl/lineedit"
	"sosh/repl/term"
)

func TestMenu(t *testing.T) {
	d := newDesk(t, 40, 12)
	p := lineedit.Prompt{Text: "> ", Complete: words, Hint: func(line string, pos int) string { return fmt.Sprintf("hint %d of %q", pos, line) }}
	done := d.asks(p)
	d.sees("> |\nhint 0 of \"\"")
	d.types("at\t")
	d.sees("> attach|\n  attach      help for attach\n  attachment  help for attachment\nhint 6 of \"attach\"")
	d.types("\t\t")
	d.sees("> attachment|\n  attach      help for attach\n> attachment  help for attachment\nhint 10 of \"attachment\"")
	fmt.Fprintln(d.term.Screen, "a notice")
	d.sees("a notice\n> attachment|\n  attach      help for attach\n> attachment  help for attachment\nhint 10 of \"attachment\"")
	d.types(escape)
	d.sees("a notice\n> attach|\nhint 6 of \"attach\"")
	d.types("\r")
	d.gives(done, "attach", nil)
	d.sees("a notice\n> attach\n|")
}

// Of many candidates the menu shows some around the one chosen.
func TestLongMenu(t *testing.T) {
	d := newDesk(t, 40, 14)
	done := d.asks(lineedit.Prompt{Text: "> ", Complete: func(context.Context, string, int) (int, []lineedit.Candidate) {
		var list []lineedit.Candidate
		for i := range 300 {
			list = append(list, lineedit.Candidate{Text: fmt.Sprint("c", i), Help: "\x1b[2Jhostile"})
		}
		return 0, list
	}})
	d.types("\t" + backTab)
	d.until("the last ones", func(rows []string, _, _ int) bool {
		return rows[0] == "> c299" && len(rows) >= 10 && rows[8] == "> c299  ^[[2Jhostile" && rows[9] == "  300 of 300"
	})
	d.types(strings.Repeat("\t", 5) + "\r\r")
	d.gives(done, "c4", nil)
}

// A block that is taller than the window shows what is around the cursor, and all
// of it when it is done.
func TestViewport(t *testing.T) {
	d := newDesk(t, 20, 6)
	var text []string
	for i := range 20 {
		text = append(text, fmt.Sprint("line ", i))
	}
	done := d.asks(lineedit.Prompt{Text: "> ", Hint: func(string, int) string { return "a hint" }})
	d.types("\x1b[200~" + strings.Join(text, "\n") + "\x1b[201~")
	d.until("the end", func(rows []string, row, _ int) bool { return rows[row] == ".. line 19" })
	for i := 18; i >= 0; i-- {
		d.types(up)
		d.until("further up", func(rows []string, row, _ int) bool { return strings.HasSuffix(rows[row], fmt.Sprint(" line ", i)) })
	}
	fmt.Fprintln(d.term.Screen, "a notice")
	d.until("the notice", func(rows []string, row, _ int) bool {
		return row > 0 && rows[row] == "> line 0" && rows[row-1] == "a notice"
	})
	d.types("\r")
	d.gives(done, strings.Join(text, "\n"), nil)
	want := "a notice\n> " + strings.Join(text, "\n.. ") + "\n"
	d.until("all of it", func([]string, int, int) bool { return strings.HasSuffix(d.screen.Text(), want) })
}

// What has no end of line yet stands before the prompt, and goes on there.
func TestOpenLine(t *testing.T) {
	d := newDesk(t, 20, 6)
	fmt.Fprint(d.term.Screen, "before")
	done := d.asks(lineedit.Prompt{Text: "> "})
	d.types("ab")
	d.sees("before\n> ab|")
	fmt.Fprint(d.term.Screen, "log")
	d.sees("before\nlog\n> ab|")
	fmt.Fprint(d.term.Screen, "in: \tx\n\x1b[31mnext\x1b[m \x1b[5Aline")
	d.sees("before\nlogin:  x\nnext line\n> ab|")
	d.types("\r")
	d.gives(done, "ab", nil)
	d.sees("before\nlogin:  x\nnext line\n> ab\n|")
}

func TestClearAndNarrow(t *testing.T) {
	d := newDesk(t, 20, 6)
	done := d.asks(lineedit.Prompt{Text: "> ", Complete: words, Hint: func(string, int) string { return "hint" }})
	fmt.Fprintln(d.term.Screen, "a notice")
	d.types("acc")
	d.sees("a notice\n> acc|\nhint")
	d.types("\x0c")
	d.sees("> acc|\nhint")
	d.size(9, 6) // too narrow for more than the line
	d.sees("> acc|")
	d.types("\t")
	d.sees("> accept\n|")
	d.types("\r")
	d.gives(done, "accept ", nil)
}

// Twenty rounds, some while a line is typed, leave nothing: TestMain looks for
// goroutines.
func TestOpenAndClose(t *testing.T) {
	for i := range 20 {
		d := newDesk(t, 80, 24)
		if i%2 == 0 {
			d.close()
			continue
		}
		done := d.asks(lineedit.Prompt{Text: "> "})
		d.types("half")
		d.sees("> half|")
		d.editor.Close()
		d.gives(done, "", lineedit.ErrClosed)
		if _, err := d.editor.Line(context.Background(), lineedit.Prompt{}); err != lineedit.ErrClosed {
			t.Errorf("after Close: %v", err)
		}
		d.close()
	}
}

// The terminal that goes away ends the line; what was half typed is not run.
func TestHangup(t *testing.T) {
	keys, tty, err := pty.Open()
	if err != nil {
		nettest.Missing(t, "a pty: "+err.Error())
	}
	defer tty.Close()
	x, err := term.Open(tty, tty, term.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	editor, err := lineedit.New(x)
	if err != nil {
		t.Fatal(err)
	}
	defer editor.Close()
	d := &desk{t: t, keys: keys, screen: vt.New(80, 24), editor: editor}
	done := d.asks(lineedit.Prompt{Text: "> "})
	d.types("rm everything")
	for buf := make([]byte, 1000); !strings.Contains(d.screen.Text(), "> rm everything"); {
		n, err := keys.Read(buf) // not on a goroutine, so that Close is one
		if err != nil {
			t.Fatal(err)
		}
		d.screen.Write(buf[:n])
	}
	keys.Close()
	d.gives(done, "", io.EOF)
}

// echo waits until what was typed is seen.
func echo(b *testing.B, history lineedit.History, text, keys string) {
	d := newDesk(b, 80, 24)
	done := d.asks(lineedit.Prompt{Text: "> ", History: history, Complete: words})
	if text != "" {
		d.types("\x1b[200~" + text + "\x1b[201~")
		d.until("the text", func(rows []string, row, _ int) bool {
			return strings.HasSuffix(rows[row], strings.TrimSpace(text[len(text)-5:]))
		})
	}
	for b.Loop() {
		for _, key := range keys {
			changed := d.screen.Changed()
			d.types(string(key))
			<-changed
		}
	}
	d.types("\x03")
	<-done
}

func BenchmarkEcho(b *testing.B) {
	var many lines
	for i := range 10_000 {
		many = append(many, fmt.Sprint("tcp connect 10.0.0.1 ", i))
	}
	b.Run("key", func(b *testing.B) { echo(b, nil, "", "a\x7f") })
	b.Run("key with 10000 lines of history", func(b *testing.B) { echo(b, many, "", "a\x7f") })
	b.Run("key at the end of 1000 characters", func(b *testing.B) { echo(b, many, strings.Repeat("word ", 200), "a\x7f") })
}

// BenchmarkPaste is 8 kB in one line, until they are seen.
func BenchmarkPaste(b *testing.B) {
	text := strings.Repeat("0123456 ", 1000)
	d := newDesk(b, 80, 24)
	for b.Loop() {
		done := d.asks(lineedit.Prompt{Text: "> "})
		d.types("\x1b[200~" + text + "end\x1b[201~")
		d.until("the end", func(rows []string, row, _ int) bool { return strings.HasSuffix(rows[row], "end") })
		d.types("\x03")
		<-done
	}
}
