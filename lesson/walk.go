package lesson

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"sync"

	"sosh/primitive"
)

// A Person is who walks through a lesson.
type Person struct {
	Ask   func(ctx context.Context, question string) (string, error)
	Shell func(ctx context.Context) error // a prompt in the middle, until it is left
}

// A Walk is a view for somebody who goes from step to step.
type Walk struct {
	Told
	Person Person
	Reach  func(n int) // told that step n is done; or nil

	mu    sync.Mutex
	pages []bytes.Buffer // what was shown of each step
}

// Show begins a page.
func (w *Walk) Show(l *Lesson, n int) {
	w.page(n, func(t Told) { t.Show(l, n) })
	w.Told.Show(l, n)
}

// page writes to what is kept of a step.
func (w *Walk) page(n int, write func(Told)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(w.pages) <= n {
		w.pages = append(w.pages, bytes.Buffer{})
	}
	write(Told{&Screen{W: &w.pages[n], Width: w.Width}})
}

// Bytes kept of a page.
const maxPage = 64 << 10

// Say shows an effect, and keeps it with the step.
func (w *Walk) Say(side, text string) {
	w.mu.Lock()
	if n := len(w.pages) - 1; n >= 0 && w.pages[n].Len() < maxPage {
		Told{&Screen{W: &w.pages[n], Width: w.Width}}.Say(side, text)
	}
	w.mu.Unlock()
	w.Told.Say(side, text)
}

// Pause waits until the person wants the next step.
func (w *Walk) Pause(ctx context.Context, l *Lesson, n int) error {
	if w.Reach != nil {
		w.Reach(n)
	}
	at := n
	for {
		w.line("")
		answer, err := w.Person.Ask(ctx, "[Enter] next  [b] back  [s] shell  [q] leave")
		if err != nil {
			return err
		}
		switch strings.ToLower(strings.TrimSpace(answer)) {
		case "":
			if at == n {
				return nil
			}
			at++
			w.again(at)
		case "b", "back":
			at = max(0, at-1)
			w.again(at)
		case "s", "shell":
			if err := w.Person.Shell(ctx); err != nil {
				return err
			}
		case "q", "quit", "exit":
			return ErrLeft
		default:
			w.line("Enter, b, s or q; commands are typed in the shell (s)")
		}
	}
}

// again shows the page of a step; nothing is done again.
func (w *Walk) again(n int) {
	w.mu.Lock()
	text := ""
	if n < len(w.pages) {
		text = w.pages[n].String()
	}
	w.mu.Unlock()
	w.line("\n(step %d, as it went)", n+1)
	w.line("%s", text)
}

// Wrong answers after which the right one is told.
const tries = 3

// Quiz asks the question of a lesson, and says whether it was answered. An empty
// answer asks for the right one.
func (w *Walk) Quiz(ctx context.Context, l *Lesson) (right bool, err error) {
	if l.Question == nil {
		return true, nil
	}
	answers, err := l.Answer(ctx)
	if err != nil {
		return false, err
	}
	for range tries {
		text, err := w.Person.Ask(ctx, "your answer (Enter tells it)")
		switch {
		case err != nil:
			return false, err
		case strings.TrimSpace(text) == "":
			return false, w.tell(answers, l.Question)
		case slices.ContainsFunc(answers, func(a string) bool { return plain(a) == plain(text) }):
			w.words("", "Right. "+l.Question.Why)
			return true, nil
		}
		w.words("", "No. "+l.Question.Hint)
	}
	return false, w.tell(answers, l.Question)
}

func (w *Walk) tell(answers []string, q *Question) error {
	w.words("", "It is: "+answers[0]+". "+q.Why)
	return nil
}

// plain is an answer without what does not count.
func plain(text string) string {
	return strings.Join(strings.Fields(strings.Trim(strings.ToLower(text), " .!?'\"`")), " ")
}

// A Present is a view for a projector: one step at a time on a cleared screen,
// the sides in columns.
type Present struct {
	*Screen
	Person Person // Ask may be nil: it goes on by itself
	Light  bool   // black on white

	mu     sync.Mutex
	events []event
	sides  []string
}

// An event is a line of a column.
type event struct{ side, text string }

// Events kept on the screen.
const maxEvents = 24

func (p *Present) add(side, text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !slices.Contains(p.sides, side) && side != "" {
		p.sides = append(p.sides, side)
		slices.SortFunc(p.sides, func(a, b string) int { return strings.Compare(b, a) }) // server, then client
	}
	p.events = append(p.events, event{side, text})
	if over := len(p.events) - maxEvents; over > 0 {
		p.events = slices.Clone(p.events[over:])
	}
}

