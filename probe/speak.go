package probe

import (
	"context"
	"fmt"
	"iter"
	"net"
	"net/netip"
	"strings"
	"time"

	"sosh/primitive"
	"sosh/probe/identify"
	"sosh/sock"
)

// Speaking is the question what speaks on some ports.
type Speaking struct {
	Hosts   Hosts
	Ports   []uint16
	UDP     bool
	Name    string        // to ask for in TLS and to check; "" is the name of the host
	Wait    time.Duration // for a greeting; half of it for an answer
	Connect time.Duration // for a connection
	Limit   time.Duration // for one port, all told
}

// A Spoken is what speaks on one port.
type Spoken struct {
	Host     string          `help:"address that was asked"`
	Name     string          `help:"name that it was given by; empty where it was an address"`
	Port     int             `help:"port that was asked" volatile:""`
	Proto    string          `help:"tcp or udp"`
	State    string          `help:"open, closed, timeout, unreachable, error; of UDP also open-or-filtered"`
	Protocol string          `help:"what speaks there: ssh, http, tls, smtp …; empty where nothing was recognised"`
	Inside   string          `help:"what speaks within TLS; empty where that is unknown, or there is no TLS"`
	Sure     string          `help:"certain, likely or guess; empty where nothing was recognised"`
	Reason   string          `help:"what makes so sure, or what happened instead"`
	Question string          `help:"the question that was answered; greeting where none was needed"`
	Product  string          `help:"the program, where it says so"`
	Version  string          `help:"its version, where it says so"`
	TLS      string          `name:"tls" help:"version of TLS; empty where there is none"`
	ALPN     string          `name:"alpn" help:"protocol that TLS agreed on (ALPN)"`
	Subject  string          `help:"who the certificate is for"`
	Verify   string          `help:"ok, or failed: and why; empty without TLS"`
	Evidence primitive.Bytes `help:"the beginning of what it said" volatile:""`

	words primitive.Words
	spoke bool
	state Result
}

// Words are the line for a person.
func (s Spoken) Words() primitive.Words { return s.words }

// Most ports that are asked at once.
const mostSpeaking = 8

