// Package dialogue is the talk in lines that SMTP and FTP share: a command of
// one line, answered by a reply of three digits and one or more lines of text
// (RFC 5321 section 4.2, RFC 959 section 4.2). It bounds whatever the peer says,
// shows both sides line by line, and can go on over TLS.
package dialogue
