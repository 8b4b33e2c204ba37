//go:build linux

package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A measurement is what one turn of one contestant gave, by column.
type measurement map[string]float64

// A table holds the measurements of one section.
type table struct {
	section string
	title   string
	text    string   // what was done
	columns []string // the first is what the ratio to the floor is made of
	order   []string // contestants
	turns   map[string][]measurement
	notes   []string
}

func newTable(section, title, text string, present []contestant, columns ...string) *table {
	t := &table{section: section, title: title, text: text, columns: columns, turns: map[string][]measurement{}}
	for _, c := range present {
		t.order = append(t.order, c.name)
	}
	return t
}

// add takes a turn; nil is one that failed.
func (t *table) add(name string, m measurement) { t.turns[name] = append(t.turns[name], m) }

func (t *table) note(format string, args ...any) {
	t.notes = append(t.notes, fmt.Sprintf(format, args...))
}

// column is what a contestant reached in each turn that did not fail.
func (t *table) column(name, column string) []float64 {
	var values []float64
	for _, m := range t.turns[name] {
		if v, ok := m[column]; ok {
			values = append(values, v)
		}
	}
	return values
}

// ratios are those of a contestant to the floor, round by round.
func (t *table) ratios(name string) []float64 {
	var values []float64
	for round, m := range t.turns[name] {
		mine, ok := m[t.columns[0]]
		base := t.turns[floor]
		if ok && round < len(base) && base[round][t.columns[0]] > 0 {
			values = append(values, mine/base[round][t.columns[0]])
		}
	}
	return values
}

func (t *table) markdown(w *strings.Builder) {
	fmt.Fprintf(w, "## %s\n\n%s\n\n| program | %s | × floor |\n|---|%s\n", t.title, t.text,
		strings.Join(t.columns, " | "), strings.Repeat("--:|", len(t.columns)+1))
	for _, name := range t.order {
		if t.turns[name] == nil {
			continue
		}
		fmt.Fprintf(w, "| %s |", name)
		for _, column := range t.columns {
			fmt.Fprintf(w, " %s |", spread(t.column(name, column)))
		}
		fmt.Fprintf(w, " %s |\n", spread(t.ratios(name)))
	}
	for _, note := range t.notes {
		fmt.Fprintf(w, "\n%s\n", note)
	}
	w.WriteByte('\n')
}

// spread is the median, least and most of some values, as 3 (1-5).
func spread(values []float64) string {
	if len(values) == 0 {
		return "-"
	}
	sorted := slices.Sorted(slices.Values(values))
	return fmt.Sprintf("%s (%s-%s)", number(median(sorted)), number(sorted[0]), number(sorted[len(sorted)-1]))
}

func median(sorted []float64) float64 {
	half := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[half]
	}
	return (sorted[half-1] + sorted[half]) / 2
}

// number shows three digits, or all there are before the point.
func number(v float64) string {
	switch {
	case v >= 100:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case v >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return strconv.FormatFloat(v, 'f', 2, 64)
}
