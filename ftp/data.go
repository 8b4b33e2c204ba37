package ftp

import (
	"context"
	"fmt"
	"net/netip"

	"sosh/dialogue"
	"sosh/primitive"
	"sosh/sock"
	"sosh/tlsinfo"
)

// transfer gives a command that moves data, from an offset on, and lets move do
// it. The reply is the last one: 226.
func (c *client) transfer(ctx context.Context, command string, offset int64, move func(context.Context, *sock.Stream) error) (dialogue.Reply, error) {
	data, err := c.begun(ctx, command, offset)
	if err != nil {
		return dialogue.Reply{}, err
	}
	moved := move(ctx, data)
	cerr := data.Close()
	if moved == nil {
		moved = cerr
	}
	if ctx.Err() != nil {
		return dialogue.Reply{}, moved
	}
	r, err := c.Answer(ctx, command, 2)
	if moved != nil && err == nil {
		err = moved
	}
	return r, err
}

// begun gives the command, with the data connection that it uses.
func (c *client) begun(ctx context.Context, command string, offset int64) (*sock.Stream, error) {
	ctx, cancel := c.o.Bounded(ctx)
	defer cancel()
	start := c.passive
	if c.o.Active {
		start = c.active
	}
	data, err := start(ctx, func() error { return c.ordered(ctx, command, offset) })
	if err != nil || c.tls == nil {
		return data, err
	}
	secured, err := tlsinfo.Secure(ctx, data, c.tls)
	if err != nil {
		_ = data.Close() // the first error is the one to tell
		return nil, err
	}
	return secured, nil
}

// ordered says where to begin, and what to do.
func (c *client) ordered(ctx context.Context, command string, offset int64) error {
	if offset > 0 {
		if _, err := c.Say(ctx, fmt.Sprintf("REST %d", offset), 3); err != nil {
			return err
		}
	}
	_, err := c.Say(ctx, command, 1)
	return err
}

// passive connects to a port of the server, and then gives the order.
func (c *client) passive(ctx context.Context, order func() error) (*sock.Stream, error) {
	at, err := c.passiveAddr(ctx)
	if err != nil {
		return nil, err
	}
	data, err := sock.DialStream(ctx, at, sock.DialOptions{})
	if err != nil {
		e := *primitive.AsError(err)
		e.Hint = "the server said that the data goes there; if a firewall is in the way, the other way round: --active"
		return nil, &e
	}
	if err := order(); err != nil {
		_ = data.Close() // the first error is the one to tell
		return nil, err
	}
	return data, nil
}

// passiveAddr asks where to connect to. It is the server's own address, whatever
// a reply to PASV names: behind NAT that is wrong, and else it would let a server
// send its clients to others.
func (c *client) passiveAddr(ctx context.Context) (primitive.Addr, error) {
	host := c.Stream().Raddr().Host
	if !c.noEPSV {
		r, err := c.Command(ctx, "EPSV")
		if err != nil {
			return primitive.Addr{}, err
		}
		if port, ok := parseEPSV(r.Text()); ok && r.Code == 229 {
			return primitive.Addr{Host: host, Port: port}, nil
		}
		c.noEPSV = true
	}
	r, err := c.Say(ctx, "PASV", 2)
	if err != nil {
		return primitive.Addr{}, err
	}
	at, ok := parsePASV(r.Text())
	if !ok {
		return primitive.Addr{}, primitive.Newf(primitive.Failed, "there is no address in the reply to PASV: %s", primitive.Quote(r.Text())).
			On(c.Target()).WithHint("to have the server connect instead: --active")
	}
	if named := at.Addr().String(); named != host {
		c.Tell(fmt.Sprintf("* the server names %s; the data is taken from %s all the same, where it is", named, host))
	}
	return primitive.Addr{Host: host, Port: int(at.Port())}, nil
}

// active listens on the address that the server knows, says so, gives the order,
// and takes the server's connection, and nobody else's.
func (c *client) active(ctx context.Context, order func() error) (*sock.Stream, error) {
	here, there := c.Stream().Laddr().Host, c.Stream().Raddr().Host
	peer, err := netip.ParseAddr(there)
	if err != nil {
		return nil, primitive.Newf(primitive.Unsupported, "no data connection to %s", there).WithHint("only over IPv4 and IPv6: tcp connect HOST PORT")
	}
	peer = peer.WithZone("")
	l, err := sock.ListenStream(ctx, primitive.Addr{Host: here}, sock.ListenOptions{Backlog: 1, Guests: sock.Guests{Allow: []netip.Prefix{netip.PrefixFrom(peer, peer.BitLen())}}})
	if err != nil {
		return nil, err
	}
	defer l.Close()
	if err := c.announce(ctx, here, l.Addr().Port); err != nil {
		return nil, err
	}
	if err := order(); err != nil {
		return nil, err
	}
	data, err := l.Accept(ctx)
	if primitive.KindOf(err) == primitive.Timeout {
		return nil, primitive.Newf(primitive.Timeout, "the server did not connect for the data").On(c.Target()).
			WithHint("a NAT or firewall on the way lets nobody in: leave out --active")
	}
	return data, err
}

// announce says where this side listens: EPRT, or PORT to a server that does not
// know it.
func (c *client) announce(ctx context.Context, host string, port int) error {
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return primitive.Newf(primitive.Unsupported, "no address to listen on: %s", host).WithHint("leave out --active")
	}
	at := netip.AddrPortFrom(ip, uint16(port))
	r, err := c.Command(ctx, "EPRT "+formatEPRT(at))
	if err != nil || r.Code/100 == 2 {
		return err
	}
	if !ip.Unmap().Is4() {
		return c.Want(r, "EPRT", 2)
	}
	_, err = c.Say(ctx, "PORT "+formatPORT(at), 2)
	return err
}
