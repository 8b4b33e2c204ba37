package probe

import (
	"context"
	"net/netip"
	"strings"
)

// An Identified is what was found out of who speaks on an open port.
type Identified struct {
	Protocol string `help:"ssh, http, tls, smtp …; empty where nothing was recognised"`
	Inside   string `help:"what speaks within TLS; empty where that is unknown, or there is no TLS"`
	Sure     string `help:"certain, likely or guess; empty where nothing was recognised"`
	Reason   string `help:"what makes so sure, or what happened instead"`
	Product  string `help:"the program, where it says so"`
	Version  string `help:"its version, where it says so"`
	TLS      string `name:"tls" help:"version of TLS; empty where there is none"`
	Verify   string `help:"verdict on the certificate; empty without TLS"`
}

// Inspect is an Inspector: it finds out what speaks on a port that is open.
func (p *Speaking) Inspect(ctx context.Context, f Found) Found {
	addr, err := netip.ParseAddr(f.Host)
	if err != nil {
		return f // a result of a scan has an address
	}
	s := p.one(ctx, netip.AddrPortFrom(addr, uint16(f.Port)))
	f.Speaks = &Identified{s.Protocol, s.Inside, s.Sure, s.Reason, s.Product, s.Version, s.TLS, s.Verify}
	return f
}

// String is in a line what speaks there: "ssh, OpenSSH 9.2p1 (certain)"; nothing
// for nil.
func (i *Identified) String() string {
	if i == nil {
		return ""
	}
	what := "unknown"
	switch {
	case i.Inside != "":
		what = i.Inside + " in tls"
	case i.Protocol != "":
		what = i.Protocol
	}
	if product := strings.TrimSpace(i.Product + " " + i.Version); product != "" {
		what += ", " + product
	}
	if i.Sure != "" {
		what += " (" + i.Sure + ")"
	}
	return what
}

// inspector is who looks closer: first who speaks there, then scripts, which are
// told. Nil for nobody.
func (v *Survey) inspector() Inspector {
	switch {
	case v.Identify == nil:
		return v.Inspect
	case v.Inspect == nil:
		return v.Identify.Inspect
	}
	return func(ctx context.Context, f Found) Found { return v.Inspect(ctx, v.Identify.Inspect(ctx, f)) }
}
