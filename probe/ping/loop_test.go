package ping

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sosh/primitive"
	"sosh/probe"
)

func hostsOf(t testing.TB, text string) probe.Hosts {
	t.Helper()
	h, err := probe.Targets{Text: text}.Resolve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// A script is a network: what comes back to a request, and when.
type script struct {
	p       *pinger
	answers func(host int, seq uint16) []answer // their at is how long they take
	sent    int
}

func (s *script) close() {}

func (s *script) send(_ context.Context, host int, seq uint16) error {
	s.sent++
	for _, a := range s.answers(host, seq) {
		if a.at.IsZero() {
			return primitive.Newf(primitive.Unreachable, "no way")
		}
		delay := a.at.Sub(time.Unix(0, 0))
		time.AfterFunc(delay, func() {
			a.host, a.seq, a.at = host, seq, time.Now()
			s.p.answers <- a
		})
	}
	return nil
}

// after is an answer that takes so long.
func after(d time.Duration, state State) answer {
	return answer{state: state, at: time.Unix(0, 0).Add(d)}
}

// played runs a pinger on a scripted network, in no time, and gives what it told.
func played(t *testing.T, o Options, most int, answers func(host int, seq uint16) []answer) (replies []Reply, p *pinger, s *script, err error) {
	t.Helper()
	if o.Show == "" {
		o.Show = Replies
	}
	o.Method = ICMP
	hosts := o.Hosts
	synctest.Test(t, func(t *testing.T) {
		o.Hosts = hosts
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		p = newPinger(o, func(r Reply) bool {
			if r.words.Role == primitive.Told {
				replies = append(replies, r)
			}
			if most > 0 && len(replies) == most {
				cancel()
			}
			return true
		})
		s = &script{p: p, answers: answers}
		if err = p.run(ctx, s); err == nil {
			err = p.conclude()
		}
		time.Sleep(time.Minute) // what still comes, in the bubble
	})
	return replies, p, s, err
}

func told(replies []Reply) (list []string) {
	for _, r := range replies {
		list = append(list, fmt.Sprint(r.Seq, " ", r.State))
	}
	return list
}

func options(t *testing.T, hosts string, count int) Options {
	return Options{Hosts: hostsOf(t, hosts), Count: count, Interval: time.Second, Timeout: 2 * time.Second, Size: 56}
}

// Every kind of answer is told once, and counted as what it is.
func TestStates(t *testing.T) {
	network := map[uint16][]answer{
		1: {after(10*time.Millisecond, Answered)},
		2: {},
		3: {after(10*time.Millisecond, Answered), after(20*time.Millisecond, Answered)},
		4: {after(3*time.Second, Answered), after(3100*time.Millisecond, Answered)},
		5: {after(10*time.Millisecond, Corrupt)},
		6: {after(10*time.Millisecond, Exceeded), after(20*time.Millisecond, Answered)},
		7: {{}},
		8: {after(30*time.Millisecond, Answered), after(40*time.Millisecond, Unreachable)},
	}
	replies, p, _, err := played(t, options(t, "192.0.2.1", 8), 0, func(_ int, seq uint16) []answer { return network[seq] })
	want := []string{"1 reply", "3 reply", "3 duplicate", "2 timeout", "5 corrupt", "4 timeout", "6 ttl-exceeded", "6 duplicate",
		"7 unreachable", "4 late", "4 duplicate", "8 reply"}
	got := told(replies)
	slices.Sort(want)
	slices.Sort(got)
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v\nwant %q", got, err, want)
	}
	h := &p.hosts[0]
	s := h.statistics(h.open)
	if s.Sent != 8 || s.Received != 3 || s.Loss != 62.5 || s.Late != 1 || s.Duplicates != 3 || s.Corrupt != 1 || h.failed != 2 || h.open != 0 {
		t.Errorf("%+v", s)
	}
	if *s.Min != 10 || *s.Max != 30 || *s.Median != 10 || *s.P95 != 30 || *s.Mean != 16.6667 || *s.Jitter != 10 {
		t.Errorf("%v %v %v %v %v %v", *s.Min, *s.Max, *s.Median, *s.P95, *s.Mean, *s.Jitter)
	}
}

