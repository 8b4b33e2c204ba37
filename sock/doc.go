// Package sock is sockets with their real steps: streams, listeners and
// datagram sockets of the families inet, inet6, unix, vsock and bluetooth.
//
// There are two ways to each of them. The raw steps (Open, Bind, Listen,
// Connect) are the system calls of socket(2), bind(2), listen(2) and
// connect(2), one call each, and set no options. The short forms (DialStream,
// ListenStream, BindDatagram, DialDatagram) do all steps at once.
//
// Every call that can block takes a context; its end wakes the call within
// milliseconds and leaves the handle usable. One reader and one writer use a
// handle at a time; others wait their turn under their own context. Every
// error is a *primitive.Error without Op.
package sock

// A Family is an address family (socket(2), AF_*).
type Family string

// The families; vsock and bluetooth (RFCOMM) only where the kernel has them.
const (
	Inet      Family = "inet"      // IPv4, ip(7)
	Inet6     Family = "inet6"     // IPv6, ipv6(7)
	Unix      Family = "unix"      // paths and abstract names, unix(7)
	Vsock     Family = "vsock"     // between virtual machines, vsock(7): the host is the context id
	Bluetooth Family = "bluetooth" // RFCOMM: the host is the device address, the port the channel
)

// A Type is how a socket carries data (socket(2), SOCK_*).
type Type string

// The types: a stream of bytes with a connection, or single datagrams.
const (
	StreamType Type = "stream"
	DgramType  Type = "dgram"
)
