package identify

import (
	"context"
	"net"
	"sync"
	"time"

	"sosh/primitive"
	"sosh/tlsinfo"
)

// A Speaker is what speaks on a port, as far as it showed.
type Speaker struct {
	Protocol string          // "http", "ssh" …; empty where nothing was recognised
	Sure     Sure            // empty with it
	Why      string          // what makes so sure, or what happened instead
	By       string          // the question that was answered; "greeting" for none
	Product  string          // escaped; empty where it does not say
	Version  string          // of the product, escaped
	Evidence primitive.Bytes // the beginning of the answer
	TLS      *tlsinfo.Report // of protocol tls, where the handshake came about
	Inside   *Speaker        // what speaks within TLS
}

// Spoke is whether anything came back at all.
func (s *Speaker) Spoke() bool { return s.Protocol != "" || len(s.Evidence) > 0 }

// Options is how to find out.
type Options struct {
	Dial func(context.Context) (net.Conn, error) // makes one more connection to the port
	Host string                                  // what it was called: the name asked for in TLS and checked
	Port int                                     // decides what is asked first; 0 for no idea
	Wait time.Duration                           // for a greeting; half of it for an answer

	inside bool // within TLS
}

// A server that has begun to speak and pauses for so long is done; for shorter
// when what it said is clear.
const (
	pause      = 250 * time.Millisecond
	clearPause = 50 * time.Millisecond
)

// Most questions at once, where one by one would take long.
const atOnce = 4

// TCP finds out what speaks on a port: it listens, and if nothing comes asks
// questions, each on a connection of its own. It ends with the first answer that
// it knows. The error is that of the first connection, or the end of the context
// when nothing was found before.
func TCP(ctx context.Context, o Options) (Speaker, error) {
	s, err := o.greeting(ctx)
	if err != nil || s.Sure == Certain || s.Sure == Likely {
		return s, err
	}
	asked, found := o.ask(ctx, len(s.Evidence) > 0)
	switch {
	case found:
		s = asked
	case !s.Spoke():
		s = asked
	}
	if s.Protocol == "tls" && !o.inside {
		o.unwrap(ctx, &s)
	}
	if !s.Spoke() && ctx.Err() != nil {
		return s, ctx.Err()
	}
	return s, nil
}

// greeting listens to what comes unasked.
func (o Options) greeting(ctx context.Context) (Speaker, error) {
	wait := o.Wait
	if clientFirst(o.Port) {
		wait /= 4 // the server is hardly the first to speak
	}
	t, err := o.converse(ctx, question{name: "greeting"}, wait)
	if err != nil {
		return Speaker{}, err
	}
	return t.speaker(), nil
}

// ask asks the questions in their order: the first ones one by one, the others
// several at once. To one who speaks first only lines of text are said.
func (o Options) ask(ctx context.Context, spoken bool) (best Speaker, found bool) {
	list, few := ordered(o.Port, o.inside)
	if spoken {
		list = only(list, func(q question) bool { return q.words })
		few = len(list)
	}
	for at := 0; at < len(list) && ctx.Err() == nil; {
		n := 1
		if at >= few {
			n = min(atOnce, len(list)-at)
		}
		for _, s := range o.askSome(ctx, list[at:at+n]) {
			if s.Sure == Certain || s.Sure == Likely {
				return o.refine(ctx, s), true
			}
			if best.Protocol == "" && (s.Protocol != "" || len(best.Evidence) == 0) {
				best = s
			}
		}
		at += n
	}
	return best, best.Protocol != ""
}

// refine asks the question of the very protocol, where that was not the one that
// was answered and the version is not known.
func (o Options) refine(ctx context.Context, s Speaker) Speaker {
	own := only(questions(), func(q question) bool { return q.name == s.Protocol && q.name != s.By && s.Version == "" })
	for _, more := range o.askSome(ctx, own) {
		if more.Protocol == s.Protocol && more.Sure == Certain {
			return more
		}
	}
	return s
}

func only(list []question, fits func(question) bool) (some []question) {
	for _, q := range list {
		if fits(q) {
			some = append(some, q)
		}
	}
	return some
}

// askSome asks several questions at once; the answers come in their order.
func (o Options) askSome(ctx context.Context, list []question) []Speaker {
	answers := make([]Speaker, len(list))
	var wg sync.WaitGroup
	for i, q := range list {
		wg.Go(func() {
			if t, err := o.converse(ctx, q, o.Wait/2); err == nil {
				answers[i] = t.speaker()
			}
		})
	}
	wg.Wait()
	return answers
}

// A talk is one connection: what was said, and what came back.
type talk struct {
	question      string
	asked, answer []byte
	ended         string // how it ended, in words, when nothing came
}

// speaker makes of a talk what it proves.
func (t talk) speaker() Speaker {
	if s, ok := recognise(t.question, t.answer, t.asked); ok {
		return s
	}
	s := Speaker{Evidence: t.answer, By: t.question, Why: "an answer that is none of those known here"}
	if len(t.answer) == 0 {
		s.By, s.Why = "", t.ended
	}
	return s
}

// converse connects, says the question's words, if it has any, and listens.
func (o Options) converse(ctx context.Context, q question, wait time.Duration) (talk, error) {
	t := talk{question: q.name}
	said, err := q.wordsFor(o.Host)
	if err != nil {
		return t, err
	}
	conn, err := o.Dial(ctx)
	if err != nil {
		return t, err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	end := time.Now().Add(wait)
	_ = conn.SetDeadline(end)
	if ctx.Err() != nil { // it may have ended before the deadline was set
		return t, ctx.Err()
	}
	t.asked = said
	if len(said) > 0 {
		if _, err := conn.Write(said); err != nil {
			t.ended = "it takes connections and ends them"
			return t, nil
		}
	}
	t.listen(conn, end)
	return t, nil
}

// listen reads until there is enough, or the server pauses, ends, or the time is
// over.
func (t *talk) listen(conn net.Conn, end time.Time) {
	buf := make([]byte, mostAnswer)
	n := 0
	for n < len(buf) {
		k, err := conn.Read(buf[n:])
		n += k
		t.answer = buf[:n:n]
		if err != nil {
			t.ended = "it takes connections and says nothing"
			if !isTimeout(err) {
				t.ended = "it takes connections and ends them"
			}
			return
		}
		quiet := pause
		if s, ok := recognise(t.question, t.answer, t.asked); ok && s.Sure == Certain {
			quiet = clearPause
		}
		if at := time.Now().Add(quiet); at.Before(end) {
			_ = conn.SetReadDeadline(at)
		} else {
			_ = conn.SetReadDeadline(end)
		}
	}
}

func isTimeout(err error) bool {
	timeout, ok := err.(net.Error)
	return ok && timeout.Timeout()
}