// What is about no request of ours changes nothing.
func TestForgedAnswers(t *testing.T) {
	o := options(t, "192.0.2.1-2", 1)
	replies, p, _, err := played(t, o, 0, func(host int, seq uint16) []answer { return []answer{after(time.Millisecond, Answered)} })
	if err != nil || len(replies) != 2 {
		t.Fatalf("%q, %v", told(replies), err)
	}
	for _, a := range []answer{{host: 0, seq: 2}, {host: 1, seq: 0}, {host: 1, seq: 65535}} {
		a.state, a.at = Answered, time.Now()
		p.take(&a)
	}
	if s := p.hosts[0].statistics(0); s.Received != 1 || s.Duplicates != 0 {
		t.Errorf("%+v", s)
	}
}

// Nobody there is an error that the replies have told; its kind says why.
func TestNobody(t *testing.T) {
	for kind, answers := range map[primitive.Kind][]answer{primitive.Timeout: nil, primitive.Unreachable: {after(time.Millisecond, Unreachable)}} {
		replies, _, _, err := played(t, options(t, "192.0.2.1", 2), 0, func(int, uint16) []answer { return answers })
		if e := primitive.AsError(err); err == nil || e.Kind != kind || !e.Told || len(replies) != 2 {
			t.Errorf("%s: %q, %v", kind, told(replies), err)
		}
	}
}

// An end by Ctrl-C tells what is known, and is no error where anybody answered.
func TestInterrupted(t *testing.T) {
	o := options(t, "192.0.2.1", 0)
	replies, p, s, err := played(t, o, 3, func(int, uint16) []answer { return []answer{after(time.Millisecond, Answered)} })
	if err != nil || len(replies) != 3 || s.sent != 3 || p.hosts[0].received != 3 {
		t.Errorf("%q, %d sent, %v", told(replies), s.sent, err)
	}
}

// Each host is asked once in an interval, and not all in one burst.
func TestPace(t *testing.T) {
	o := options(t, "192.0.2.0/25", 2)
	o.Show = Summaries
	var times []time.Time
	replies, _, _, err := played(t, o, 0, func(int, uint16) []answer {
		times = append(times, time.Now())
		return []answer{after(time.Millisecond, Answered)}
	})
	if err != nil || len(replies) != 128 || len(times) != 256 {
		t.Fatalf("%d replies, %d requests, %v", len(replies), len(times), err)
	}
	if d := times[128].Sub(times[0]); d != time.Second {
		t.Errorf("the second round begins after %v", d)
	}
	if d := times[1].Sub(times[0]); d < closestGap || d > widestGap {
		t.Errorf("two requests are %v apart", d)
	}
	for _, r := range replies {
		if r.State != "summary" || r.Summary.Received != 2 {
			t.Errorf("%+v", r)
		}
	}
}

// A flood waits for each answer, and remembers a bounded number of requests.
func TestFlood(t *testing.T) {
	o := options(t, "192.0.2.1", 3*mostRemembered)
	o.Flood, o.Timeout = true, 50*time.Millisecond
	started := time.Time{}
	replies, p, s, err := played(t, o, 0, func(int, uint16) []answer {
		if started.IsZero() {
			started = time.Now()
		}
		return []answer{after(100*time.Microsecond, Answered)}
	})
	if err != nil || len(replies) != 0 || s.sent != o.Count || p.hosts[0].received != o.Count {
		t.Errorf("%d replies, %d sent, %v", len(replies), s.sent, err)
	}
	if len(p.past) > mostRemembered+1 || len(p.flights) > mostRemembered+2 {
		t.Errorf("%d and %d requests are remembered", len(p.past), len(p.flights))
	}
	if n := len(p.hosts[0].samples); n != mostSamples {
		t.Errorf("%d samples", n)
	}
}

// Who draws slowly loses no answer: what came meanwhile is taken before anything
// is called lost.
func TestSlowReader(t *testing.T) {
	hosts := hostsOf(t, "192.0.2.1")
	synctest.Test(t, func(t *testing.T) {
		var replies []Reply
		o := Options{Hosts: hosts, Count: 3, Interval: 10 * time.Millisecond, Timeout: time.Second, Show: Replies, Method: ICMP}
		p := newPinger(o, func(r Reply) bool {
			if r.words.Role == primitive.Told {
				replies = append(replies, r)
				time.Sleep(time.Minute)
			}
			return true
		})
		s := &script{p: p, answers: func(int, uint16) []answer { return []answer{after(20*time.Millisecond, Answered)} }}
		if err := p.run(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(told(replies), ", "); got != "1 reply, 2 reply, 3 reply" {
			t.Errorf("%s", got)
		}
	})
}
