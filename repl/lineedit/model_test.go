//go:build unix

package lineedit_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"sosh/internal/vt"
	"sosh/repl/lineedit"
)

// A model is the line as it should be: characters as a person counts them.
type model struct {
	text []string
	pos  int
}

func (m *model) String() string { return strings.Join(m.text, "") }

// act chooses a key at random, does it to the model, and gives what is typed.
func (m *model) act(r *rand.Rand) string {
	switch k := r.IntN(20); {
	case k < 8 || len(m.text) == 0:
		return m.insert(string(rune('a' + r.IntN(26))))
	case k < 11:
		return m.insert([]string{"日", "本", "語", "가", "ｘ"}[r.IntN(5)])
	case k == 11 && m.pos > 0 && m.text[m.pos-1] != "\n":
		mark := []string{"\u0301", "\u0308"}[r.IntN(2)]
		m.text[m.pos-1] += mark
		return mark
	case k < 14 && m.pos > 0:
		m.pos--
		return left
	case k == 14 && m.pos < len(m.text):
		m.pos++
		return right
	case k == 15 && m.pos > 0:
		m.text = append(m.text[:m.pos-1:m.pos-1], m.text[m.pos:]...)
		m.pos--
		return "\x7f"
	case k == 16 && m.pos < len(m.text):
		m.text = append(m.text[:m.pos:m.pos], m.text[m.pos+1:]...)
		return del
	case k == 17:
		m.insert("\n")
		return altEnter
	}
	return m.insert(" ")
}

func (m *model) insert(c string) string {
	m.text = append(m.text[:m.pos:m.pos], append([]string{c}, m.text[m.pos:]...)...)
	m.pos++
	return c
}

// picture is what the line looks like in a window of some width.
func (m *model) picture(width int) (rows []string, row, col int) {
	rows, used := []string{""}, 0
	put := func(c string, w int) {
		if used+w > width {
			rows, used = append(rows, ""), 0
		}
		rows[len(rows)-1] += c
		used += w
	}
	put(">", 1)
	put(" ", 1)
	for i, c := range append(m.text[:len(m.text):len(m.text)], "end") {
		w := 1
		if c != "end" && c != "\n" {
			w = vt.Cells([]rune(c)[0])
		}
		if i == m.pos {
			if used+w > width {
				rows, used = append(rows, ""), 0
			}
			row, col = len(rows)-1, used
		}
		switch c {
		case "end":
		case "\n":
			rows, used = append(rows, ""), 0
			put(".", 1)
			put(".", 1)
			put(" ", 1)
		default:
			put(c, w)
		}
	}
	for i := range rows {
		rows[i] = strings.TrimRight(rows[i], " ")
	}
	return rows, row, col
}

// fits waits until the line stands where and as the model says.
func (m *model) fits(d *desk, width int) {
	d.t.Helper()
	want, row, col := m.picture(width)
	d.until(fmt.Sprintf("%q, cursor at %d,%d", want, row, col), func(rows []string, r, c int) bool {
		first := r - row
		if c != col || first < 0 || first+len(want) > len(rows) {
			return false
		}
		for i, text := range rows[first:] {
			if i < len(want) && text != want[i] || i >= len(want) && text != "" {
				return false
			}
		}
		return true
	})
}

// TestModel types at random while 5,000 notices a second come, in windows of all
// widths, which change: every notice is shown once and in order, and the line and
// the cursor are where the model says.
func TestModel(t *testing.T) {
	widths := []int{80, 3, 4, 5, 7, 10, 13, 20, 41, 79, 132, 200, 30}
	d := newDesk(t, widths[0], 100)
	r := rand.New(rand.NewPCG(1, 2))
	said := 0
	for round, width := range widths {
		m := &model{}
		done := d.asks(lineedit.Prompt{Text: "> "})
		for _, w := range []int{width, widths[(round+1)%len(widths)]} {
			// The window changes while nothing is under way: what is drawn for
			// one width and arrives at another is anybody's guess.
			d.size(w, 100)
			m.fits(d, w)
			said = m.under(d, r, said)
			m.fits(d, w)
		}
		d.types("\r")
		d.gives(done, m.String(), nil)
	}
	check(t, d.screen.Text(), said)
}

// under types while notices come; it gives how many there were so far.
func (m *model) under(d *desk, r *rand.Rand, said int) int {
	var notices sync.WaitGroup
	notices.Go(func() {
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for range 40 {
			for range 5 {
				said++
				fmt.Fprintf(d.term.Screen, "n%d\n", said)
			}
			<-tick.C
		}
	})
	for len(m.text) < 30 && !m.full(r) {
		d.types(m.act(r))
	}
	notices.Wait()
	last := fmt.Sprintf("\nn%d\n", said)
	d.until(last, func([]string, int, int) bool { return strings.Contains(d.screen.Text(), last) })
	return said
}

// full ends the typing at some time.
func (m *model) full(r *rand.Rand) bool { return r.IntN(60) == 0 }

// check finds every notice once and in order.
func check(t *testing.T, text string, said int) {
	t.Helper()
	next := 1
	for line := range strings.Lines(text) {
		var n int
		if _, err := fmt.Sscanf(line, "n%d\n", &n); err != nil || fmt.Sprintf("n%d\n", n) != line {
			continue
		}
		if n != next {
			i := strings.Index(text, line)
			t.Fatalf("notice %d where %d should be: %q", n, next, text[max(0, i-200):i])
		}
		next++
	}
	if next != said+1 {
		t.Errorf("%d notices of %d", next-1, said)
	}
}
