// Package verbs holds the primitives, one file per family. A primitive is thin:
// arguments in, an engine called, a result out. Its row is the only place that
// lists it; how to add one is told in CONTRIBUTING.md.
package verbs

import (
	"context"
	"iter"
	"time"

	"sosh/primitive"
	"sosh/session"
)

// All makes every row, by family, in the order help shows them.
func All() []primitive.Group {
	return []primitive.Group{socketRows, tcpRows, streamRows, udpRows, unixRows, probeRows, tlsRows, scriptRows, handleRows, serveRows, httpRows, wsRows, smtpRows, ftpRows, taskRows, eventRows, wireRows, ipRows, netRows, dnsRows, byteRows, loadRows}
}

// Table is the table of all rows.
func Table() *primitive.Table { return primitive.NewTable(All()...).WithHints(hint) }

// within bounds a call; zero is no bound.
func within(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	if d == 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, d)
}

// nothing is what primitives return that have only an error to tell.
func nothing(err error) (primitive.None, error) { return primitive.None{}, err }

// parallel is a stream whose engine uses all processors while it runs.
func parallel[T any](s *session.Session, items iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		defer s.Parallel()()
		items(yield)
	}
}
