package lesson

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode/utf8"

	"sosh/primitive"
)

// A Screen is where views write.
type Screen struct {
	W        io.Writer
	Terminal bool // what would drive a terminal is shown, not sent
	Width    int  // columns; 0 is 80

	mu sync.Mutex
}

func (s *Screen) width() int {
	if s.Width <= 0 {
		return 80
	}
	return s.Width
}

// line writes a line. Nothing a peer sent reaches a terminal as it is.
func (s *Screen) line(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if s.Terminal {
		text = primitive.Visible(text)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	_, _ = io.WriteString(s.W, strings.TrimRight(text, " \n")+"\n") // nowhere to report to
}

func marked(side, text string) string {
	if side == "" {
		return text
	}
	return side + " | " + text
}

// Brief shows what happens: what each side prints, and the lines of the shell.
type Brief struct{ *Screen }

// Show names the step.
func (b Brief) Show(l *Lesson, n int) {
	s := l.Steps[n]
	if l.Side == "" && s.Text != "" {
		b.line("-- %s", firstSentence(s.Text))
	}
	if s.Typed {
		for line := range strings.Lines(s.Code) {
			b.line("%s", marked(s.Side, "> "+line))
		}
	}
}

// Say shows what a side prints.
func (b Brief) Say(side, text string) { b.line("%s", marked(side, text)) }

// Pause goes on.
func (b Brief) Pause(ctx context.Context, _ *Lesson, _ int) error { return ctx.Err() }

// firstSentence is what a paragraph begins with, without its full stop.
func firstSentence(text string) string {
	for i, c := range text {
		if strings.ContainsRune(".?!", c) && (i+1 == len(text) || text[i+1] == ' ' || text[i+1] == '\n') {
			return strings.TrimSuffix(text[:i+1], ".")
		}
	}
	return text
}

// Told shows all of a lesson: texts, what is typed, and what that does.
type Told struct{ *Screen }

// Intro is the head of a lesson.
func (t Told) Intro(l *Lesson) {
	t.line("%s", l.Title)
	if l.Learn != "" {
		t.words("", "You learn: "+l.Learn+".")
	}
	if l.Needs != "" {
		t.words("", "Before it: "+l.Needs+".")
	}
}

// Show shows text and code of a step.
func (t Told) Show(l *Lesson, n int) {
	s := l.Steps[n]
	t.line("")
	t.words(fmt.Sprintf("%d. ", n+1), s.Text)
	t.code(s)
}

// words writes paragraphs, wrapped.
func (t Told) words(first, text string) {
	rest := strings.Repeat(" ", len(first))
	for i, p := range strings.Split(text, "\n\n") {
		if i > 0 {
			t.line("")
		}
		if strings.Contains(p, "\n") { // a drawing
			t.line("%s", p)
			continue
		}
		for _, line := range wrap(p, min(t.width(), 100)-len(first)) {
			t.line("%s%s", first, line)
			first = rest
		}
	}
}

func (t Told) code(s Step) {
	if s.Code == "" {
		return
	}
	t.line("")
	prompt := "> "
	if s.Side != "" {
		prompt = s.Side + "> "
	}
	for line := range strings.Lines(s.Code) {
		t.line("    %s%s", prompt, line)
		if !s.Typed { // one piece of Lua, over several lines
			prompt = strings.Repeat(" ", len(prompt))
		}
	}
}

// Say shows an effect.
func (t Told) Say(side, text string) { t.line("  %s", marked(side, text)) }

// Pause goes on.
func (t Told) Pause(ctx context.Context, _ *Lesson, _ int) error { return ctx.Err() }

// Outro is what comes after the steps: something to try, and the question.
func (t Told) Outro(l *Lesson) {
	if l.Try != "" {
		t.line("")
		t.words("Try: ", l.Try)
	}
	if l.Question != nil {
		t.line("")
		t.words("Question: ", l.Question.Ask)
	}
}

// wrap breaks a paragraph into lines of so many columns.
func wrap(text string, width int) []string {
	var lines []string
	line, used := "", 0
	for _, word := range strings.Fields(text) {
		w := utf8.RuneCountInString(word)
		if used > 0 && used+1+w > width {
			lines, line, used = append(lines, line), "", 0
		}
		if used > 0 {
			line, used = line+" ", used+1
		}
		line, used = line+word, used+w
	}
	return append(lines, line)
}
