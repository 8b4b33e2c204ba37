package repl

import (
	"context"
	"io"
	"sync/atomic"
	"time"

	"sosh/primitive"
)

// A streamHandle is a handle that can be attached: both directions, and an end
// of each.
type streamHandle interface {
	primitive.Handle
	Read(ctx context.Context, p []byte) (int, error)
	Send(ctx context.Context, data []byte) (int, error)
	Shutdown(how string) error
}

// A peerHandle is a datagram socket with one peer.
type peerHandle interface {
	primitive.Handle
	Connected() bool
	Recv(ctx context.Context, max int) ([]byte, error)
	Send(ctx context.Context, data []byte) (int, error)
}

// A netcatRun is how the result of the one command of a program run is used, as
// netcat does.
type netcatRun struct {
	keep   bool          // serve one client after another
	linger time.Duration // how long to wait for the peer after the end of input; negative: for ever
}

// For ever, of netcatRun.linger: --linger was not given.
const forEver = time.Duration(-1)

// How long a datagram socket waits for answers after the end of input: a peer
// cannot say that it is done.
const datagramLinger = time.Second

// takes is whether a result is attached.
func (n *netcatRun) takes(h primitive.Handle) bool {
	switch h.Type() {
	case "stream", "listener", "datagram", "websocket":
		return true
	}
	return false
}

// netcat uses the result of a single command as netcat does.
func (sh *Shell) netcat(ctx context.Context, h primitive.Handle, f frame) error {
	if !f.quiet {
		sh.sayHandle(nil, h)
	}
	if correspondentOf(h, attachOptions{}) != nil {
		if done, err := sh.onTerminal(ctx, f, func(ctx context.Context) error {
			return sh.converse(ctx, h, attachOptions{}, f)
		}); done || err != nil {
			return err
		}
	}
	switch h := h.(type) {
	case streamHandle:
		return sh.attach(ctx, h, sh.in.read, f)
	case peerHandle:
		if h.Connected() {
			return sh.attachDatagram(ctx, h, f)
		}
		return sh.printDatagrams(ctx, h, f)
	case messenger:
		return sh.converse(ctx, h, attachOptions{}, f)
	}
	return sh.acceptAndAttach(ctx, h, f)
}

// acceptAndAttach serves one client, or with keep one after another.
func (sh *Shell) acceptAndAttach(ctx context.Context, l primitive.Handle, f frame) error {
	for {
		c, err := sh.acceptFrom(ctx, l, f)
		if err != nil {
			return err
		}
		done, err := sh.onTerminal(ctx, f, func(ctx context.Context) error {
			return sh.converse(ctx, c, attachOptions{}, f)
		})
		if !done && err == nil {
			err = sh.attach(ctx, c, sh.in.read, f)
		}
		c.Close()
		if !f.netcat.keep || ctx.Err() != nil || leaves(err) || primitive.KindOf(err) == primitive.Canceled {
			return err
		}
		sh.report(err, "", f)
	}
}

// acceptFrom waits for a client, and tells of it.
func (sh *Shell) acceptFrom(ctx context.Context, l primitive.Handle, f frame) (streamHandle, error) {
	client, err := sh.callOn(ctx, "accept", l)
	if err != nil {
		return nil, err
	}
	c, ok := client.(streamHandle)
	if !ok {
		return nil, primitive.Newf(primitive.Unsupported, "%s cannot be attached", l.Name())
	}
	if !f.quiet {
		sh.sayHandle(nil, c)
	}
	return c, nil
}

// callOn calls a row on a handle through the door.
func (sh *Shell) callOn(ctx context.Context, name string, h primitive.Handle) (any, error) {
	row, _ := sh.table.Find(name)
	if row == nil {
		return nil, primitive.Newf(primitive.Unsupported, "there is no command %s", name)
	}
	args := row.NewArgs()
	if err := args.Bind([]primitive.Value{primitive.ValueOf(h)}); err != nil {
		return nil, err
	}
	return row.Do(ctx, sh.session, args)
}

