package ftp

import (
	"context"
	"net/netip"
	"strings"
	"time"

	"sosh/primitive"
	"sosh/sock"
	"sosh/tlsinfo"
)

// How long the other side has to connect for the data, or to be connected to.
const meeting = 20 * time.Second

// A rendezvous is how the next data connection comes about: the client connects to
// the listener, or is connected to at an address of its own.
type rendezvous struct {
	listener *sock.Listener
	to       primitive.Addr
}

func (r *rendezvous) close() {
	if r.listener != nil {
		r.listener.Close()
	}
	*r = rendezvous{}
}

// own is the client's address.
func (v *visit) own() (netip.Addr, bool) {
	ip, err := netip.ParseAddr(v.peer.Host)
	return ip.Unmap().WithZone(""), err == nil
}

// listen opens a port for the client's data, and for nobody else's.
func (v *visit) listen() (port int, ok bool) {
	v.data.close()
	ip, known := v.own()
	if !known {
		v.reply(425, "no data connection this way")
		return 0, false
	}
	l, err := sock.ListenStream(v.ctx, primitive.Addr{Host: v.control.Laddr().Host}, sock.ListenOptions{Backlog: 1, Guests: sock.Guests{Allow: []netip.Prefix{netip.PrefixFrom(ip, ip.BitLen())}}})
	if err != nil {
		v.reply(425, "no port is free")
		return 0, false
	}
	v.data.listener = l
	return l.Addr().Port, true
}

func (v *visit) pasv(string) {
	here, err := netip.ParseAddr(v.control.Laddr().Host)
	if err != nil || !here.Unmap().Is4() {
		v.reply(522, "only EPSV here (2)")
		return
	}
	if port, ok := v.listen(); ok {
		v.reply(227, "Entering Passive Mode ("+formatPORT(netip.AddrPortFrom(here, uint16(port)))+")")
	}
}

func (v *visit) epsv(arg string) {
	ip, _ := v.own()
	family := map[bool]string{true: "1", false: "2"}[ip.Is4()]
	switch {
	case strings.EqualFold(arg, "ALL"):
		v.reply(200, "only EPSV from now on")
	case arg != "" && arg != family:
		v.reply(522, "only ("+family+")")
	default:
		if port, ok := v.listen(); ok {
			v.reply(229, "Entering Extended Passive Mode (|||"+itoa(int64(port))+"|)")
		}
	}
}

func (v *visit) port(arg string) {
	at, ok := parsePASV(arg)
	v.connectTo(at, ok)
}

func (v *visit) eprt(arg string) {
	at, known, ok := parseEPRT(arg)
	if !known {
		v.reply(522, "only (1,2)")
		return
	}
	v.connectTo(at, ok)
}

// connectTo takes an address to connect to: the client's own, and no port where
// its system's services are (RFC 2577 section 3).
func (v *visit) connectTo(at netip.AddrPort, ok bool) {
	ip, known := v.own()
	switch {
	case !ok:
		v.reply(501, "that is no address")
	case !known || at.Addr().Unmap() != ip:
		v.reply(504, "only to your own address")
	case at.Port() < 1024:
		v.reply(504, "only to a port from 1024 up")
	default:
		v.data.close()
		v.data.to = primitive.Addr{Host: v.peer.Host, Port: int(at.Port())}
		v.reply(200, "the data goes there")
	}
}

// meet makes the data connection, once.
func (v *visit) meet() (*sock.Stream, error) {
	ctx, cancel := context.WithTimeout(v.ctx, min(meeting, v.site.c.Idle))
	defer cancel()
	r := v.data
	v.data = rendezvous{}
	defer r.close()
	var stream *sock.Stream
	var err error
	if r.listener != nil {
		stream, err = r.listener.Accept(ctx)
	} else {
		stream, err = sock.DialStream(ctx, r.to, sock.DialOptions{})
	}
	if err != nil || !v.private {
		return stream, err
	}
	secured, err := tlsinfo.SecureServer(ctx, stream, v.site.c.TLS)
	if err != nil {
		stream.Close()
	}
	return secured, err
}

// arranged is whether the client said how the data comes.
func (v *visit) arranged() bool {
	if v.data.listener == nil && v.data.to == (primitive.Addr{}) {
		v.mistake(425, "say first how the data comes: PASV or PORT")
		return false
	}
	return true
}
