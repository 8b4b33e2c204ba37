package complete

import "strings"

// Secrets lists where the words of a line are that its rows declare to be
// secret, in order. A word that is a $value or @file is none: it only says where
// the secret is.
func (c *Completer) Secrets(line string) (spans []Span) {
	for _, st := range c.o.Cut(line) {
		row, used := c.row(st.Words)
		if row == nil {
			continue
		}
		for i, s := range c.read(row, st.Words[used:]).slots {
			w := st.Words[used+i]
			if s.param == nil || !s.param.Secret || onlyValue(w) || w.Bare && strings.HasPrefix(w.Text, "@") {
				continue
			}
			start := w.Start
			if s.role == flag {
				eq := strings.IndexByte(line[w.Start:w.End], '=')
				if eq < 0 {
					continue
				}
				start += eq + 1
			}
			spans = append(spans, Span{start, w.End, StyleString})
		}
	}
	return spans
}
