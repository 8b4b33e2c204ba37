package dns

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"sosh/primitive"
)

// Words are the answer for a person: how it went, then the sections.
func (r Reply) Words() primitive.Words {
	var b strings.Builder
	if r.show {
		sent, _ := hex.DecodeString(r.Sent)
		got, _ := hex.DecodeString(r.Received)
		b.WriteString(dump("sent", sent) + "\n" + dump("received", got) + "\n")
	}
	if r.msg == nil { // it could not be read; the error says why
		return primitive.Words{Line: b.String()}
	}
	fmt.Fprintf(&b, "%s %s: %s, %s\n", r.Name, r.Type, r.Rcode, r.Meaning)
	fmt.Fprintf(&b, "%s\n", r.circumstances())
	if words := flagWords(r.Flags); words != "" {
		b.WriteString(words + "\n")
	}
	b.WriteString(sections(&r))
	if r.Rcode != "NOERROR" {
		b.WriteString("hint: " + codeError(r.msg.Rcode).Hint + "\n")
	}
	return primitive.Words{Line: b.String()}
}

// circumstances is who answered, how, and how fast.
func (r *Reply) circumstances() string {
	text := fmt.Sprintf("%s over %s, %d bytes, %s", safe(r.Server), r.Transport, r.Size, inMillis(r.Time))
	if r.Truncated {
		text += "; too long for a datagram, so asked again over TCP"
	}
	if r.Ignored > 0 {
		text += fmt.Sprintf("; ignored %d that were no answer", r.Ignored)
	}
	return text
}

// inMillis is a time as a person reads it: 0.05 ms, 1.8 ms, 230 ms.
func inMillis(d time.Duration) string {
	ms := float64(d) / 1e6
	switch {
	case ms < 1:
		return strconv.FormatFloat(ms, 'f', 2, 64) + " ms"
	case ms < 100:
		return strconv.FormatFloat(ms, 'f', 1, 64) + " ms"
	}
	return strconv.FormatFloat(ms, 'f', 0, 64) + " ms"
}

// sections are the records in columns, each section below its name.
func sections(r *Reply) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.StripEscape)
	for _, s := range []struct {
		name    string
		records []Record
	}{{"answer", r.Answer}, {"authority", r.Authority}, {"additional", r.Additional}} {
		if len(s.records) > 0 {
			fmt.Fprintf(w, "%s:\n", s.name)
		}
		for _, rec := range s.records {
			fmt.Fprintf(w, "  %s\t%d\t%s\t%s\t%s\n", rec.Name, rec.TTL, rec.Class, rec.Type, rec.Data)
		}
	}
	_ = w.Flush() // into memory
	return b.String()
}
