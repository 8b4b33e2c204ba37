package primitive

// Words are how a result, or an item of a stream, is told to a person.
type Words struct {
	Heading string // above the first line of a stream; may be empty
	Line    string // bytes of a peer only escaped
	Role    Role

	Body   Bytes  // what goes to stdout as it came, in place of the line, which is told beside it; nil for none
	Binary string // on a terminal, in place of a body that is no text
}

// A Role says what the words are beside the data.
type Role int

// The roles. What is no data never reaches a script, JSON or a file.
const (
	Told     Role = iota // the data in words
	Summary              // told beside the data, at the end or when something is worth knowing
	Underway             // how far it is, for a terminal, replaced by the next one
)

// A Teller is a struct result that brings its own words.
type Teller interface{ Words() Words }

// A Shown is plain data with the words for a person. Nothing but a face needs to
// know it: scripts and JSON get the data.
type Shown struct {
	Words
	Data any // nil when the words are all there is
}

// MarshalJSON writes the data.
func (s Shown) MarshalJSON() ([]byte, error) { return JSON(s.Data) }

// told keeps the words of a Teller beside its plain data.
func told(v any) any {
	t, ok := v.(Teller)
	if !ok {
		return Plain(v)
	}
	w := t.Words()
	if w.Role != Told {
		return Shown{Words: w}
	}
	return Shown{w, Plain(v)}
}
