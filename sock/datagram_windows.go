package sock

import (
	"context"
	"net"

	"sosh/primitive"
)

// OpenDatagram opens a datagram socket without a peer. Windows has no way to
// receive on a socket without a port, so it gets one at once.
func OpenDatagram(family Family) (*Datagram, error) {
	return OpenDatagramContext(context.Background(), family)
}

// OpenDatagramContext is OpenDatagram for whoever looks on under the context.
func OpenDatagramContext(ctx context.Context, family Family) (*Datagram, error) {
	networks := map[Family]string{Inet: "udp4", Inet6: "udp6"}
	if networks[family] == "" {
		return nil, fromName("EAFNOSUPPORT", nil).On(string(family))
	}
	conn, err := net.ListenUDP(networks[family], nil)
	if err != nil {
		return nil, fault(err, "")
	}
	return newDatagram(conn).begun(ctx), nil
}

func (u *Datagram) localAddr() primitive.Addr { return addrOf(u.conn.LocalAddr()) }
