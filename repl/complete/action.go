package complete

import (
	"strings"

	"sosh/primitive"
)

// action are the words of the command that a row takes as its last argument; ok
// is false where the words do not reach as far, or the row takes none.
func action(row *primitive.Row, words []Word) (rest []Word, ok bool) {
	if row == nil || row.Action() == nil {
		return nil, false
	}
	places := 0
	for _, p := range row.Params {
		if p.Positional && !p.IsAction() {
			places++
		}
	}
	for i := 0; i < len(words); i++ {
		switch name, flag := strings.CutPrefix(words[i].Text, "--"); {
		case flag && words[i].Bare:
			if p, err := row.Flag(name); err == nil && !p.IsSwitch() {
				i++
			}
		case places == 0:
			return words[i:], true
		default:
			places--
		}
		if i >= len(words) {
			return nil, false // the value of a flag is being typed
		}
	}
	return nil, places == 0
}
