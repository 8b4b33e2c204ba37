package load

import (
	"fmt"
	"strings"
)

// Spark draws values as a line of bars, the highest as high as a letter; nothing
// for no values.
func Spark(values []float64) string {
	const bars = "▁▂▃▄▅▆▇█"
	top := 0.0
	for _, v := range values {
		top = max(top, v)
	}
	var b strings.Builder
	for _, v := range values {
		i := 0
		if top > 0 {
			i = min(int(max(v, 0)/top*8), 7)
		}
		b.WriteString(bars[i*3 : i*3+3])
	}
	return b.String()
}

// bar is a value of at most top as a bar of at most width cells, to the eighth.
func bar(v, top float64, width int) string {
	const eighths = " ▏▎▍▌▋▊▉"
	if top <= 0 {
		return ""
	}
	n := int(max(0, min(v/top, 1))*float64(width*8) + 0.5)
	text := strings.Repeat("█", n/8)
	if part := n % 8; part > 0 {
		text += string([]rune(eighths)[part])
	}
	return text
}

// scaled is a number with the thousands as a letter: "1.25 G".
func scaled(v float64) string {
	for _, unit := range []string{"", "k", "M", "G", "T"} {
		if v < 999.5 || unit == "T" {
			return strings.TrimSpace(fmt.Sprintf("%.3g %s", v, unit))
		}
		v /= 1000
	}
	return ""
}

// unit is a number and its unit: "1.25 Gbit/s".
func unit(v float64, name string) string {
	text := scaled(v)
	if !strings.Contains(text, " ") {
		text += " "
	}
	return text + name
}

// ms is a time in milliseconds, or a dash.
func ms(v *float64) string {
	if v == nil {
		return "-"
	}
	return fmt.Sprintf("%.3g ms", *v)
}

// span is an interval in seconds.
func span(from, to float64) string { return fmt.Sprintf("%.1f-%.1f s", from, to) }
