// Package wire is the journal of a session, what happened on its sockets in
// order, and the views of it: so far the interaction diagram as text.
package wire
