package watch

import (
	"context"
	"fmt"
	"sync"

	"sosh/primitive"
	"sosh/session"
	"sosh/sock"
)

// A Rule is what is done when an event happens at a handle.
type Rule struct {
	Session *session.Session
	Event   Event
	Handle  primitive.Handle
	Action  primitive.Action
}

// Start follows the rule as a task: Accept and Data each time, Close and End
// once. It ends with its handle, and when it is cancelled. Usage, NotReady.
func (r Rule) Start(ctx context.Context) (*session.Task, error) {
	if err := r.Event.Check(r.Handle); err != nil {
		return nil, err
	}
	if err := r.Session.CheckAction(r.Action); err != nil {
		return nil, err
	}
	what := fmt.Sprintf("on %s %s: %s", r.Event, r.Handle.Name(), primitive.Escape(r.Action.String(), false))
	return r.Session.Go(ctx, what, func(ctx context.Context) ([]any, error) { return nil, r.follow(ctx) }), nil
}

func (r Rule) follow(ctx context.Context) error {
	switch r.Event {
	case Accept:
		r.Session.Own(ctx, r.Handle)
		return r.eachClient(ctx)
	case Data:
		r.Session.Own(ctx, r.Handle)
		return r.eachTime(ctx)
	}
	if err := Await(ctx, r.Handle, r.Event); err != nil {
		return err
	}
	_, err := r.Session.Perform(ctx, r.Action, r.Handle)
	return passing(err)
}

// passing is an error but for the end of a stream, which is none for what reads
// until there.
func passing(err error) error {
	if primitive.KindOf(err) == primitive.EOF {
		return nil
	}
	return err
}

// eachClient accepts, and does the action for each client in a task of its own.
func (r Rule) eachClient(ctx context.Context) error {
	l := sock.RoleOf(r.Handle).(*sock.Listener)
	var clients sync.WaitGroup
	defer clients.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for {
		c, err := l.Accept(ctx)
		if primitive.KindOf(err) == primitive.Closed {
			return nil
		}
		if err != nil {
			return err
		}
		r.Session.Adopt(c)
		r.Session.Note(session.Note{
			Handle: c.Name(), What: "accepted", Text: fmt.Sprintf("%s connected from %s", c.Name(), c.Raddr()),
			Minor: r.Action.Fn != nil, // a function tells of its clients itself, if it likes
		})
		r.beside(ctx, c, &clients)
	}
}

func (r Rule) beside(ctx context.Context, c *sock.Stream, clients *sync.WaitGroup) {
	clients.Add(1)
	ended := sync.OnceFunc(clients.Done)
	t := r.Session.GoWithin(ctx, fmt.Sprintf("%s for %s", primitive.Escape(r.Action.String(), false), c.Name()), func(ctx context.Context) ([]any, error) {
		defer ended()
		r.Session.Own(ctx, c)
		_, err := r.Session.Perform(ctx, r.Action, c)
		return nil, passing(err)
	})
	if t.Closed() { // it may never have run: the session is closing
		ended()
	}
}

// eachTime does the action whenever data waits: again at once when it took some
// and left some, else when more comes.
func (r Rule) eachTime(ctx context.Context) error {
	w, err := newWaiter(r.Handle)
	if primitive.KindOf(err) == primitive.Closed {
		return nil
	}
	if err != nil {
		return err
	}
	defer w.close()
	var seen sock.Pending
	for {
		p, err := sock.Look(r.Handle)
		if primitive.KindOf(err) == primitive.Closed || err == nil && p.Count == 0 && p.Over {
			return nil
		}
		if err != nil {
			return err
		}
		if p.Count == 0 || p.Arrived() == seen.Arrived() && p.Taken == seen.Taken {
			if p.Over {
				return nil // the action leaves the rest where it is
			}
			if err := w.wait(ctx); err != nil {
				return err
			}
			continue
		}
		seen = p
		if enough, err := r.perform(ctx); enough || err != nil {
			return err
		}
	}
}

// perform does the action once. Its failure is told, and ends the rule only when
// it would fail each time.
func (r Rule) perform(ctx context.Context) (enough bool, err error) {
	enough, err = r.Session.Perform(ctx, r.Action, r.Handle)
	if err = passing(err); err == nil || final(ctx, err) {
		return enough, err
	}
	tellFailure(ctx, r.Session, err)
	return enough, nil
}

// final is whether an action need not be tried again: it was interrupted, it
// leaves the program, or it is wrong.
func final(ctx context.Context, err error) bool {
	kind := primitive.KindOf(err)
	_, leaves := err.(interface{ ExitCode() int })
	return ctx.Err() != nil || leaves || kind == primitive.Usage || kind == primitive.Canceled
}

// tellFailure notes a failure after which the task of the context goes on.
func tellFailure(ctx context.Context, s *session.Session, err error) {
	name := session.TaskFrom(ctx).Name()
	s.Note(session.Note{Handle: name, What: "failed", Text: fmt.Sprintf("%s: %v", name, err)})
}
