package term

import "os"

// A Reader reads a console as it is. A Read under way cannot be taken back.
type Reader struct{ *os.File }

// NewReader makes a Reader.
func NewReader(in *os.File) (*Reader, error) { return &Reader{in}, nil }

// Stop takes a Read back; false where that is not possible.
func (*Reader) Stop() bool { return false }

// Close leaves the file open.
func (*Reader) Close() {}
