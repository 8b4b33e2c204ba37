// Package icmp sends echo requests and reads what comes back: answers, and what
// routers say of probes that did not arrive (RFC 792, RFC 4443). It knows the
// sockets that need no privilege, and the raw ones.
package icmp
