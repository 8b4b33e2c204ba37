// Package dns speaks the Domain Name System (RFC 1034, RFC 1035) from both
// sides: it asks one server, the system's resolver, or one server after another
// from the root down; and it serves a zone. Messages are packed and read by
// github.com/miekg/dns, which no other package of ours knows.
package dns
