package icmp

import (
	"context"
	"net/netip"

	"sosh/primitive"
)

// A Conn sends echo requests of one family and reads what comes back to them. One
// goroutine may send and another receive.
type Conn interface {
	// Send sends an echo request. TTL 0 is the system's own. Errors are those of
	// package sock's kinds.
	Send(to netip.Addr, ttl int, seq uint16, payload []byte) error
	// Receive waits for the next packet that belongs to this Conn: an answer or an
	// error about one of its requests. Its payload is valid until the next call.
	// After Close there is an error.
	Receive() (Packet, error)
	// Close ends a Receive that waits.
	Close() error
	// Raw is whether it is a raw socket, which takes a privilege.
	Raw() bool
}

// Most bytes that an echo request carries: what an IPv4 packet holds.
const MaxPayload = 65535 - ipv4Header - headerLen

// Biggest packet that is read.
const maxPacket = 1 << 16

// Open opens a socket for echo requests: one that needs no privilege, else a raw
// one. Kind Denied with a hint where the system gives neither, Unsupported where
// it has none. An explanation that the context belongs to sees the calls.
func Open(ctx context.Context, v6 bool) (Conn, error) {
	t := primitive.TraceFrom(ctx)
	c, err := open(t, v6, false)
	if err == nil {
		return c, nil
	}
	if c, rawErr := open(t, v6, true); rawErr == nil {
		return c, nil
	}
	return nil, refused(err, v6)
}

// refused says what is to be set, where it is the right that is missing.
func refused(err error, v6 bool) error {
	e := primitive.AsError(err)
	if e.Kind == primitive.Unsupported {
		family := "IPv4"
		if v6 {
			family = "IPv6"
		}
		return primitive.Newf(primitive.Unsupported, "this system has no %s here: %s", family, e.Cause)
	}
	denied := primitive.Newf(primitive.Denied, "the system gives this user no ICMP socket")
	denied.Err = err
	return denied.WithHint("%s", allowing())
}
