package repl

import (
	"io"

	"sosh/primitive"
)

// A progress is the line on a terminal's error output that tells how far a
// stream is. It stands below what was shown, and what is shown next replaces it.
type progress struct {
	sh    *Shell
	on    bool
	shown bool
}

// takes shows an item that is no data beside it, and says whether it was one.
func (p *progress) takes(item any, f frame) bool {
	s, ok := item.(primitive.Shown)
	if !ok || s.Role == primitive.Told {
		return false
	}
	if s.Role == primitive.Progress {
		p.show(s.Line)
		return true
	}
	p.clear()
	if !f.quiet {
		p.sh.say("%s", s.Line)
	}
	return true
}

const eraseLine = "\r\x1b[K"

func (p *progress) show(text string) {
	if p.on {
		p.shown = true
		_, _ = io.WriteString(p.sh.err, eraseLine+primitive.Escape(text, false)) // it is for a person's eyes
	}
}

func (p *progress) clear() {
	if p.shown {
		p.shown = false
		_, _ = io.WriteString(p.sh.err, eraseLine)
	}
}