// A reader reads the input of an attached handle under a context.
type reader func(ctx context.Context, p []byte) (int, error)

// attach joins a stream to the input and the output until the peer's end. The
// end of the input ends only that direction.
func (sh *Shell) attach(ctx context.Context, c streamHandle, input reader, f frame) error {
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan error, 1)
	var p pump
	go func() {
		defer sh.guard()
		done <- p.run(inner, cancel, c, input, f)
	}()
	err := receive(inner, c, f)
	lingered := inner.Err() != nil && ctx.Err() == nil
	if err != nil {
		cancel()
	}
	sent := p.finish(inner, cancel, done)
	switch {
	case ctx.Err() != nil:
		return onHandle(ctx.Err(), c)
	case lingered && primitive.KindOf(err) == primitive.Canceled:
		return onHandle(sent, c) // the peer did not end in time
	case err == nil && primitive.KindOf(sent) == primitive.Canceled:
		return nil // the peer ended while the input was open
	case err == nil && sent != nil && !gone(sent):
		return onHandle(sent, c)
	}
	return onHandle(err, c)
}

// gone is whether sending failed because the peer has ended; what it said until
// then has been received.
func gone(err error) bool {
	switch primitive.KindOf(err) {
	case primitive.BrokenPipe, primitive.Reset, primitive.Closed, primitive.Canceled:
		return true
	}
	return false
}

// onHandle says which handle a failure is about.
func onHandle(err error, h primitive.Handle) error {
	if err == nil {
		return nil
	}
	e := *primitive.AsError(err)
	if e.Op == "" {
		e.Op = "attach"
	}
	if e.Target == "" {
		e.Target = h.Name()
	}
	return &e
}

// A pump sends the input of an attached stream.
type pump struct {
	steps   atomic.Int64 // reads and sends done
	sending atomic.Bool  // not waiting for input
}

// When the peer has ended, input that is there is still sent; this long without
// any, or this often that without the peer taking it, is the end.
const (
	lastInput = 200 * time.Millisecond
	lastSend  = 50
)

// finish waits for the pump when nothing more is received.
func (p *pump) finish(ctx context.Context, cancel func(), done <-chan error) error {
	tick := time.NewTicker(lastInput)
	defer tick.Stop()
	idle, steps := 0, p.steps.Load()
	for {
		select {
		case err := <-done:
			return err
		case <-tick.C:
		}
		if idle++; p.steps.Load() != steps {
			idle, steps = 0, p.steps.Load()
		}
		if idle >= lastSend || idle > 0 && !p.sending.Load() {
			cancel()
			return <-done
		}
	}
}

// run sends until the end of the input. There it ends the sending direction, and
// after the linger time everything.
func (p *pump) run(ctx context.Context, cancel func(), c streamHandle, input reader, f frame) error {
	buf := make([]byte, readSize)
	for {
		n, err := input(ctx, buf)
		if err == io.EOF {
			break
		}
		if err == nil {
			p.sending.Store(true)
			_, err = c.Send(ctx, buf[:n])
			p.sending.Store(false)
		}
		if err != nil {
			return err
		}
		p.steps.Add(1)
	}
	err := c.Shutdown("write")
	if f.netcat != nil && f.netcat.linger >= 0 {
		pause(ctx, f.netcat.linger)
		cancel()
	}
	if gone(err) {
		return nil
	}
	return err
}

// pause waits for a time, or the end of the context.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// receive writes what comes until the peer's end.
func receive(ctx context.Context, c streamHandle, f frame) error {
	out := &escaper{f: f}
	defer out.flush()
	buf := make([]byte, readSize)
	for {
		n, err := c.Read(ctx, buf)
		if n > 0 {
			if err := out.write(buf[:n]); err != nil {
				return err
			}
		}
		if primitive.KindOf(err) == primitive.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
