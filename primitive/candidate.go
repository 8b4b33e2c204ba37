package primitive

// A Candidate is what a word being typed may become.
type Candidate struct {
	Text   string // the whole word
	Help   string // what it means, in a few words; may be empty
	Suffix string // what follows when it is taken: a blank, "(", a closing quote, or nothing
}
