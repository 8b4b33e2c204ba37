package ping

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/guptarohit/asciigraph"
)

// A plot is so high, needs so many round trips to tell something, and so large a
// window; in a smaller one, and of several hosts, there are sparklines.
const (
	plotHeight  = 6
	fewestTrips = 5
	leastRows   = 16
	leastWidth  = 40
	plotLabels  = 12 // columns that its scale takes
)

// Widest sparkline, most hosts that have one while it runs, and widest name.
const (
	widestSpark = 40
	mostSparks  = 10
	widestName  = 24
)

// drawn is a line with a sparkline behind it, where the window has room for it.
func (p *pinger) drawn(h *host, line string) func(columns, rows int) string {
	if p.Plain {
		return nil
	}
	recent := slices.Clone(h.recent)
	return func(columns, _ int) string {
		room := min(columns-len([]rune(line))-3, widestSpark)
		if columns == 0 {
			room = widestSpark
		}
		if room < 4 {
			return line
		}
		return line + "  " + spark(recent, room)
	}
}

// picture is how it goes: of one host a plot of its round trips, of several a
// sparkline for each.
func (p *pinger) picture() func(columns, rows int) string {
	if len(p.hosts) == 1 {
		h := &p.hosts[0]
		return onePicture(slices.Clone(h.recent), h.shown(), p.overall())
	}
	var lines []sparkline
	for i := range p.hosts[:min(len(p.hosts), mostSparks)] {
		h := &p.hosts[i]
		name := fmt.Sprintf("%-*s %5d/%-5d", min(p.wide, widestName), h.shown(), h.received, h.sent)
		lines = append(lines, sparkline{name, slices.Clone(h.recent[max(0, len(h.recent)-widestSpark):])})
	}
	below := p.overall()
	return func(columns, rows int) string {
		var b strings.Builder
		for _, l := range lines[:max(0, min(len(lines), rows-4))] {
			b.WriteString(l.name + " " + spark(l.recent, max(1, min(columns-len([]rune(l.name))-2, widestSpark))) + "\n")
		}
		return b.String() + below
	}
}

type sparkline struct {
	name   string
	recent []float64
}

func onePicture(recent []float64, name, below string) func(columns, rows int) string {
	return func(columns, rows int) string {
		if len(recent) < fewestTrips || columns < leastWidth || rows < leastRows {
			return spark(recent, max(1, min(columns/3, widestSpark))) + " " + below
		}
		return plot(recent, name, columns) + "\n" + below
	}
}

// plot draws the round trips that fit into the window.
func plot(recent []float64, name string, columns int) string {
	points := recent[max(0, len(recent)-(columns-plotLabels)):]
	if !slices.ContainsFunc(points, func(ms float64) bool { return !math.IsNaN(ms) }) {
		return "no answer to " + name
	}
	return asciigraph.Plot(points, asciigraph.Height(plotHeight), asciigraph.Precision(3), asciigraph.LowerBound(0),
		asciigraph.Caption(name+", ms"))
}

// spark is a round trip a character, higher where it was longer; a gap is one that
// was lost.
func spark(recent []float64, width int) string {
	levels := []rune("▁▂▃▄▅▆▇█")
	recent = recent[max(0, len(recent)-width):]
	low, high := math.Inf(1), 0.0
	for _, ms := range recent {
		if !math.IsNaN(ms) {
			low, high = min(low, ms), max(high, ms)
		}
	}
	var b strings.Builder
	for _, ms := range recent {
		switch {
		case math.IsNaN(ms):
			b.WriteRune('·')
		case high <= low:
			b.WriteRune(levels[0])
		default:
			b.WriteRune(levels[int((ms-low)/(high-low)*float64(len(levels)-1)+0.5)])
		}
	}
	return b.String()
}
