package dns

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/miekg/dns"

	"sosh/internal/nettest"
	"sosh/primitive"
	"sosh/sock"
)

// exampleZone has one of everything.
const exampleZone = `
$TTL 600
@           SOA   ns hostmaster 7 3600 600 86400 60
            NS    ns
            MX    10 mail
ns          A     127.0.0.1
www         A     192.0.2.1
            A     192.0.2.2
            AAAA  2001:db8::1
mail        A     192.0.2.3
alias       CNAME www
away        CNAME www.example.org.
loop1       CNAME loop2
loop2       CNAME loop1
_sip._tcp   SRV   1 2 5060 www
*.wild      TXT   "for all"
there.wild  A     192.0.2.4
sub         NS    ns.sub
            NS    ns.elsewhere.test.
ns.sub      A     127.0.0.2
a.b.c       A     192.0.2.5
odd\.dot    TXT   "\027[31m" "\"quoted\""
`

func zoneOf(t testing.TB, text string, lines ...string) *Zone {
	t.Helper()
	z, err := ReadZone(Source{File: strings.NewReader(text), Name: "zone", Origin: "example.test", Lines: lines})
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// asking is what a server answers to a question, without a network.
func asking(t *testing.T, s *Server, name, kind string) *dns.Msg {
	t.Helper()
	rrtype, err := ParseType(kind)
	if err != nil {
		t.Fatal(err)
	}
	return s.reply(new(dns.Msg).SetQuestion(name, rrtype), false)
}

// short is a message in a line: code, aa, and the sections.
func short(m *dns.Msg) string {
	text := rcodeName(m.Rcode)
	if m.Authoritative {
		text += " aa"
	}
	for _, section := range [][]dns.RR{m.Answer, m.Ns, m.Extra} {
		text += " |"
		for _, r := range records(section) {
			data, _, _ := strings.Cut(r.Data, " hostmaster")
			text += fmt.Sprintf(" %s %s %s", strings.TrimSuffix(r.Name, ".example.test."), r.Type, data)
		}
	}
	return text
}

// The steps of RFC 1034 section 4.3.2, RFC 2308 and RFC 4592, one by one.
func TestAnswers(t *testing.T) {
	s := &Server{Zone: zoneOf(t, exampleZone)}
	const soa = " example.test. SOA ns.example.test."
	for question, want := range map[string]string{
		"mail.example.test. A":         "NOERROR aa | mail A 192.0.2.3 | |",
		"MAIL.Example.TEST. a":         "NOERROR aa | MAIL.Example.TEST. A 192.0.2.3 | |",
		"mail.example.test. MX":        "NOERROR aa | |" + soa + " |",
		"nope.example.test. A":         "NXDOMAIN aa | |" + soa + " |",
		"x.www.example.test. A":        "NXDOMAIN aa | |" + soa + " |",
		"c.example.test. A":            "NOERROR aa | |" + soa + " |",
		"example.test. MX":             "NOERROR aa | example.test. MX 10 mail.example.test. | | mail A 192.0.2.3",
		"example.test. NS":             "NOERROR aa | example.test. NS ns.example.test. | | ns A 127.0.0.1",
		"example.test. SOA":            "NOERROR aa |" + soa + " | |",
		"alias.example.test. A":        "NOERROR aa | alias CNAME www.example.test. www A 192.0.2.1 www A 192.0.2.2 | |",
		"alias.example.test. CNAME":    "NOERROR aa | alias CNAME www.example.test. | |",
		"alias.example.test. MX":       "NOERROR aa | alias CNAME www.example.test. |" + soa + " |",
		"away.example.test. A":         "NOERROR aa | away CNAME www.example.org. | |",
		"loop1.example.test. A":        "SERVFAIL | | |",
		"_sip._tcp.example.test. SRV":  "NOERROR aa | _sip._tcp SRV 1 2 5060 www.example.test. | | www A 192.0.2.1 www A 192.0.2.2 www AAAA 2001:db8::1",
		"x.wild.example.test. TXT":     `NOERROR aa | x.wild TXT "for all" | |`,
		"x.y.wild.example.test. TXT":   `NOERROR aa | x.y.wild TXT "for all" | |`,
		"x.wild.example.test. A":       "NOERROR aa | |" + soa + " |",
		"there.wild.example.test. TXT": "NOERROR aa | |" + soa + " |",
		"sub.example.test. A":          "NOERROR | | sub NS ns.sub.example.test. sub NS ns.elsewhere.test. | ns.sub A 127.0.0.2",
		"x.sub.example.test. A":        "NOERROR | | sub NS ns.sub.example.test. sub NS ns.elsewhere.test. | ns.sub A 127.0.0.2",
		"ns.sub.example.test. A":       "NOERROR | | sub NS ns.sub.example.test. sub NS ns.elsewhere.test. | ns.sub A 127.0.0.2",
		"sub.example.test. DS":         "NOERROR aa | |" + soa + " |",
		"example.org. A":               "REFUSED | | |",
		"test. A":                      "REFUSED | | |",
		". NS":                         "REFUSED | | |",
		`odd\.dot.example.test. TXT`:   `NOERROR aa | odd\.dot TXT "\027[31m" "\"quoted\"" | |`,
	} {
		name, kind, _ := strings.Cut(question, " ")
		if got := short(asking(t, s, name, kind)); got != want {
			t.Errorf("%s\n got %s\nwant %s", question, got, want)
		}
	}
}

func TestOtherQuestions(t *testing.T) {
	s := &Server{Zone: zoneOf(t, exampleZone)}
	question := func() *dns.Msg { return new(dns.Msg).SetQuestion("www.example.test.", dns.TypeA) }
	update, chaos, two, version, transfer := question(), question(), question(), question(), question()
	update.Opcode = dns.OpcodeUpdate
	chaos.Question[0].Qclass = dns.ClassCHAOS
	two.Question = append(two.Question, two.Question[0])
	version.SetEdns0(1232, false)
	version.IsEdns0().SetVersion(1)
	transfer.Question[0].Qtype = dns.TypeAXFR
	for want, m := range map[string]*dns.Msg{"NOTIMP": update, "REFUSED": chaos, "FORMERR": two, "BADVERS": version} {
		if got := rcodeName(s.reply(m, false).Rcode); got != want {
			t.Errorf("%s: %s", want, got)
		}
	}
	if got := s.reply(transfer, false).Rcode; got != dns.RcodeRefused {
		t.Errorf("a transfer: %s", rcodeName(got))
	}
	for _, wire := range [][]byte{nil, {1, 2, 3}, {0, 1, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0}} {
		if s.respond(wire, "udp", primitive.Addr{}) != nil {
			t.Errorf("%x is answered", wire)
		}
	}
	broken := []byte{0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 12}
	if m, err := unpack(s.respond(broken, "udp", primitive.Addr{})); err != nil || m.Rcode != dns.RcodeFormatError || m.Id != 1 {
		t.Errorf("a broken question: %v, %v", m, err)
	}
}

// An answer by datagram keeps to what the client takes, and says when it is cut.
func TestSizes(t *testing.T) {
	big := exampleZone + "big TXT " + strings.Repeat(`"`+strings.Repeat("x", 200)+`" `, 10) + "\n"
	s := &Server{Zone: zoneOf(t, big), Most: 1232}
	for _, c := range []struct {
		edns      int
		transport string
		most      int
		cut       bool
	}{{0, "udp", 512, true}, {100, "udp", 512, true}, {65535, "udp", 1232, true}, {0, "tcp", 65535, false}} {
		q := Query{Name: "big.example.test.", Type: dns.TypeTXT, EDNS: c.edns}.message()
		wire, _ := q.Pack()
		out := s.respond(wire, c.transport, primitive.Addr{})
		m, err := unpack(out)
		if err != nil || len(out) > c.most || m.Truncated != c.cut || m.Id != q.Id || (c.edns > 0) != (m.IsEdns0() != nil) {
			t.Errorf("%+v: %d bytes, %v, %v", c, len(out), m, err)
		}
	}
}

func TestBadZones(t *testing.T) {
	for text, want := range map[string]string{
		"www A 1.2.3":                              "1.2.3",
		"www BOGUS x":                              "line: 1",
		"$INCLUDE /etc/passwd":                     "$INCLUDE",
		"www.example.org. A 192.0.2.1":             "is not in the zone",
		"a A 192.0.2.1\na CNAME b":                 "has a CNAME and other records",
		"@ SOA a b 1 1 1 1 1\n@ SOA a b 1 1 1 1 1": "two SOA",
		"www CH A 192.0.2.1":                       "class CH",
		"www A 192.0.2.1 \x1b[31m":                 "line: 1",
		"$GENERATE 0-99999999 x$ A 192.0.2.1":      "$GENERATE",
		"(":                                        "",
	} {
		_, err := ReadZone(Source{File: strings.NewReader(text + "\n"), Name: "zone", Origin: "example.test"})
		if primitive.KindOf(err) != primitive.Usage || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\x1b") {
			t.Errorf("%q: %v", text, err)
		}
	}
	many := strings.Repeat("$GENERATE 0-65535 a$ A 192.0.2.1\n", 2)
	if _, err := ReadZone(Source{File: strings.NewReader(many)}); primitive.KindOf(err) != primitive.Oversized {
		t.Errorf("too many records: %v", err)
	}
	if _, err := ReadZone(Source{Lines: []string{"www A x\x1b"}}); primitive.KindOf(err) != primitive.Usage || strings.Contains(err.Error(), "\x1b") {
		t.Errorf("a bad record: %v", err)
	}
}

