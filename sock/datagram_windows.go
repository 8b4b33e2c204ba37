package sock

import (
	"net"

	"sosh/primitive"
)

// OpenDatagram opens a datagram socket without a peer. Windows has no way to
// receive on a socket without a port, so it gets one at once.
func OpenDatagram(family Family) (*Datagram, error) {
	networks := map[Family]string{Inet: "udp4", Inet6: "udp6"}
	if networks[family] == "" {
		return nil, fromName("EAFNOSUPPORT", nil).On(string(family))
	}
	conn, err := net.ListenUDP(networks[family], nil)
	if err != nil {
		return nil, fault(err, "")
	}
	return newDatagram(conn), nil
}

// recvFrom reads the whole datagram and cuts it, since Windows gives an error
// instead of a cut one.
func (u *Datagram) recvFrom(max int) (Packet, error) {
	buf := make([]byte, chunk)
	n, from, err := u.conn.ReadFrom(buf)
	if err != nil {
		return Packet{}, err
	}
	sender := addrOf(from)
	return Packet{
		Data: append(primitive.Bytes{}, buf[:min(n, max)]...),
		Host: hostOf(sender), Port: sender.Port, Length: n, Truncated: n > max,
	}, nil
}

func (u *Datagram) sendTo(to net.Addr, data []byte) error {
	_, err := u.conn.WriteTo(data, to)
	return err
}

func (u *Datagram) send(data []byte) error {
	_, err := u.conn.Write(data)
	return err
}

func (u *Datagram) localAddr() primitive.Addr { return addrOf(u.conn.LocalAddr()) }
