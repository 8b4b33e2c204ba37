package ping

import (
	"cmp"
	"context"
	"hash/maphash"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"sosh/internal/nettest"
	"sosh/primitive"
	"sosh/probe/icmp"
)

// run pings for real, and gives the data.
func run(t *testing.T, o Options) (replies []Reply, err error) {
	t.Helper()
	if o.Show == "" {
		o.Show = Replies
	}
	o.Interval, o.Timeout = 5*time.Millisecond, 10*time.Second
	if err := o.Check(); err != nil {
		return nil, err
	}
	for r, e := range o.Each(t.Context()) {
		if e != nil {
			err = e
			break
		}
		if r.Words().Role == primitive.Told {
			replies = append(replies, r)
		}
	}
	if o.Show == Replies { // on a busy machine one answer may overtake another
		slices.SortStableFunc(replies, func(a, b Reply) int { return cmp.Compare(a.Seq, b.Seq) })
	}
	return replies, err
}

func TestConnecting(t *testing.T) {
	_, text, _ := net.SplitHostPort(nettest.Echo(t))
	port, _ := strconv.Atoi(text)
	closed, _ := strconv.Atoi(nettest.FreePort(t))
	_, text, _ = net.SplitHostPort(nettest.UDPEcho(t))
	udp, _ := strconv.Atoi(text)
	for _, c := range []struct {
		method Method
		port   int
		reason string
	}{{TCP, port, "connected"}, {TCP, closed, "connection refused"}, {UDP, udp, "answered"}, {UDP, closed, "connection refused"}} {
		replies, err := run(t, Options{Hosts: hostsOf(t, "127.0.0.1"), Method: c.method, Port: c.port, Count: 3})
		if err != nil || len(replies) != 3 {
			t.Fatalf("%+v: %v, %v", c, replies, err)
		}
		for i, r := range replies {
			if r.State != "reply" || r.Reason != c.reason || r.Seq != i+1 || r.RTT == nil || *r.RTT <= 0 || r.TTL != nil || r.From != "127.0.0.1" {
				t.Errorf("%+v: %+v", c, r)
			}
		}
	}
}

func TestRequesting(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/away" {
			http.Redirect(w, r, "http://192.0.2.1/", http.StatusFound)
			return
		}
		if r.Host != "example.test" && !strings.HasPrefix(r.Host, "127.0.0.1:") {
			w.WriteHeader(http.StatusTeapot)
		}
	}))
	defer server.Close()
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(server.URL, "http://"))
	for url, reason := range map[string]string{
		server.URL: "200 OK", server.URL + "/away": "302 Found", "http://example.test:" + port + "/": "418 I'm a teapot",
	} {
		replies, err := run(t, Options{Hosts: hostsOf(t, "127.0.0.1"), Method: HTTP, URL: url, Count: 2})
		if err != nil || len(replies) != 2 || replies[1].State != "reply" || replies[1].Reason != reason {
			t.Errorf("%s: %+v, %v", url, replies, err)
		}
	}
	server.Close()
	replies, err := run(t, Options{Hosts: hostsOf(t, "127.0.0.1"), Method: HTTP, URL: server.URL, Count: 1})
	if primitive.KindOf(err) != primitive.Unreachable || len(replies) != 1 || replies[0].Reason != "connection refused" {
		t.Errorf("%+v, %v", replies, err)
	}
	for _, url := range []string{"ftp://127.0.0.1/", "http://", "127.0.0.1", "http://[::1/"} {
		if _, err := ParseURL(url); primitive.KindOf(err) != primitive.Usage {
			t.Errorf("%s: %v", url, err)
		}
	}
}

// A server that says nothing, or nothing of HTTP, is no reply.
func TestRequestsThatFail(t *testing.T) {
	garbage := nettest.Serve(t, func(c net.Conn) { _, _ = c.Write([]byte("\x1b[2J no HTTP \xff\r\n\r\n")) })
	replies, err := run(t, Options{Hosts: hostsOf(t, "127.0.0.1"), Method: HTTP, URL: "http://" + garbage, Count: 1})
	if err == nil || len(replies) != 1 || replies[0].State != "error" || strings.Contains(replies[0].Words().Line, "\x1b") || !utf8.ValidString(replies[0].Words().Line) {
		t.Errorf("%+v, %v", replies, err)
	}
}

// Echo on the loopback, where this user may; the size is as asked for.
func TestEcho(t *testing.T) {
	for _, size := range []int{0, 7, 56, 9000} {
		replies, err := run(t, Options{Hosts: hostsOf(t, "127.0.0.1"), Method: ICMP, Count: 2, Size: size})
		if primitive.KindOf(err) == primitive.Denied {
			nettest.Missing(t, "the right to this: "+err.Error())
		}
		if err != nil || len(replies) != 2 || replies[1].State != "reply" || replies[1].TTL == nil || replies[1].From != "127.0.0.1" {
			t.Errorf("%d bytes: %+v, %v", size, replies, err)
		}
	}
}

