package complete

// A Statement is one thing that a line says, as the grammar of the shell reads
// it. Offsets are bytes of the line.
type Statement struct {
	Start, End int    // with the ';' or line feed that ends it
	Words      []Word // of a command or, with Program, of !program
	Program    bool
	Lua        bool
	LuaStart   int // where the Lua begins
}

// A Word is one word of a command, which may have no end yet.
type Word struct {
	Text       string // what it means; values are left out
	Start, End int
	Bare       bool // may be a flag, a handle, an operator
	Quoted     bool // begins with a quote
	Open       byte // the quote that is not closed at the end; 0 for none
	Parts      []Part
}

// A Part is a piece of a word that is more than plain text.
type Part struct {
	Start, End int
	Kind       PartKind
}

// A PartKind says what a Part is.
type PartKind uint8

// The kinds of parts.
const (
	Quoted PartKind = iota // '…' or "…", with its quotes
	Value                  // $name or ${expr}
)
