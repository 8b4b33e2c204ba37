package sock

import (
	"fmt"

	"sosh/primitive"
)

// Announce says in one line what was opened, and what a newcomer would wonder
// about: a listener on loopback is for this machine only.
func (l *Listener) Announce() string {
	return fmt.Sprintf("%s listening on %s%s", l.Name(), l.Addr(), l.Addr().OnlyHere("listen")+stale(l.replaced))
}

// Announce says in one line what was opened.
func (u *Datagram) Announce() string {
	switch local := u.Addr(); {
	case u.Connected():
		return fmt.Sprintf("%s datagram %s -> %s", u.Name(), local, u.remote())
	case local == primitive.Addr{}:
		return u.Name() + " datagram, no port yet"
	default:
		return fmt.Sprintf("%s datagram %s%s", u.Name(), local, local.OnlyHere("udp bind")+stale(u.replaced))
	}
}

// stale tells that a file was replaced.
func stale(replaced bool) string {
	if replaced {
		return " (a file that an ended program left there is replaced)"
	}
	return ""
}
