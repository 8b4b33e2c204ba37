package dns

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"sosh/primitive"
)

// chain serves zones on 127.0.0.1, 127.0.0.2 … on one port, as the root, and those
// below it.
func chain(t *testing.T, zones ...string) primitive.Addr {
	t.Helper()
	if runtime.GOOS != "linux" && len(zones) > 1 {
		t.Skip("only Linux has all of 127.0.0.0/8")
	}
	var first primitive.Addr
	for i, zone := range zones {
		origin, records, _ := strings.Cut(zone, "\n")
		z, err := ReadZone(Source{File: strings.NewReader(records), Origin: origin})
		if err != nil {
			t.Fatal(err)
		}
		l := start(t, fmt.Sprintf("127.0.0.%d", i+1), first.Port, &Server{Zone: z})
		if i == 0 {
			first = l.at
		}
	}
	return first
}

// walked is the steps in short, and the error at the end.
func walked(t *testing.T, tr Trace) (string, error) {
	t.Helper()
	if tr.Timeout == 0 {
		tr.Timeout, tr.Tries = 10*time.Second, 1
	}
	var list []string
	for s, err := range tr.Steps(t.Context()) {
		if err != nil {
			return strings.Join(list, "; "), err
		}
		line := fmt.Sprintf("%s %s %s", strings.TrimPrefix(strings.Split(s.Server, ":")[0], "127.0.0."), s.Name, s.Result)
		if s.Next != "" {
			line += " " + s.Next
		}
		for _, r := range s.Data {
			if s.Result == "answer" {
				line += " " + r.Data
			}
		}
		list = append(list, line)
	}
	return strings.Join(list, "; "), nil
}

const (
	rootZone = ".\ntest. NS ns.test.\nns.test. A 127.0.0.2\nother. NS ns.example.test.\nlame. NS ns.test.\ngone. NS ns.nowhere.test.\ndead. NS ns.dead.\nns.dead. A 127.0.0.99\n"
	testZone = "test.\nexample NS ns.example\nns.example A 127.0.0.3\n"
	leafZone = "example.test.\nwww A 192.0.2.80\nns A 127.0.0.3\nalias CNAME www\naway CNAME www.other.\na CNAME b\nb CNAME a.test.\n"
)

func TestTrace(t *testing.T) {
	at := chain(t, rootZone, testZone, leafZone)
	const down = "1 NAME referral test.; 2 NAME referral example.test.; 3 NAME "
	for name, want := range map[string]string{
		"www.example.test.":   down + "answer 192.0.2.80",
		"alias.example.test.": down + "answer www.example.test. 192.0.2.80",
		"a.example.test.":     down + "alias a.test.; 1 a.test. referral test.; 2 a.test. NXDOMAIN",
		"no.example.test.":    down + "NXDOMAIN",
		"ns.test.":            "1 NAME referral test.; 2 NAME NXDOMAIN",
		"nowhere.":            "1 NAME NXDOMAIN",
		"x.lame.":             "1 NAME referral lame.; 2 NAME REFUSED",
	} {
		got, err := walked(t, Trace{Name: name, Type: 1, Start: at})
		if want = strings.ReplaceAll(want, "NAME", name); got != want {
			t.Errorf("%s\n got %s\nwant %s", name, got, want)
		}
		if strings.HasSuffix(want, "NXDOMAIN") != (primitive.KindOf(err) == primitive.NotFound) || strings.HasSuffix(want, "REFUSED") != (primitive.KindOf(err) == primitive.Denied) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The address of a name server in another zone has to be found out first; a server
// that does not know its zone, is silent or not there is an error that says so.
func TestDetours(t *testing.T) {
	at := chain(t, rootZone, testZone, leafZone)
	got, err := walked(t, Trace{Name: "www.other.", Type: 1, Start: at})
	const needed = "1 www.other. referral other.; 1 ns.example.test. referral test.; 2 ns.example.test. referral example.test.; 3 ns.example.test. answer 127.0.0.3; 3 www.other. REFUSED"
	if got != needed || primitive.KindOf(err) != primitive.Denied {
		t.Errorf("%s, %v", got, err)
	}
	if got, err := walked(t, Trace{Name: "x.gone.", Type: 1, Start: at}); primitive.KindOf(err) != primitive.NotFound || !strings.HasSuffix(got, "2 ns.nowhere.test. NXDOMAIN") {
		t.Errorf("%s, %v", got, err)
	}
	if got, err := walked(t, Trace{Name: "x.dead.", Type: 1, Start: at}); primitive.KindOf(err) != primitive.Refused || got != "1 x.dead. referral dead.; 99 x.dead. refused" {
		t.Errorf("%s, %v", got, err)
	}
}

// Zones that lead nowhere end the trace, each with its reason.
func TestEndlessTraces(t *testing.T) {
	circle := chain(t, rootZone+"up. NS ns.down.\ndown. NS ns.up.\n", testZone+"pong CNAME ping.example\n", leafZone+"ping CNAME pong.test.\n")
	for name, want := range map[string]string{"ping.example.test.": "stand for another", "x.up.": "no name server of"} {
		got, err := walked(t, Trace{Name: name, Type: 1, Start: circle})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Count(got, ";") > mostSteps {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
	upward := chain(t, "a.b.\nc NS ns.c\nns.c A 127.0.0.1\n") // refers to itself, below
	got, err := walked(t, Trace{Name: "x.c.a.b.", Type: 1, Start: upward})
	if want := "1 x.c.a.b. referral c.a.b.; 1 x.c.a.b. lame"; got != want || primitive.KindOf(err) != primitive.Failed {
		t.Errorf("%s, %v", got, err)
	}
}

// A trace that nobody draws any more stops.
func TestTraceStops(t *testing.T) {
	at := chain(t, rootZone)
	n := 0
	for range (Trace{Name: "www.example.test.", Type: 1, Start: at, Timeout: time.Second, Tries: 1}).Steps(t.Context()) {
		n++
		break
	}
	if n != 1 {
		t.Errorf("%d steps", n)
	}
}

func TestRootHints(t *testing.T) {
	hints := rootHints()
	for _, h := range hints {
		if len(h.addresses) != 2 || !h.addresses[0].Is4() || !h.addresses[1].Is6() {
			t.Errorf("%v", h)
		}
	}
	if len(hints) != 13 {
		t.Errorf("%d root servers", len(hints))
	}
}
