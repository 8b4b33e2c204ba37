package primitive

import "strings"

// Phrase is one or several words that stand together: "22,80", "top 20". A
// script may give a number, or a list, which is joined by commas.
type Phrase string

var phraseKind = &ValueKind{
	Name: "list", Lua: "string|number|(string|number)[]",
	Parse: func(_ *Param, s string) (any, error) { return Phrase(s), nil },
	From: func(p *Param, v any) (any, error) {
		switch v := v.(type) {
		case string:
			return Phrase(v), nil
		case float64:
			return Phrase(FormatNumber(v)), nil
		case []any:
			return phraseOf(p, v)
		}
		return nil, p.wrong(v, "a string, a number or a list of them")
	},
	Text: plainText, Literal: quotedText,
	Rest: joinWords,
}

func phraseOf(p *Param, items []any) (any, error) {
	words := make([]string, len(items))
	for i, item := range items {
		switch item := item.(type) {
		case string:
			words[i] = item
		case float64:
			words[i] = FormatNumber(item)
		default:
			return nil, p.wrong(item, "a string or a number")
		}
	}
	return Phrase(strings.Join(words, ",")), nil
}
