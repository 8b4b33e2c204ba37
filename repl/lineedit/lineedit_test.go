//go:build unix

package lineedit_test

import (
	"context"
	"io"
	"strings"
	"testing"

	"sosh/repl/lineedit"
)

// Keys as terminals send them.
const (
	up, down, right, left = "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D"
	home, end, del        = "\x1b[H", "\x1b[F", "\x1b[3~"
	wordLeft, wordRight   = "\x1b[1;5D", "\x1b[1;5C"
	backTab, altEnter     = "\x1b[Z", "\x1b\r"
	escape                = "\x1b[27u" // which is Esc and nothing else
)

// lines is a history, the oldest first.
type lines []string

func (l lines) Entry(n int) (string, bool) {
	if n < 1 || n > len(l) {
		return "", false
	}
	return l[len(l)-n], true
}

func words(_ context.Context, line string, pos int) (int, []lineedit.Candidate) {
	start := strings.LastIndexByte(line[:pos], ' ') + 1
	var list []lineedit.Candidate
	for _, w := range []string{"accept", "attach", "attachment", "listen", "日本", "日曜"} {
		if strings.HasPrefix(w, line[start:pos]) {
			list = append(list, lineedit.Candidate{Text: w, Help: "help for " + w, Suffix: " "})
		}
	}
	return start, list
}

func TestKeys(t *testing.T) {
	past := lines{"listen 0", "tcp connect 'a b'", "listen 1", "two\nlines"}
	for _, c := range []struct{ name, keys, line string }{
		{"typed", "abc", "abc"},
		{"wide", "a日e\u0301b" + left + left + left + "x", "ax日e\u0301b"},
		{"backspace takes a whole character", "ae\u0301👍🏽\x7f\x7f", "a"},
		{"delete", "abc" + home + del, "bc"},
		{"delete on an empty line", del + "x", "x"},
		{"Ctrl-D deletes", "abc" + home + "\x04", "bc"},
		{"unknown sequences", "a\x1b[15~\x1b[99;5z\x1bOPb\x1b]11;rgb:0/0/0\x07\x1b[<0;1;1Mc", "abc"},
		{"words by punctuation", "tcp a.b-c" + "\x1bb\x1bb" + "X", "tcp a.Xb-c"},
		{"Ctrl-Left, Ctrl-Right", "tcp a.b" + wordLeft + wordLeft + wordRight + "X", "tcp aX.b"},
		{"Ctrl-W by blanks", "one | four.five\x17", "one | "},
		{"Ctrl-W at the first word", "one\x17x", "x"},
		{"Alt-Backspace by punctuation", "a.b-c\x1b\x7f", "a.b-"},
		{"Alt-D", "a.b c" + home + "\x1bd", ".b c"},
		{"killed twice, brought back together", "one two three\x17\x17X\x19", "one Xtwo three"},
		{"Ctrl-U, Ctrl-K, Ctrl-Y", "abcd" + left + left + "\x0b\x01\x19\x05\x15\x19\x19", "cdabcdab"},
		{"undo", "abc def\x1f", "abc "},
		{"undo twice", "abc def\x17\x1f\x1f", "abc "},
		{"undo all", "abc def\x1f\x1f\x1f\x1f\x1f", ""},
		{"Ctrl-T", "ab\x14", "ba"},
		{"newline", "a" + altEnter + "b", "a\nb"},
		{"moves in the block first", "ab" + altEnter + "cd" + up + "X" + down + "Y", "abX\ncdY"},
		{"older, and up in it", up + up + "X", "twoX\nlines"},
		{"older by prefix", "li" + up, "listen 1"},
		{"older by prefix, twice", "li" + up + up, "listen 0"},
		{"newer", "li" + up + up + down, "listen 1"},
		{"newer than all", "li" + up + down + "x", "lix"},
		{"Ctrl-P passes blocks", "\x10\x10", "listen 1"},
		{"search", "\x12con" + end, "tcp connect 'a b'"},
		{"search again", "\x12listen\x12" + end + "!", "listen 0!"},
		{"search and back", "\x12listen\x12\x13" + end + "!", "listen 1!"},
		{"search given up", "abc\x12listen\x07", "abc"},
		{"search for what is not there", "abc\x12zzz" + escape, "abc"},
		{"search without end", "\x12\x13\x07x", "x"},
		{"last word", "x \x1b.", "x lines"},
		{"last word before", "x \x1b.\x1b.\x1b.", "x 'a b'"},
		{"complete one", "li\t0", "listen 0"},
		{"complete in common", "at\t ", "attach "},
		{"choose", "a\t\t\t\r", "attach "},
		{"choose backwards", "a\t" + backTab + "\r", "attachment "},
		{"choose by arrows", "a\t" + down + down + up + "\r", "accept "},
		{"choose and go on typing", "a\t\tx", "acceptx"},
		{"choose and leave", "a\t\t\x07", "a"},
		{"narrow", "a\ttt\t\t\r", "attachment "},
		{"complete wide", "日\t\t\r", "日本 "},
		{"complete nothing", "zz\tx", "zzx"},
		{"paste", "a\x1b[200~1\t2\r\n3\x1b[201~b", "a1\t2\n3b"},
		{"paste is one change", "ab\x1b[200~1 2 3\x1b[201~\x1f", "ab"},
		{"private character", "a\uf8f0b", "ab"},
		{"bytes that are no text", "a\xff\xfeb", "a\ufffd\ufffdb"},
		{"NUL", "a\x00b", "ab"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t, 80, 24)
			done := d.asks(lineedit.Prompt{Text: "> ", Complete: words, History: past})
			d.types(c.keys)
			d.types("\r")
			d.gives(done, c.line, nil)
		})
	}
}

