package identify

import (
	"context"
	"net"

	"sosh/primitive"
	"sosh/tlsinfo"
)

// unwrap shakes hands with a server that speaks TLS, and finds out what speaks
// inside.
func (o Options) unwrap(ctx context.Context, s *Speaker) {
	target := tlsinfo.Target{Addr: primitive.Addr{Host: o.Host, Port: o.Port}, ALPN: []string{"h2", "http/1.1"}}
	conn, report, err := o.secured(ctx, target)
	if err != nil { // a server that speaks something else inside may refuse these
		target.ALPN = nil
		conn, report, err = o.secured(ctx, target)
	}
	if err != nil {
		s.Why += ", but the handshake came to nothing: " + primitive.AsError(err).Cause
		return
	}
	conn.Close()
	s.TLS = report
	if report.ALPN == "h2" {
		target.ALPN = []string{"http/1.1"} // which is asked in words
	}
	within := o
	within.inside = true
	within.Dial = func(ctx context.Context) (net.Conn, error) {
		conn, _, err := o.secured(ctx, target)
		return conn, err
	}
	inside, err := TCP(ctx, within)
	if (err != nil || inside.Protocol == "") && report.ALPN == "h2" { // it has HTTP/2 alone
		inside, err = Speaker{Protocol: "http", Sure: Certain, Why: "it agreed on h2 (RFC 9113)", By: "alpn", Version: "2"}, nil
	}
	if err == nil {
		s.Inside = &inside
	}
}

// secured makes one more connection, over TLS. Nobody is trusted for it: what is
// heard there only says what it sounds like.
func (o Options) secured(ctx context.Context, target tlsinfo.Target) (net.Conn, *tlsinfo.Report, error) {
	ctx, cancel := context.WithTimeout(ctx, handshakes*o.Wait)
	defer cancel()
	conn, err := o.Dial(ctx)
	if err != nil {
		return nil, nil, err
	}
	over, report, err := tlsinfo.Over(ctx, conn, target)
	if err != nil {
		conn.Close()
		return nil, nil, err
	}
	return over, report, nil
}

// How many times the wait for a greeting a handshake may take.
const handshakes = 2