// Each asks port after port, some at once, and gives the answers in their order.
// When nothing came back from any of them it ends with an error of the port's
// state, which the answers tell by themselves.
func (p *Speaking) Each(ctx context.Context) iter.Seq2[Spoken, error] {
	return func(yield func(Spoken, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		spoke, last := false, Spoken{}
		for s := range p.inOrder(ctx) {
			if ctx.Err() != nil {
				break
			}
			spoke, last = spoke || s.spoke, s
			if !yield(s, nil) {
				return
			}
		}
		switch {
		case ctx.Err() != nil:
			yield(Spoken{}, ctx.Err())
		case !spoke:
			yield(Spoken{}, last.failure())
		}
	}
}

// inOrder runs the questions of several ports beside each other.
func (p *Speaking) inOrder(ctx context.Context) iter.Seq[Spoken] {
	return func(yield func(Spoken) bool) {
		ctx, cancel := context.WithCancel(ctx)
		total, atOnce := p.Hosts.Len()*uint64(len(p.Ports)), mostSpeaking
		if primitive.TraceFrom(ctx) != nil {
			atOnce = 1 // one after another, so that they can be followed
		}
		var underway []chan Spoken
		defer func() { // nobody is left behind
			cancel()
			for _, c := range underway {
				<-c
			}
		}()
		for next := uint64(0); next < total || len(underway) > 0; {
			for ; next < total && len(underway) < atOnce; next++ {
				to := netip.AddrPortFrom(p.Hosts.At(next/uint64(len(p.Ports))), p.Ports[next%uint64(len(p.Ports))])
				c := make(chan Spoken, 1)
				underway = append(underway, c)
				go func() { c <- p.one(ctx, to) }()
			}
			s := <-underway[0]
			if underway = underway[1:]; !yield(s) {
				return
			}
		}
	}
}

// one asks one port.
func (p *Speaking) one(ctx context.Context, to netip.AddrPort) Spoken {
	ctx, cancel := context.WithTimeout(ctx, p.Limit)
	defer cancel()
	s := Spoken{Host: to.Addr().String(), Name: p.Hosts.Name(to.Addr()), Port: int(to.Port()), Proto: "tcp"}
	o := identify.Options{Host: p.called(&s), Port: s.Port, Wait: p.Wait}
	if p.UDP {
		s.Proto = "udp"
		return s.told(p.datagrams(ctx, o, to, &s))
	}
	reached := make(chan Result, 1) // the first connection says what state the port is in
	o.Dial = func(ctx context.Context) (net.Conn, error) {
		conn, r := dialTCP(ctx, to, p.Connect)
		select {
		case reached <- r:
		default:
		}
		if conn == nil {
			return nil, orElse(r.failure(primitive.Addr{Host: s.Host, Port: s.Port}), net.ErrClosed)
		}
		return conn, nil
	}
	spoken, _ := identify.TCP(ctx, o) // its error is the state
	s.state = <-reached
	return s.told(spoken)
}

// called is the name of a host for TLS.
func (p *Speaking) called(s *Spoken) string {
	if p.Name != "" {
		return p.Name
	}
	if s.Name != "" {
		return s.Name
	}
	return s.Host
}

func (p *Speaking) datagrams(ctx context.Context, o identify.Options, to netip.AddrPort, s *Spoken) identify.Speaker {
	o.Dial = func(ctx context.Context) (net.Conn, error) {
		if conn, seen, err := sock.DialPacketSeen(ctx, to); seen {
			return conn, err
		}
		return new(net.Dialer).DialContext(ctx, "udp", to.String())
	}
	s.state = Result{Addr: to.Addr(), Port: to.Port(), UDP: true, Note: sentAnswer}
	spoken, err := identify.UDP(ctx, o)
	switch kind := sock.Kind(err); {
	case err == nil:
	case kind == primitive.Timeout, kind == primitive.Canceled:
		s.state.State, s.state.Note = Silent, noNote
	case kind == primitive.Refused:
		s.state.State, s.state.Note = Closed, noNote
	default:
		s.state.fail(err, 0)
	}
	return spoken
}

// told fills in what was found out, and the words for it.
func (s Spoken) told(k identify.Speaker) Spoken {
	s.State, s.Protocol, s.Sure, s.Reason, s.Question = s.state.State.String(), k.Protocol, string(k.Sure), k.Why, k.By
	s.Product, s.Version, s.Evidence, s.spoke = k.Product, k.Version, k.Evidence, k.Spoke()
	if t := k.TLS; t != nil {
		s.TLS, s.ALPN, s.Verify = t.Version, primitive.Escape(t.ALPN, false), t.Verify
		if len(t.Chain) > 0 {
			s.Subject = t.Chain[0].Subject
		}
	}
	if in := k.Inside; in != nil && in.Protocol != "" {
		s.Inside, s.Sure, s.Reason, s.Question = in.Protocol, string(in.Sure), in.Why, in.By
		s.Product, s.Version, s.Evidence = in.Product, in.Version, in.Evidence
	}
	if s.state.State != Open {
		s.Reason = s.state.Reason()
	} else if !s.spoke {
		s.Reason = s.silence()
	}
	s.words = primitive.Words{Line: s.line()}
	return s
}

// silence says what it means that an open port says nothing.
func (s *Spoken) silence() string {
	what := s.Reason
	if what == "" {
		what = "it takes connections"
	}
	return what + ", whatever it is asked: it speaks none of the protocols known here, or not to this address"
}

func (s *Spoken) line() string {
	what := s.State
	switch {
	case s.Inside != "":
		what = s.Inside + " in tls"
	case s.Protocol != "":
		what = s.Protocol
	case s.spoke:
		what = "unknown"
	}
	parts := []string{fmt.Sprintf("%-21s  %-12s", s.state.Address(), what)}
	if s.Product+s.Version != "" {
		parts = append(parts, strings.TrimSpace(s.Product+" "+s.Version))
	}
	why := s.Reason
	if s.Sure != "" {
		why = s.Sure + ": " + why
	}
	if len(s.Evidence) > 0 && s.Protocol != "tls" || s.Inside != "" {
		why += ": " + primitive.Quote(shortened(s.Evidence))
	}
	line := strings.Join(append(parts, why), "  ")
	if s.TLS != "" {
		line += "\n" + strings.Repeat(" ", 23) + s.secured()
	}
	return line
}

// secured are the words about TLS.
func (s *Spoken) secured() string {
	text := s.TLS
	if s.ALPN != "" {
		text += ", ALPN " + s.ALPN
	}
	if s.Subject != "" {
		text += ", " + s.Subject
	}
	return text + ", verify: " + s.Verify
}

// Most bytes of the evidence in a line.
const shortEvidence = 48

func shortened(b primitive.Bytes) string {
	text := strings.TrimRight(string(b[:min(len(b), shortEvidence)]), "\r\n")
	if line, _, several := strings.Cut(text, "\r\n"); several {
		return line
	}
	return text
}

// failure is why nothing came back, as an error.
func (s *Spoken) failure() error {
	addr := primitive.Addr{Host: s.Host, Port: s.Port}
	if err := s.state.Failure(addr); err != nil {
		return err
	}
	e := primitive.Newf(primitive.Failed, "%s", s.Reason).On(addr.String())
	e.Told = true
	return e
}