func TestEnds(t *testing.T) {
	d := newDesk(t, 80, 24)
	done := d.asks(lineedit.Prompt{Text: "> "})
	d.types("abc\x03")
	d.gives(done, "abc", lineedit.ErrInterrupt)
	done = d.asks(lineedit.Prompt{Text: "> "})
	d.types("\x04")
	d.gives(done, "", io.EOF)
	done = d.asks(lineedit.Prompt{Text: "> ", Leave: 0x1d})
	d.types("ab\x1d")
	d.gives(done, "ab", lineedit.ErrLeave)
	d.types("typed ahead\rand more\r") // of two lines
	d.gives(d.asks(lineedit.Prompt{Text: "> "}), "typed ahead", nil)
	d.gives(d.asks(lineedit.Prompt{Text: "> "}), "and more", nil)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		_, err := d.editor.Line(ctx, lineedit.Prompt{Text: "> "})
		ended <- err
	}()
	d.types("half")
	d.until("half", func(rows []string, row, col int) bool { return row < len(rows) && rows[row] == "> half" })
	cancel()
	d.gives(wrapped(ended), "", context.Canceled)
	d.types("rest\r")
	d.gives(d.asks(lineedit.Prompt{Text: "> "}), "rest", nil)
	d.sees("> abc^C\n>\n> ab\n> typed ahead\n> and more\n> half\n> rest\n|")
}

func wrapped(errs <-chan error) <-chan result {
	done := make(chan result, 1)
	go func() { done <- result{"", <-errs} }()
	return done
}

func TestContinues(t *testing.T) {
	d := newDesk(t, 80, 24)
	p := lineedit.Prompt{Text: "> ", Continues: func(text string) bool { return strings.Count(text, "(") > strings.Count(text, ")") }}
	done := d.asks(p)
	d.types("f(\r1,\r2")
	d.sees("> f(\n.. 1,\n.. 2|")
	d.types(")\r")
	d.gives(done, "f(\n1,\n2)", nil)
	done = d.asks(p)
	d.types("f(\r\x04") // what is there, behind an empty line
	d.gives(done, "f(\n", nil)
}

// A pasted script is one block, and runs when it is entered.
func TestPaste(t *testing.T) {
	d := newDesk(t, 80, 24)
	script := strings.Repeat("send c1 hello\n", 50)
	done := d.asks(lineedit.Prompt{Text: "> "})
	d.types("\x1b[200~" + script + "\x1b[201~")
	d.until("the last line", func(rows []string, row, _ int) bool { return row == 22 && rows[row] == ".. send c1 hello" })
	d.types("\r")
	d.gives(done, strings.TrimSuffix(script, "\n"), nil)
	d.until("all lines", func([]string, int, int) bool { return strings.Count(d.screen.Text(), "send c1 hello\n") == 50 })
}

// Nothing of a secret can be called up afterwards.
func TestMask(t *testing.T) {
	d := newDesk(t, 80, 24)
	d.editor.SetVi(true)
	done := d.asks(lineedit.Prompt{Text: "password: ", Mask: true, History: lines{"old"}, Complete: words})
	d.types("se日\x1bcret\t" + up + "\x12x\x15hush\x1f")
	d.sees("password: ****|")
	d.types("\r")
	d.gives(done, "hush", nil)
	d.editor.SetVi(false)
	done = d.asks(lineedit.Prompt{Text: "> ", History: lines{"old"}})
	d.types("\x19\x1f\x1f" + up + up + down + "\r")
	d.gives(done, "", nil)
	if strings.Contains(d.screen.Text(), "hush") {
		t.Error("it was shown")
	}
}

// TestVi: readline's own mode, with our actions where it would refuse or panic.
func TestVi(t *testing.T) {
	for _, c := range []struct{ name, keys, line string }{
		{"insert", "abc", "abc"},
		{"normal", "abc" + escape + "0x", "bc"},
		{"change a word", "abc def" + escape + "0cwxy", "xy def"},
		{"replace", "abc" + escape + "0rx", "xbc"},
		{"replace behind the end", "abc" + escape + "rx", "abc"},
		{"replace nothing", escape + "rxix", "x"},
		{"end of word on the last character", "ab" + escape + "hee", "ab"},
		{"history", escape + "k", "old"},
		{"undo", "abc" + escape + "ddu", "abc"},
		{"delete and put", "abc" + escape + "ddpp", "abcabc"},
		{"arrow in normal mode", "abc" + escape + left + left + "ix", "axbc"},
		{"paste in normal mode", "abc" + escape + "\x1b[200~xy\x1b[201~", "abcxy"},
		{"a command that waits", "abc" + escape + "d" + left + "ix", "abxc"},
		{"search", escape + "/ol\x07ix", "x"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t, 80, 24)
			d.editor.SetVi(true)
			done := d.asks(lineedit.Prompt{Text: "> ", History: lines{"old"}})
			d.types(c.keys + "\r")
			d.gives(done, c.line, nil)
			done = d.asks(lineedit.Prompt{Text: "> "})
			d.types("next\r") // begins in insert mode
			d.gives(done, "next", nil)
		})
	}
}
