package lesson

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"sosh/primitive"
)

// A Grading is a student's program to look at.
type Grading struct {
	Command []string      // {port} and {host} stand for where it listens or connects to
	Port    int           // instead of a free one, for a program that has its own; 0 otherwise
	Point   time.Duration // for one point; 0 is 10 s
	Total   time.Duration // for all; 0 is two minutes
}

// A Mark is how one point came out.
type Mark struct {
	What string  `json:"what"`
	OK   bool    `json:"ok"`
	Why  string  `json:"why,omitempty"` // what was missing
	Took float64 `json:"seconds"`
}

// A Grade is how a program came out.
type Grade struct {
	Lesson  string `json:"lesson"`
	Student string `json:"student,omitempty"` // the file, where there are several
	Points  int    `json:"points"`
	Of      int    `json:"of"`
	Marks   []Mark `json:"marks"`
	Output  string `json:"output,omitempty"` // the end of what the program printed, where points are missing
}

// Passed is whether all points held.
func (g *Grade) Passed() bool { return g.Points == g.Of }

// Grade plays the other side of a student's program and looks at each point of
// the lesson. An error means that it could not be looked at.
func (p *Player) Grade(ctx context.Context, id string, g Grading) (*Grade, error) {
	defer p.Clean(p.Opened())
	script, err := p.Find(id)
	if err != nil {
		return nil, err
	}
	l, err := p.Open(ctx, script)
	if err != nil {
		return nil, err
	}
	defer l.Close()
	if len(l.Points) == 0 {
		return nil, primitive.Usagef("the lesson %s grades no program", id)
	}
	ctx, cancel := context.WithTimeout(ctx, orDefault(g.Total, 2*time.Minute))
	defer cancel()
	s := &student{command: g.Command, fixed: g.Port}
	defer s.stop()
	return marks(ctx, l, s, orDefault(g.Point, 10*time.Second)), nil
}

func orDefault(d, otherwise time.Duration) time.Duration {
	if d > 0 {
		return d
	}
	return otherwise
}

func marks(ctx context.Context, l *Lesson, s *student, each time.Duration) *Grade {
	g := &Grade{Lesson: l.Name, Of: len(l.Points)}
	failed := false
	for _, point := range l.Points {
		m := Mark{What: point.What}
		if failed {
			m.Why = "not tried"
		} else {
			m = mark(ctx, point, s, each)
		}
		if m.OK {
			g.Points++
		} else if point.Must {
			failed = true
		}
		g.Marks = append(g.Marks, m)
	}
	s.stop()
	if !g.Passed() {
		g.Output = s.output()
	}
	return g
}

// mark tries one point. What it opened stays open for the next ones.
func mark(ctx context.Context, point Point, s *student, each time.Duration) Mark {
	begun := time.Now()
	within, cancel := context.WithTimeout(ctx, each)
	defer cancel()
	_, err := point.Run.Call(within, s.table())
	m := Mark{What: point.What, OK: err == nil, Took: time.Since(begun).Seconds()}
	switch {
	case err == nil:
	case ctx.Err() != nil:
		m.Why = "the time for all points is over"
	case within.Err() != nil:
		m.Why = fmt.Sprintf("not within %v", each)
	default:
		m.Why = primitive.Visible(strings.Replace(withoutPlace(err), "expectation failed: ", "expected: ", 1))
	}
	return m
}

// Write shows a grade point by point. What the program printed is escaped.
func (g *Grade) Write(w io.Writer) error {
	var b strings.Builder
	if g.Student != "" {
		fmt.Fprintf(&b, "%s\n", primitive.Visible(g.Student))
	}
	for _, m := range g.Marks {
		if m.OK {
			fmt.Fprintf(&b, "  yes  %s\n", m.What)
		} else {
			fmt.Fprintf(&b, "  NO   %s: %s\n", m.What, m.Why)
		}
	}
	fmt.Fprintf(&b, "%d of %d points\n", g.Points, g.Of)
	if g.Output != "" {
		b.WriteString("the program printed, at its end:\n")
		for line := range strings.Lines(g.Output) {
			fmt.Fprintf(&b, "  | %s\n", primitive.Visible(strings.TrimRight(line, "\r\n")))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// CSV writes the grades of a class: a row for each program, a column for each
// point.
func CSV(w io.Writer, grades []*Grade) error {
	out := csv.NewWriter(w)
	for i, g := range grades {
		head, row := []string{"student", "points", "of"}, []string{cell(g.Student), strconv.Itoa(g.Points), strconv.Itoa(g.Of)}
		missing := []string{}
		for _, m := range g.Marks {
			head = append(head, m.What)
			row = append(row, map[bool]string{true: "1", false: "0"}[m.OK])
			if !m.OK {
				missing = append(missing, m.What+": "+m.Why)
			}
		}
		if i == 0 {
			_ = out.Write(append(head, "missing")) // Error tells below
		}
		_ = out.Write(append(row, cell(strings.Join(missing, "; "))))
	}
	out.Flush()
	return out.Error()
}

// cell keeps a spreadsheet from taking a text for a formula.
func cell(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}
