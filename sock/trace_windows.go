package sock

import (
	"context"
	"io/fs"
	"net"
	"net/netip"
	"syscall"

	"sosh/primitive"
)

// ownSteps is whether this program makes the calls of the short forms itself
// while they are explained. On Windows Go's net package makes them, unseen.
const ownSteps = false

type plan struct {
	family Family
	typ    Type
	set    map[string]int
	local  primitive.Addr
	mode   fs.FileMode
}

const unseen = "Go's net package makes the calls (on Windows sosh makes none by itself)"

func dialSteps(context.Context, *primitive.Trace, plan, primitive.Addr) (*Stream, error) {
	return nil, noRawSteps()
}

func dialIP(context.Context, *primitive.Trace, netip.AddrPort, primitive.Addr) (*Stream, error) {
	return nil, noRawSteps()
}

func listenSteps(_ context.Context, t *primitive.Trace, _ plan, _ int) (net.Listener, error) {
	return nil, noRawSteps()
}

func packetSteps(context.Context, *primitive.Trace, plan, primitive.Addr) (net.PacketConn, error) {
	return nil, noRawSteps()
}

func (l *Listener) acceptStep(_ context.Context, t *primitive.Trace) (net.Conn, error) {
	t.Say(unseen)
	return l.ln.Accept()
}

func (c *Stream) writeTraced(*primitive.Trace, bool) func([]byte) (int, error) { return c.conn.Write }

func writeCalls(*primitive.Trace, syscall.RawConn, []byte, bool) (int, error) { return 0, noRawSteps() }

func readCalls(func() *primitive.Trace, syscall.RawConn, []byte) (int, error) { return 0, noRawSteps() }

func (c *Stream) shutdownStep(*primitive.Trace, bool) (err error, done bool) { return nil, false }

func (u *Datagram) sendStep(context.Context, *primitive.Trace, *destination, []byte) error {
	return noRawSteps()
}

func (u *Datagram) recvStep(*primitive.Trace) error { return u.receive() }

func closing(*primitive.Trace, any) func(error) { return func(error) {} }

// How an explanation writes these calls, which are not made here.
const (
	socketFlags = ""
	AcceptName  = "accept"
	AcceptFlags = ""
)
