package dns

import (
	"context"
	"fmt"
	"time"

	"github.com/miekg/dns"

	"sosh/primitive"
)

// failureOf is what a code other than NOERROR means as an error; the answer itself
// tells it.
func failureOf(r *Reply) error {
	if r.msg.Rcode == dns.RcodeSuccess {
		return nil
	}
	e := codeError(r.msg.Rcode).On(r.Name)
	e.Told = true
	return e
}

// codeError is a response code as an error: its kind, its meaning and what to do.
func codeError(code int) *primitive.Error {
	e := primitive.Newf(primitive.Failed, "%s: %s", rcodeName(code), rcodeMeaning(code))
	switch code {
	case dns.RcodeNameError:
		e.Kind = primitive.NotFound
	case dns.RcodeRefused:
		e.Kind = primitive.Denied
	case dns.RcodeNotImplemented:
		e.Kind = primitive.Unsupported
	}
	return e.WithHint("%s", rcodeAdvice(code))
}

// rcodeMeaning is a response code in words (RFC 1035 section 4.1.1, RFC 6895).
func rcodeMeaning(code int) string {
	switch code {
	case dns.RcodeSuccess:
		return "no error"
	case dns.RcodeFormatError:
		return "the server could not read the question"
	case dns.RcodeServerFailure:
		return "the server failed to find it out"
	case dns.RcodeNameError:
		return "there is no such name"
	case dns.RcodeNotImplemented:
		return "the server does not do that kind of question"
	case dns.RcodeRefused:
		return "the server will not answer that, or not to us"
	case dns.RcodeBadVers:
		return "the server does not know this version of EDNS"
	}
	return "the server says no"
}

// rcodeAdvice is what to do about it.
func rcodeAdvice(code int) string {
	switch code {
	case dns.RcodeFormatError, dns.RcodeBadVers:
		return "an old server, or something on the way that changes messages; without EDNS: --edns 0"
	case dns.RcodeServerFailure:
		return "the servers that it asked do not answer, or what they say fails DNSSEC; step by step: dns trace NAME"
	case dns.RcodeNameError:
		return "check the spelling; whose word that is stands in authority, the SOA of the zone"
	case dns.RcodeNotImplemented:
		return "ask for a single type: dns query NAME A"
	case dns.RcodeRefused:
		return "it serves only its own zones, or only its own network; who is asked here by default: net resolvers"
	}
	return "ask another server: --server HOST"
}

// failed is why there was no answer. The end of the time of a try is no end of the
// caller's.
func (q Query) failed(ctx context.Context, err error) error {
	e := *primitive.AsError(err)
	switch e.Target = q.Server.String(); {
	case ctx.Err() != nil && e.Kind == primitive.Canceled:
		return &e
	case e.Kind == primitive.Timeout:
		e.Cause = q.silence()
		e.Hint = "silence says little: the server is down, a filter drops it, or it is no DNS server; over TCP one would know more: --tcp; to wait longer: --timeout 10s"
		if q.TCP {
			e.Hint = "the server takes its time, or stopped in the middle; to wait longer: --timeout 30s"
		}
	case e.Kind == primitive.Refused:
		e.Hint = "the host is there, but no DNS server has that port; a server of one's own: serve 5353 dns ZONEFILE"
	case e.Kind == primitive.EOF, e.Kind == primitive.Reset, e.Kind == primitive.BrokenPipe:
		e.Kind, e.Cause = primitive.Reset, "the server closed the connection before the answer was whole"
		e.Hint = "it may not answer over TCP, or not to us: try without --tcp"
	}
	return &e
}

// silence is how long nothing came.
func (q Query) silence() string {
	if q.TCP || q.Tries < 2 {
		return fmt.Sprintf("no whole answer within %s", q.Timeout)
	}
	return fmt.Sprintf("no answer: asked %d times, waited %s", q.Tries, time.Duration(q.Tries)*q.Timeout)
}
