// Package mail hands letters to mail servers and is one: the client and the
// server side of SMTP (RFC 5321) with its extensions AUTH (RFC 4954), STARTTLS
// (RFC 3207), SIZE (RFC 1870), 8BITMIME (RFC 6152) and SMTPUTF8 (RFC 6531). The
// server is a sink: it keeps what it gets and passes nothing on.
package mail
