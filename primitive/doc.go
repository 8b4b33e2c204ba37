// Package primitive says what a primitive is: one thing the program can do,
// written once as a row and shown by every face.
//
// A row (Row) is made by New from a Spec, what a person writes about it, and a
// Go function whose argument struct declares the parameters:
//
//	type sendArgs struct {
//		Stream *sock.Stream    `arg:"" help:"stream to send on"`
//		Data   primitive.Bytes `arg:"" rest:"" help:"bytes to send"`
//		Once   bool            `help:"make one write and say how much was taken"`
//	}
//
// From the row come the shell command, the Lua function and method, the help,
// the reference and the exported script. A value kind (ValueKind) says once how
// a Go type is read from text, taken from Lua, shown and written as a literal.
//
// Faces bind what they read to Args and call Do, the one door: defaults, the
// current handle, the required check, the run, the shape of errors, the naming
// of new handles and the record are done there and nowhere else.
//
// The package knows no network, no Lua and no terminal.
package primitive
