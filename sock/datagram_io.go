package sock

import (
	"net"
	"net/netip"

	"sosh/primitive"
)

// recvFrom receives one datagram. The buffer has room for the largest one, so
// that the true length of a datagram that is cut is known on every system.
func (u *Datagram) recvFrom(max int) (p Packet, err error) {
	buf := scratch.Get().(*[chunk]byte)
	defer scratch.Put(buf)
	n := 0
	if udp, ok := u.conn.(*net.UDPConn); ok {
		var from netip.AddrPort
		n, from, err = udp.ReadFromUDPAddrPort(buf[:])
		p.Host, p.Port = from.Addr().Unmap().String(), int(from.Port())
	} else {
		var from net.Addr
		n, from, err = u.conn.ReadFrom(buf[:])
		p.Host = hostOf(addrOf(from))
	}
	if err != nil {
		return Packet{}, err
	}
	p.Data = append(primitive.Bytes{}, buf[:min(n, max)]...)
	p.Length, p.Truncated = n, n > max
	return p, nil
}

// sendTo sends one datagram to an address.
func (u *Datagram) sendTo(to destination, data []byte) error {
	if udp, ok := u.conn.(*net.UDPConn); ok {
		_, err := udp.WriteToUDPAddrPort(data, to.udp)
		return err
	}
	_, err := u.conn.WriteTo(data, &net.UnixAddr{Name: to.path, Net: "unixgram"})
	return err
}

// send sends one datagram to the connected peer.
func (u *Datagram) send(data []byte) error {
	_, err := u.conn.Write(data)
	return err
}