// Stopping early ends all that is under way; see TestMain.
func TestStop(t *testing.T) {
	for _, m := range []Method{TCP, HTTP, ICMP} {
		o := Options{Hosts: hostsOf(t, "127.0.0.0/28"), Method: m, Port: 9, URL: "http://127.0.0.1:9/", Interval: time.Millisecond, Timeout: time.Minute, Show: Replies}
		for range o.Each(t.Context()) {
			break
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		for range o.Each(ctx) {
		}
	}
}

// Only who got the request can answer it, and damage is seen.
func TestAnswersOfEcho(t *testing.T) {
	host, router := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.254")
	e := &echoing{places: map[netip.Addr]int{host: 0}, size: 56, seed: maphash.MakeSeed()}
	mine := e.payload(0, 3)
	changed := append([]byte(nil), mine...)
	changed[50] ^= 1
	other := append([]byte(nil), mine...)
	other[0] ^= 1
	exceeded := icmp.Code{Type: 11}
	for name, c := range map[string]struct {
		p      icmp.Packet
		state  State
		reason string
	}{
		"right":             {icmp.Packet{Kind: icmp.Answer, From: host, Seq: 3, Payload: mine, Checksum: true}, Answered, ""},
		"another's address": {icmp.Packet{Kind: icmp.Answer, From: router, Seq: 3, Payload: mine, Checksum: true}, "", ""},
		"another number":    {icmp.Packet{Kind: icmp.Answer, From: host, Seq: 4, Payload: mine, Checksum: true}, "", ""},
		"another secret":    {icmp.Packet{Kind: icmp.Answer, From: host, Seq: 3, Payload: other, Checksum: true}, "", ""},
		"no payload":        {icmp.Packet{Kind: icmp.Answer, From: host, Seq: 3, Checksum: true}, "", ""},
		"cut off":           {icmp.Packet{Kind: icmp.Answer, From: host, Seq: 3, Payload: mine[:9], Checksum: true}, Corrupt, "9 bytes came back, 56 were sent"},
		"changed":           {icmp.Packet{Kind: icmp.Answer, From: host, Seq: 3, Payload: changed, Checksum: true}, Corrupt, "byte 50 came back changed"},
		"wrong sum":         {icmp.Packet{Kind: icmp.Answer, From: host, Seq: 3, Payload: mine}, Corrupt, "wrong checksum"},
		"ttl":               {icmp.Packet{Kind: icmp.Failure, From: router, To: host, Seq: 3, Code: exceeded, Checksum: true}, Exceeded, "time to live exceeded"},
		"ttl, quoting":      {icmp.Packet{Kind: icmp.Failure, From: router, To: host, Seq: 3, Code: exceeded, Payload: mine[:20], Checksum: true}, Exceeded, "time to live exceeded"},
		"ttl, forged":       {icmp.Packet{Kind: icmp.Failure, From: router, To: host, Seq: 3, Code: exceeded, Payload: other[:20], Checksum: true}, "", ""},
		"of another host":   {icmp.Packet{Kind: icmp.Failure, From: host, To: router, Seq: 3, Code: exceeded, Checksum: true}, "", ""},
		"error, wrong sum":  {icmp.Packet{Kind: icmp.Failure, From: router, To: host, Seq: 3, Code: exceeded}, "", ""},
		"too big":           {icmp.Packet{Kind: icmp.Failure, From: router, To: host, Seq: 3, Code: icmp.Code{Type: 3, Code: 4}, Checksum: true}, TooBig, "too big, and not to be fragmented"},
	} {
		a, ok := e.answer(&c.p)
		if ok != (c.state != "") || ok && (a.state != c.state || a.reason != c.reason || a.seq != 3 || a.host != 0) {
			t.Errorf("%s: %+v, %v", name, a, ok)
		}
	}
}

func TestChecks(t *testing.T) {
	for name, o := range map[string]Options{
		"too many": {Hosts: hostsOf(t, "10.0.0.0/15"), Method: ICMP}, "ttl": {Hosts: hostsOf(t, "::1"), Method: TCP, TTL: 3},
		"flood": {Hosts: hostsOf(t, "127.0.0.0/30"), Flood: true, Method: ICMP},
	} {
		if err := o.Check(); primitive.KindOf(err) != primitive.Usage {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := target(netip.IPv4Unspecified()); got.String() != "127.0.0.1" {
		t.Errorf("0.0.0.0 is asked at %s", got)
	}
}

// Pictures fit their window, whatever there is to draw.
func TestPictures(t *testing.T) {
	nan := math.NaN()
	for _, recent := range [][]float64{nil, {nan}, {nan, nan, nan, nan, nan, nan}, {1}, {1, 2, nan, 3, 0, 7, 1e6}, make([]float64, 2000)} {
		for _, columns := range []int{1, 10, 40, 79, 300} {
			for _, rows := range []int{1, 5, 24} {
				text := onePicture(recent, "127.0.0.1", "1 of 1")(columns, rows)
				for line := range strings.Lines(text) {
					if strings.Contains(text, "\n") && utf8.RuneCountInString(strings.TrimSuffix(line, "\n")) > columns {
						t.Errorf("%d columns: %q", columns, line)
					}
				}
				if strings.Count(text, "\n") >= max(rows, 1) {
					t.Errorf("%d rows: %q", rows, text)
				}
			}
		}
	}
	if got := spark([]float64{1, nan, 8, 4.5}, 10); got != "▁·█▅" {
		t.Errorf("%s", got)
	}
	if got := spark([]float64{9, 9, 1, 1}, 2); got != "▁▁" {
		t.Errorf("%s", got)
	}
}
