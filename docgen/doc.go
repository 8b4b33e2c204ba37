// Package docgen turns rows into text: usage and help, and the calls of a
// session into a Lua script. Its functions are pure.
package docgen
