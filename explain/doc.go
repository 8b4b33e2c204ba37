// Package explain tells what is behind a network command: the system calls, and
// the same in Lua, Python and C. What a command does is written once, as steps,
// in the table of rows.go; calls and programs are made of them.
package explain
