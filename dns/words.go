package dns

import (
	"encoding/hex"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"sosh/primitive"
)

// Words are the answer for a person: how it went, then the sections.
func (r *Reply) Words() primitive.Words {
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
	b.WriteString(sections(r))
	if r.Rcode != "NOERROR" {
		b.WriteString("hint: " + codeError(r.msg.Rcode).Hint + "\n")
	}
	return primitive.Words{Line: b.String()}
}

// circumstances is who answered, how, and how fast.
func (r *Reply) circumstances() string {
	text := fmt.Sprintf("%s over %s, %d bytes, %s", safe(r.Server), r.Transport, r.Size, rounded(r.Time))
	if r.Truncated {
		text += "; too long for a datagram, so asked again over TCP"
	}
	if r.Ignored > 0 {
		text += fmt.Sprintf("; ignored %d that were no answer", r.Ignored)
	}
	return text
}

// rounded is a time in as many digits as one reads.
func rounded(d time.Duration) time.Duration {
	switch {
	case d > time.Second:
		return d.Round(10 * time.Millisecond)
	case d > 10*time.Millisecond:
		return d.Round(100 * time.Microsecond)
	}
	return d.Round(10 * time.Microsecond)
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
