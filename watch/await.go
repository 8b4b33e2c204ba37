// Package watch waits for what happens at handles, and does what is to be done
// then: once, each time, or each time some time has passed. It reads nothing.
package watch

import (
	"context"
	"sync"

	"sosh/primitive"
	"sosh/session"
	"sosh/sock"
)

// An Event is what can happen at a handle.
type Event string

// Accept is a connection that waits at a listener, Data is bytes or datagrams
// that nobody has taken, Close is the end of a connection by the peer, or of any
// handle on this side, End is the end of a task.
const (
	Accept Event = "accept"
	Data   Event = "data"
	Close  Event = "close"
	End    Event = "end"
)

// Check is whether the event can happen at a handle at all.
func (e Event) Check(h primitive.Handle) error {
	role := sock.RoleOf(h)
	_, task := role.(*session.Task)
	_, listener := role.(*sock.Listener)
	_, bare := role.(*sock.Socket)
	switch {
	case e == End && !task:
		return primitive.Usagef("%s is a %s; only a task has an end", h.Name(), h.Type()).WithHint("for a connection: close")
	case e == End:
		return nil
	case task:
		return primitive.Usagef("%s is a task", h.Name()).WithHint("for a task: end")
	case bare:
		return primitive.Newf(primitive.NotReady, "the socket is neither connected nor listening").On(h.Name())
	case e == Accept && !listener:
		return primitive.Usagef("%s is a %s; only a listener accepts", h.Name(), h.Type()).WithHint("for what comes in: data")
	case e == Data && listener:
		return primitive.Usagef("%s is a listener", h.Name()).WithHint("for a client: accept")
	}
	return nil
}

// Await waits for an event; one that has happened already counts. Data: EOF or
// Reset when none can come any more. Accept and Data: Closed with the handle.
func Await(ctx context.Context, h primitive.Handle, e Event) error {
	if t, ok := h.(*session.Task); ok && e == End {
		_, err := t.Wait(ctx)
		if t.Closed() {
			return nil // however it ended
		}
		return err
	}
	w, err := newWaiter(h)
	if err != nil {
		return w.instead(ctx, h, e, err)
	}
	defer w.close()
	for {
		p, err := sock.Look(h)
		if over, err := outcome(e, p, err); over {
			return err
		}
		if err := w.wait(ctx); err != nil {
			return err
		}
	}
}

// outcome is whether a wait for an event is over, and how it ended.
func outcome(e Event, p sock.Pending, err error) (over bool, result error) {
	switch {
	case e == Close && err != nil:
		closed := primitive.KindOf(err) == primitive.Closed
		return true, map[bool]error{false: err}[closed]
	case err != nil:
		return true, err
	case e == Close:
		return p.Over, nil
	case p.Count > 0 || p.Fault:
		return true, nil
	case p.Reset:
		return true, primitive.Newf(primitive.Reset, "connection reset by peer")
	case p.Over:
		return true, primitive.Newf(primitive.EOF, "the peer ended its side")
	}
	return false, nil
}

// A waiter waits for something new at one handle.
type waiter struct {
	poller *sock.Poller
	gone   <-chan struct{}
}

func newWaiter(h primitive.Handle) (*waiter, error) {
	w := &waiter{gone: sock.Gone(h)}
	var err error
	if w.poller, err = sock.NewPoller(); err != nil {
		return w, err
	}
	if err = w.poller.Watch(h); err != nil {
		w.poller.Close()
	}
	return w, err
}

func (w *waiter) close() { w.poller.Close() }

// wait waits until something came in, or the handle is closed.
func (w *waiter) wait(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	var closing sync.WaitGroup
	defer closing.Wait()
	defer cancel()
	closing.Go(func() {
		select {
		case <-w.gone:
			cancel()
		case <-ctx.Done():
		}
	})
	_, err := w.poller.Wait(ctx)
	if w.isGone() {
		return nil
	}
	return err
}

func (w *waiter) isGone() bool {
	select {
	case <-w.gone:
		return true
	default:
		return false
	}
}

// instead waits where the system tells nothing about sockets that nobody reads:
// bytes of a stream come into its own buffer, and for the rest only our own end
// of the handle shows.
func (w *waiter) instead(ctx context.Context, h primitive.Handle, e Event, failed error) error {
	switch kind := primitive.KindOf(failed); {
	case e == Close && kind == primitive.Closed:
		return nil
	case kind != primitive.Unsupported || w.gone == nil:
		return failed
	}
	if c, ok := sock.RoleOf(h).(*sock.Stream); ok && e == Data {
		_, err := c.Peek(ctx, 1)
		return err
	}
	return failed
}
