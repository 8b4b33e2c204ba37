package sock

import (
	"fmt"
	"net/netip"

	"sosh/primitive"
)

// Announce says in one line what was opened, and what a newcomer would wonder
// about: a listener on loopback is for this machine only.
func (l *Listener) Announce() string {
	return fmt.Sprintf("%s listening on %s%s", l.Name(), l.Addr(), onlyHere(l.Addr(), "listen"))
}

// Announce says in one line what was opened.
func (u *Datagram) Announce() string {
	switch local := u.Addr(); {
	case u.Connected():
		return fmt.Sprintf("%s datagram %s -> %s", u.Name(), local, u.remote())
	case local == primitive.Addr{}:
		return u.Name() + " datagram, no port yet"
	default:
		return fmt.Sprintf("%s datagram %s%s", u.Name(), local, onlyHere(local, "udp bind"))
	}
}

// onlyHere tells how to be reached from elsewhere, where a loopback address
// cannot be.
func onlyHere(a primitive.Addr, command string) string {
	ip, err := netip.ParseAddr(a.Host)
	if err != nil || !ip.IsLoopback() {
		return ""
	}
	everywhere := primitive.Addr{Host: "0.0.0.0", Port: a.Port}
	if ip.Is6() {
		everywhere.Host = "::"
	}
	return fmt.Sprintf(" (this machine only; for others: %s %s)", command, everywhere)
}
