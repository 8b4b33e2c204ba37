package tlsinfo

import (
	"context"
	"crypto/tls"
	"fmt"
	"math"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"sosh/primitive"
	"sosh/sock"
)

// A Report is what a server's handshake says, and what is to be thought of it.
type Report struct {
	Host      string        `help:"address that answered"`
	Port      int           `help:"port that was asked" volatile:""`
	Name      string        `help:"name that was asked for, and that the certificate is to be for"`
	Version   string        `help:"version of TLS that was agreed on"`
	Cipher    string        `help:"cipher suite that was agreed on"`
	Group     string        `help:"group of the key exchange; empty without (EC)DHE"`
	ALPN      string        `name:"alpn" help:"protocol that was agreed on (ALPN); empty where none was"`
	Starttls  string        `help:"protocol that it began in; empty where it began with TLS"`
	Client    bool          `help:"it asks clients for a certificate"`
	Stapled   bool          `help:"it sent a statement that its certificate is not revoked (OCSP)"`
	RTT       *float64      `help:"milliseconds the handshake took" volatile:""`
	Days      *float64      `help:"days until the first certificate of the chain expires; below 0 it has" volatile:""`
	Ok        bool          `help:"it proved to be who was asked for"`
	Kinds     []string      `help:"what is wrong: expired, not-yet-valid, wrong-name, self-signed, incomplete-chain, unknown-issuer, bad-signature, weak-signature, wrong-usage, no-certificate, invalid"`
	Verify    string        `help:"ok, or failed: and why, in words"`
	Chain     []Certificate `help:"the certificates it sent, its own first" volatile:""`
	Accepts   []Accepted    `help:"versions and ciphers it accepts, with --accepts"`
	problems  []Problem
	now, ends time.Time
}

// Words are the report for a person; its last line is the verdict.
func (r Report) Words() primitive.Words {
	var b strings.Builder
	b.WriteString(r.heading() + "\n")
	for i := range r.Chain {
		r.Chain[i].lines(i+1, r.now, &b)
	}
	for _, a := range r.Accepts {
		a.lines(&b)
	}
	b.WriteString("verify: " + r.Verify)
	return primitive.Words{Line: b.String()}
}

func (r *Report) heading() string {
	parts := []string{primitive.Addr{Host: r.Host, Port: r.Port}.String() + " " + r.Version, r.Cipher}
	if r.Group != "" {
		parts = append(parts, r.Group)
	}
	if r.ALPN != "" {
		parts = append(parts, "ALPN "+primitive.Escape(r.ALPN, false))
	}
	if r.Client {
		parts = append(parts, "asks for a client certificate")
	}
	return strings.Join(append(parts, fmt.Sprintf("%.1f ms", *r.RTT)), ", ")
}

// Inspect shakes hands and reports, whatever is wrong with the certificates. The
// errors are those of Connect but for Untrusted.
func Inspect(ctx context.Context, t Target) (*Report, error) {
	stream, conn, quiet, err := t.dial(ctx, sock.DialOptions{})
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	defer quiet()
	secured, r, err := Over(ctx, conn, t)
	if err == nil {
		stream.TellSecured(ctx, secured.ConnectionState())
	}
	return r, err
}

// Over shakes hands over a connection that is there, and reports as Inspect does.
// What is said over the secured one is not to be trusted unless the report is Ok.
func Over(ctx context.Context, conn net.Conn, t Target) (*tls.Conn, *Report, error) {
	asked := false
	config := t.config()
	config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
		asked = true
		return new(tls.Certificate), nil
	}
	start := time.Now()
	secured := tls.Client(conn, config)
	if err := secured.HandshakeContext(ctx); err != nil {
		return nil, nil, t.fault(ctx, err)
	}
	took := float64(time.Since(start).Microseconds()) / 1000
	r := t.report(secured.ConnectionState(), time.Now())
	r.Client, r.RTT = asked, &took
	if to, err := netip.ParseAddrPort(conn.RemoteAddr().String()); err == nil {
		r.Host = to.Addr().Unmap().String()
	}
	return secured, r, nil
}

func (t Target) report(s tls.ConnectionState, now time.Time) *Report {
	r := &Report{
		Host: t.Addr.Host, Port: t.Addr.Port, Name: t.ServerName(), Version: tls.VersionName(s.Version),
		Cipher: tls.CipherSuiteName(s.CipherSuite), ALPN: s.NegotiatedProtocol, Starttls: t.StartTLS, Stapled: len(s.OCSPResponse) > 0,
		Kinds: []string{}, Chain: []Certificate{}, Accepts: []Accepted{}, now: now,
	}
	if s.CurveID != 0 {
		r.Group = s.CurveID.String()
	}
	for i, c := range s.PeerCertificates {
		r.Chain = append(r.Chain, Describe(c))
		if i == 0 || c.NotAfter.Before(r.ends) {
			r.ends = c.NotAfter
		}
	}
	if len(s.PeerCertificates) > 0 {
		days := math.Floor(r.ends.Sub(now).Hours()/24*100) / 100
		r.Days = &days
	}
	r.judge(t.judge(now).Problems(s.PeerCertificates))
	return r
}

func (r *Report) judge(problems []Problem) {
	r.problems, r.Ok, r.Verify = problems, len(problems) == 0, "ok"
	for _, p := range problems {
		r.Kinds = append(r.Kinds, p.Kind)
	}
	if !r.Ok {
		r.Verify = "failed: " + untrusted(problems).Cause
	}
}

// Failure is the verdict as an error that the report itself tells: Untrusted.
// Nil when it is ok.
func (r *Report) Failure() error {
	if r.Ok {
		return nil
	}
	e := untrusted(r.problems).On(primitive.Addr{Host: r.Name, Port: r.Port}.String())
	e.Told = true
	return e
}

// Lasts is an error of kind Expectation when a certificate of the chain expires
// within that time.
func (r *Report) Lasts(d time.Duration) error {
	left := r.ends.Sub(r.now)
	if left >= d {
		return nil
	}
	words := "expires in " + Span(left)
	if left < 0 {
		words = "expired " + Span(-left) + " ago"
	}
	return primitive.Newf(primitive.Expectation, "a certificate %s, wanted are %s", words, Span(d)).
		On(primitive.Addr{Host: r.Name, Port: r.Port}.String()).WithHint("renew it; it is valid until %s", r.ends.UTC().Format(time.RFC3339))
}

func portOf(a primitive.Addr) string {
	if a.Port == 0 {
		return ""
	}
	return strconv.Itoa(a.Port)
}
