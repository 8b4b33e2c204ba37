package main

import (
	"strings"
	"testing"

	"sosh/primitive"
	"sosh/verbs"
	"sosh/wire"
)

// happened are the events of lines that are typed, each as what and its note.
func happened(t *testing.T, lines string) (events []string, drawn string) {
	t.Helper()
	w := newWorld(t, verbs.Table())
	j := wire.Of(w.session)
	j.Turn(true)
	for line := range strings.SplitSeq(lines, "; ") {
		_, _ = w.shell.Line(t.Context(), line) // some are to fail
	}
	list, lost := j.Entries()
	for _, e := range list {
		text := string(e.What)
		if e.What == primitive.Secured || e.What == primitive.Resolved {
			text += " " + e.Note
		}
		events = append(events, text)
	}
	return events, wire.Draw(list, lost, nil).Text(wire.Look{Width: 200})
}

// TestJournalOfTLS holds that both ends tell of TLS, once, before what passed over
// it; and that a command tells of it whose connection is its own.
func TestJournalOfTLS(t *testing.T) {
	events, drawn := happened(t, "serve 0 echo --secure &; x = tls connect 127.0.0.1 ${l1.lport} --insecure; send x hello; recv x --exact 5; send x again; recv x --exact 5")
	all := strings.Join(events, ";")
	if n := strings.Count(all, "tls TLS 1.3, TLS_"); n != 2 {
		t.Errorf("%d ends tell of TLS: %s", n, all)
	}
	if i, j := strings.Index(all, "tls TLS"), strings.Index(all, "send"); i < 0 || j < i || strings.Count(all, "connect") != 1 {
		t.Errorf("it was told as %s", all)
	}
	if !strings.Contains(drawn, "tls (TLS 1.3, TLS_") || strings.Contains(drawn, "0x") {
		t.Errorf("it is drawn as\n%s", drawn)
	}
	for _, lines := range []string{
		"serve 0 http --secure &; http get https://127.0.0.1:${l1.lport}/ --insecure",
		"serve 0 smtp --tls &; smtp check 127.0.0.1:${l1.lport} --starttls always --insecure",
		"serve 0 echo --secure &; tls info 127.0.0.1 ${l1.lport} --insecure",
	} {
		if events, _ := happened(t, lines); !strings.Contains(strings.Join(events, ";"), "tls TLS 1.3, TLS_") {
			t.Errorf("%s: nobody tells of TLS: %v", lines, events)
		}
	}
}

// TestJournalOfNames holds that lookups are told, with what they gave, and stand
// with who asked.
func TestJournalOfNames(t *testing.T) {
	events, drawn := happened(t, "listen 0; tcp connect localhost ${l1.lport}; tcp connect 127.0.0.1 ${l1.lport}; tcp connect a.invalid 80")
	all := strings.Join(events, ";")
	if strings.Count(all, "dns ") != 1 || !strings.Contains(all, "dns localhost is 127.0.0.1") && !strings.Contains(all, "dns localhost is ::1") {
		t.Errorf("it was told as %s", all)
	}
	if !strings.Contains(drawn, "client c1") || !strings.Contains(drawn, "dns localhost is ") {
		t.Errorf("it is drawn as\n%s", drawn)
	}
}