// Show draws the step.
func (p *Present) Show(l *Lesson, n int) {
	s := l.Steps[n]
	prompt := "> "
	for line := range strings.Lines(s.Code) {
		p.add(sideOf(l, s), prompt+strings.TrimRight(line, "\n"))
		if !s.Typed { // one piece of Lua, over several lines
			prompt = "  "
		}
	}
}

func sideOf(l *Lesson, s Step) string {
	if l.Side != "" {
		return l.Side
	}
	return s.Side
}

// Say adds a line to the column of its side.
func (p *Present) Say(side, text string) { p.add(side, text) }

// Pause draws what there is and waits for Enter.
func (p *Present) Pause(ctx context.Context, l *Lesson, n int) error {
	p.draw(l, n)
	if p.Person.Ask == nil {
		return ctx.Err()
	}
	answer, err := p.Person.Ask(ctx, "[Enter] next  [q] leave")
	if strings.HasPrefix(strings.ToLower(answer), "q") {
		return ErrLeft
	}
	return err
}

// Colours for a bright room, and the way back.
const (
	lightOn  = "\x1b[30;107m"
	lightOff = "\x1b[0m"
	cleared  = "\x1b[H\x1b[2J\x1b[3J"
)

func (p *Present) draw(l *Lesson, n int) {
	p.mu.Lock()
	text := strings.Join(p.page(l, n), "\n")
	p.mu.Unlock()
	if !p.Terminal {
		p.line("%s\n", text)
		return
	}
	text = primitive.Visible(text)
	begin, end := cleared, ""
	if p.Light {
		begin, end = lightOn+cleared, lightOff
	}
	p.Screen.mu.Lock()
	defer p.Screen.mu.Unlock()
	_, _ = p.W.Write([]byte(begin + text + "\n" + end)) // nowhere to report to
}

// page is the lines of a step's picture.
func (p *Present) page(l *Lesson, n int) []string {
	width := p.width()
	lines := []string{spaced(l.Title), ""}
	for _, paragraph := range strings.Split(l.Steps[n].Text, "\n\n") {
		if strings.Contains(paragraph, "\n") {
			lines = append(lines, strings.Split(paragraph, "\n")...)
		} else {
			lines = append(lines, wrap(paragraph, width-2)...)
		}
		lines = append(lines, "")
	}
	return append(lines, columns(p.events, p.sides, width)...)
}

// spaced sets letters apart, which is as large as a terminal writes.
func spaced(title string) string {
	return strings.Join(strings.Split(strings.ToUpper(title), ""), " ")
}

// columns draws events, each in the column of its side; what is of no side goes
// across.
func columns(events []event, sides []string, width int) []string {
	if len(sides) == 0 {
		sides = []string{""}
	}
	each := max(12, (width-3*(len(sides)-1))/len(sides))
	lines := []string{row(sides, sides, each, strings.ToUpper)}
	if sides[0] == "" {
		lines = nil
	} else {
		lines = append(lines, strings.Repeat("─", min(width, each*len(sides)+3*(len(sides)-1))))
	}
	for _, e := range events {
		if !slices.Contains(sides, e.side) {
			lines = append(lines, clip(e.text, width)...)
			continue
		}
		for _, text := range clip(e.text, each) {
			cells := make([]string, len(sides))
			cells[slices.Index(sides, e.side)] = text
			lines = append(lines, row(cells, sides, each, func(s string) string { return s }))
		}
	}
	return lines
}

func row(cells, sides []string, each int, form func(string) string) string {
	var b strings.Builder
	for i := range sides {
		text := []rune(form(cells[i]))
		if i > 0 {
			b.WriteString(" │ ")
		}
		b.WriteString(string(text) + strings.Repeat(" ", max(0, each-len(text))))
	}
	return strings.TrimRight(b.String(), " ")
}

// clip breaks a line into pieces of a column.
func clip(text string, width int) []string {
	runes := []rune(strings.ReplaceAll(text, "\t", "  "))
	var pieces []string
	for len(runes) > width {
		at := width
		for at > width/2 && runes[at] != ' ' {
			at--
		}
		if at == width/2 {
			at = width // one long word
		}
		pieces, runes = append(pieces, string(runes[:at])), []rune(strings.TrimLeft(string(runes[at:]), " "))
	}
	return append(pieces, string(runes))
}
