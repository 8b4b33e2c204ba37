// Package identify finds out what speaks on a port: it listens first, then asks
// a short list of harmless questions, and says how sure it is and why. Which
// questions there are is a table, and what the answers mean is another one. It
// knows no face, and makes no connections but through the function it is given.
package identify
