package repl

import (
	"context"
	"sync"
	"time"

	"sosh/primitive"
	"sosh/session"
	"sosh/sock"
)

// A lookout tells a person at the prompt what waits at handles that nobody reads.
// It looks only while the prompt waits, takes nothing, and knows nothing of
// handles that a task takes care of, so it costs servers nothing.
type lookout struct {
	sh     *Shell
	poller *sock.Poller
	feed   *session.Feed
	wake   chan struct{} // holds one when due has changed

	mu   sync.Mutex
	idle bool             // the prompt waits for a person
	busy primitive.Handle // somebody talks with it: it needs no notices
	due  map[primitive.Handle]time.Time
	seen map[primitive.Handle]*sighting
}

// How long what came in may lie there before it is told: whoever is about to read
// it is faster.
const settleTime = 50 * time.Millisecond

// Most handles opened that are not looked at one by one.
const maxOpened = 256

// lookOut begins to watch; the returned function ends it. Where the system cannot
// tell, nothing is watched.
func (sh *Shell) lookOut() (l *lookout, stop func()) {
	poller, err := sock.NewPoller()
	if err != nil {
		return nil, func() {}
	}
	l = &lookout{
		sh: sh, poller: poller, feed: sh.session.Listen(maxOpened), wake: make(chan struct{}, 1),
		due: map[primitive.Handle]time.Time{}, seen: map[primitive.Handle]*sighting{},
	}
	ctx, cancel := context.WithCancel(context.Background())
	var parts sync.WaitGroup
	parts.Go(func() { l.watch(ctx) })
	parts.Go(func() { l.hear(ctx) })
	parts.Go(func() { l.look(ctx) })
	return l, func() {
		cancel()
		parts.Wait()
		l.feed.Close()
		l.poller.Close()
	}
}

// atPrompt says whether the prompt waits for a person. When it begins to, every
// handle is looked at: a command may have left something.
func (l *lookout) atPrompt(idle bool) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.idle = idle; idle {
		l.all()
		l.stir()
	}
}

// attend looks at the other handles while a person talks with one. The returned
// function ends that; it is told whether the person knows that the peer has ended.
func (l *lookout) attend(h primitive.Handle) (over func(ended bool)) {
	if l == nil {
		return func(bool) {}
	}
	l.attending(h)
	l.atPrompt(true)
	return func(ended bool) {
		l.atPrompt(false)
		l.attending(nil)
		if ended {
			l.mu.Lock()
			defer l.mu.Unlock()
			l.seen[h] = &sighting{ended: true}
		}
	}
}

func (l *lookout) attending(h primitive.Handle) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.busy = h
}

// all makes every handle due, and forgets those that are gone.
func (l *lookout) all() {
	live := map[primitive.Handle]bool{}
	for _, h := range l.sh.session.Handles() {
		if _, task := h.(*session.Task); !task && !h.Closed() {
			live[h] = true
			l.soon(h, time.Now().Add(settleTime))
		}
	}
	for _, h := range l.poller.Watched() {
		if !live[h] {
			l.poller.Ignore(h)
			delete(l.seen, h)
			delete(l.due, h)
		}
	}
}

// soon makes a handle due at a time, or sooner if it was to be.
func (l *lookout) soon(h primitive.Handle, at time.Time) {
	if was, known := l.due[h]; known && was.Before(at) {
		return
	}
	l.due[h] = at
	l.stir()
}

// stir makes look count anew when something is due.
func (l *lookout) stir() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// watch makes due what something came in at.
func (l *lookout) watch(ctx context.Context) {
	for {
		ready, err := l.poller.Wait(ctx)
		if err != nil {
			return // the end of ctx
		}
		l.mu.Lock()
		for _, h := range ready {
			at := time.Now().Add(settleTime)
			if s := l.seen[h]; s != nil && s.next.After(at) {
				at = s.next
			}
			l.soon(h, at)
		}
		l.mu.Unlock()
	}
}

// hear makes due what was opened beside the prompt.
func (l *lookout) hear(ctx context.Context) {
	for {
		notes, lost, err := l.feed.Next(ctx)
		if err != nil {
			return
		}
		l.mu.Lock()
		if lost > 0 {
			l.all()
		}
		for _, n := range notes {
			if h, err := l.sh.session.Lookup(n.Handle); n.What == "opened" && err == nil && h != nil {
				l.soon(h, time.Now().Add(settleTime))
			}
		}
		l.mu.Unlock()
	}
}

// look looks at what is due, while the prompt waits.
func (l *lookout) look(ctx context.Context) {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		timer.Reset(l.dueNow())
		select {
		case <-l.wake:
		case <-timer.C:
		case <-ctx.Done():
			return
		}
	}
}

// dueNow tells what is due, and says how long nothing more will be.
func (l *lookout) dueNow() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	wait := time.Hour
	for h, at := range l.due {
		left := time.Until(at)
		if left > 0 || !l.idle {
			wait = min(wait, max(left, settleTime))
			continue
		}
		delete(l.due, h)
		if next := l.sight(h); !next.IsZero() {
			l.due[h] = next
			wait = min(wait, time.Until(next))
		}
	}
	if !l.idle {
		return time.Hour // atPrompt wakes
	}
	return max(wait, 0)
}

// sight looks at a handle, and says when to look again even if nothing comes; zero
// for no such time.
func (l *lookout) sight(h primitive.Handle) (next time.Time) {
	if h == l.busy {
		return next
	}
	if l.sh.session.Owner(h) != nil {
		l.poller.Ignore(h)
		delete(l.seen, h)
		return next
	}
	if l.poller.Watch(h) != nil {
		return next // a task, a socket without a role, or closed
	}
	p, err := sock.Look(h)
	if err != nil || p.Busy {
		return next
	}
	s := l.seen[h]
	if s == nil {
		s = &sighting{}
		l.seen[h] = s
	}
	for _, n := range s.see(p, time.Now()) {
		n.Handle = h.Name()
		n.Text = n.Handle + " " + n.Text + l.advice(h, n)
		n.Minor = true
		l.sh.session.Note(n)
	}
	return s.look
}

// advice says who waits at a listener, and what to type.
func (l *lookout) advice(h primitive.Handle, n session.Note) string {
	ln, ok := sock.RoleOf(h).(*sock.Listener)
	if !ok || n.What != waitingNote {
		return ""
	}
	text := ""
	if from := ln.WaitingFrom(); from != "" {
		text = " from " + from
	}
	return text + " (type: accept " + h.Name() + ")"
}
