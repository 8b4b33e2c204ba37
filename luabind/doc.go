// Package luabind shows the primitives to Lua scripts: values, handles, tasks
// and modules. One Lua state is shared by every script of a session; whoever
// runs Lua holds one lock, and lets go of it around everything that may wait.
//
// Calling: rows are functions (tcp.connect, listen), and methods of handles
// (c:send). Positionals come in row order; a last argument that is a table
// with names is the options. A wrong call raises at the caller's line; a failed
// operation returns nil, message, kind (and what was got before the failure).
// Durations are seconds.
package luabind