// A live is a server on a port, and what it logged.
type live struct {
	at    primitive.Addr
	mu    sync.Mutex
	lines []string
}

func (l *live) log(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, fmt.Sprintf(format, args...))
}

// start serves on both transports of a port until the test ends; port 0 is any.
func start(t testing.TB, host string, port int, s *Server) *live {
	t.Helper()
	l := &live{}
	s.Log = l.log
	listener, err := sock.ListenStream(t.Context(), primitive.Addr{Host: host, Port: port}, sock.ListenOptions{})
	if err != nil {
		nettest.Missing(t, fmt.Sprintf("a server on %s: %v", host, err)) // only Linux has all of 127.0.0.0/8
	}
	l.at = listener.Addr()
	u, err := sock.BindDatagram(t.Context(), l.at, sock.DatagramOptions{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { answerAll(ctx, u, s) })
	wg.Go(func() { acceptAll(ctx, listener, s, &wg) })
	t.Cleanup(func() { cancel(); u.Close(); listener.Close(); wg.Wait() })
	return l
}

func answerAll(ctx context.Context, u *sock.Datagram, s *Server) {
	for {
		p, err := u.RecvFrom(ctx, 0)
		if ctx.Err() != nil || u.Closed() {
			return
		}
		if err != nil {
			continue
		}
		if out := s.Datagram(ctx, p); out != nil {
			_, _ = u.SendTo(ctx, primitive.Addr{Host: p.Host, Port: p.Port}, out) // the client may be gone
		}
	}
}

func acceptAll(ctx context.Context, l *sock.Listener, s *Server, wg *sync.WaitGroup) {
	for {
		c, err := l.Accept(ctx)
		if err != nil {
			return
		}
		wg.Go(func() {
			defer c.Close()
			_ = s.Client(ctx, c) // told by what the client gets
		})
	}
}

// Both transports answer, several questions on a connection, and each is logged.
func TestServes(t *testing.T) {
	l := start(t, "127.0.0.1", 0, &Server{Zone: zoneOf(t, exampleZone, "big TXT "+strings.Repeat(strings.Repeat("x", 200)+" ", 5)), Most: 1232})
	q := Query{Name: "www.example.test.", Type: dns.TypeA, Server: l.at, Recurse: true, EDNS: 1232, Timeout: 10 * time.Second, Tries: 1}
	r, err := q.Ask(t.Context())
	if err != nil || len(r.Answer) != 2 || r.Transport != "udp" || r.Truncated || r.EDNS != 1232 {
		t.Errorf("%+v, %v", r, err)
	}
	q.TCP = true
	if r, err := q.Ask(t.Context()); err != nil || len(r.Answer) != 2 || r.Transport != "tcp" {
		t.Errorf("%+v, %v", r, err)
	}
	q.TCP, q.EDNS, q.Name, q.Type = false, 0, "big.example.test.", dns.TypeTXT
	if r, err := q.Ask(t.Context()); err != nil || len(r.Answer) != 1 || r.Transport != "tcp" || !r.Truncated {
		t.Errorf("%+v, %v", r, err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if all := strings.Join(l.lines, "\n"); len(l.lines) != 4 || !strings.Contains(all, "udp www.example.test. A: NOERROR, answer 2, ") || !strings.Contains(all, "truncated") {
		t.Errorf("logged:\n%s", all)
	}
}

// Whatever comes, the answer is a message that fits, or none.
func FuzzRespond(f *testing.F) {
	s := &Server{Zone: zoneOf(f, exampleZone), Most: 1232}
	for _, name := range []string{"www.example.test.", "loop1.example.test.", "x.wild.example.test.", "x.sub.example.test."} {
		wire, _ := Query{Name: name, Type: dns.TypeANY, EDNS: 4096}.message().Pack()
		f.Add(wire)
	}
	f.Fuzz(func(t *testing.T, wire []byte) {
		out := s.respond(wire, "udp", primitive.Addr{})
		if out == nil {
			return
		}
		if _, err := unpack(out); err != nil || len(out) > 1232 {
			t.Fatalf("%d bytes, %v", len(out), err)
		}
	})
}

// Any text is a zone that answers, or an error that says why.
func FuzzZone(f *testing.F) {
	f.Add(exampleZone)
	f.Add("@ CNAME @\n* A 192.0.2.1\n")
	f.Fuzz(func(t *testing.T, text string) {
		z, err := ReadZone(Source{File: strings.NewReader(text), Name: "zone", Origin: "example.test"})
		if err != nil {
			if k := primitive.KindOf(err); k != primitive.Usage && k != primitive.Oversized {
				t.Fatal(err)
			}
			return
		}
		s := &Server{Zone: z}
		for _, name := range []string{z.Origin, "x." + strings.TrimPrefix(z.Origin, "."), "."} {
			if wire, err := (Query{Name: name, Type: dns.TypeANY}).message().Pack(); err == nil {
				s.respond(wire, "udp", primitive.Addr{})
			}
		}
	})
}
