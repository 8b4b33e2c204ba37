package repl

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"sosh/primitive"
	"sosh/repl/history"
)

// said are the lines that were sent to peers, apart from the commands.
type said struct{ lines, hex *history.History }

func newSaid() said {
	return said{history.New(history.Options{}), history.New(history.Options{})}
}

func (s said) setLimit(n int) {
	s.lines.SetLimit(n)
	s.hex.SetLimit(n)
}

// A conversation is a person's with a peer: what is typed is sent, what comes is
// shown above the line being typed.
type conversation struct {
	sh     *Shell
	handle primitive.Handle
	peer   correspondent
	o      attachOptions
	f      frame
	keys   keyboard   // nil where there is none
	lines  LineSource // otherwise
	outbox *outbox
	shown  *received
	mute   atomic.Bool // nothing more can be sent
	failed atomic.Bool // and that was told as a failure
	ended  chan struct{}
}

// converse talks until the person leaves or the peer ends. The handle stays open.
func (sh *Shell) converse(ctx context.Context, h primitive.Handle, o attachOptions, f frame) error {
	done, err := sh.asks()
	if err != nil {
		return err
	}
	defer done()
	v := &conversation{
		sh: sh, handle: h, peer: correspondentOf(h, o), o: o, f: f, keys: sh.keyboard(), lines: sh.plainLines(),
		outbox: newOutbox(), ended: make(chan struct{}),
	}
	if o.mode == modeRaw && v.keys == nil {
		return primitive.Newf(primitive.Unsupported, "raw keys need a terminal, and one that is not dumb").WithHint("attach %s", h.Name())
	}
	crlf := o.eol == "crlf" || o.mode == modeRaw
	v.shown = &received{f: f, mode: o.mode, single: v.peer.single(), keys: v.keys, text: escaper{f: f, crlf: crlf}}
	v.begin()
	over := sh.lookout.Load().attend(h)
	err = v.run(ctx)
	over(primitive.KindOf(err) == primitive.EOF)
	return v.end(ctx, err)
}

// plainLines is where lines come from when there is no keyboard.
func (sh *Shell) plainLines() LineSource {
	if source := sh.source.Load(); source != nil {
		return *source
	}
	return &plainSource{sh: sh}
}

// note tells the person something.
func (v *conversation) note(format string, args ...any) {
	if !v.f.quiet {
		v.sh.say(format, args...)
	}
}

// begin says which keys there are.
func (v *conversation) begin() {
	name := v.handle.Name()
	back := "gives the prompt back"
	if v.f.netcat != nil {
		back = "ends"
	}
	switch {
	case v.keys == nil && v.f.prompt:
		v.note("attached to %s; Ctrl-D ends sending, Ctrl-C %s", name, back)
	case v.keys == nil:
	case v.o.mode == modeRaw:
		v.note("attached to %s, every key is sent as it is; Ctrl-] leaves", name)
	case v.peer.single():
		v.note("attached to %s, a line is a %s; Ctrl-] leaves, Ctrl-C %s", name, v.unit(), back)
	default:
		v.note("attached to %s; Ctrl-] leaves, Ctrl-D ends sending, Ctrl-C %s", name, back)
	}
}

// unit is what a line becomes, where it stays together.
func (v *conversation) unit() string {
	if _, ok := v.peer.(*messagePeer); ok {
		return "message"
	}
	return "datagram"
}

// How long what was typed last may take to be sent.
const lastWords = time.Second

// run gives why it has ended: what receiving failed with, of kind EOF at the
// peer's end, or what typing ended with.
func (v *conversation) run(ctx context.Context) error {
	working, halt := context.WithCancel(ctx)
	typing, stop := context.WithCancel(working)
	defer halt()
	defer stop()
	var heard error
	sent := make(chan struct{})
	go func() {
		defer v.sh.guard()
		defer close(v.ended)
		defer stop()
		heard = v.hear(working)
	}()
	go func() {
		defer v.sh.guard()
		defer close(sent)
		v.send(working)
	}()
	typed := v.typed(typing)
	over := typing.Err() != nil && ctx.Err() == nil // the peer's doing
	v.outbox.close()
	late := time.AfterFunc(lastWords, halt)
	<-sent
	late.Stop()
	halt()
	<-v.ended
	if over || typed == nil {
		return heard
	}
	return typed
}

// hear shows what comes until it ends.
func (v *conversation) hear(ctx context.Context) error {
	defer v.shutUp()
	for {
		data, from, err := v.peer.receive(ctx)
		if len(data) > 0 || err == nil {
			if err := v.shown.show(data, from); err != nil {
				return err
			}
		}
		switch {
		case err == nil:
		case v.peer.single() && ctx.Err() == nil && primitive.KindOf(err) == primitive.Refused:
			v.sh.report(onHandle(err, v.handle), "", v.f) // the next datagram may arrive
		default:
			return err
		}
	}
}

// shutUp shows what is left. Where lines are asked for, the next one ends an open
// line.
func (v *conversation) shutUp() {
	if v.keys == nil || v.o.mode == modeRaw {
		v.shown.text.flush()
		return
	}
	v.shown.text.rest()
}

// send sends what was put into the outbox.
func (v *conversation) send(ctx context.Context) {
	for {
		l, ok := v.outbox.next(ctx)
		if !ok {
			return
		}
		n, err := 0, error(nil)
		if l.end {
			err = v.peer.end()
		} else {
			n, err = v.peer.send(ctx, l.data)
		}
		v.outbox.sent(n)
		if err != nil && ctx.Err() != nil {
			return
		}
		if err != nil {
			v.outbox.sent(len(l.data) - n)
			v.unsendable(err)
		}
	}
}

// unsendable tells that something could not be sent. The end of the conversation
// may tell it better: a stream of which the peer is gone fails both ways.
func (v *conversation) unsendable(err error) {
	if !v.peer.single() {
		if v.mute.Swap(true) {
			return
		}
		select {
		case <-v.ended:
			return
		case <-time.After(lastInput):
		}
		v.failed.Store(true)
	}
	v.sh.report(onHandle(err, v.handle), "", v.f)
}

// post hands over what is to be sent, if it can be.
func (v *conversation) post(data []byte) {
	switch {
	case v.mute.Load():
		v.note("nothing was sent: %s only receives now; Ctrl-] leaves", v.handle.Name())
	case !v.outbox.put(letter{data: data}):
		v.note("%s were not sent: %s takes nothing at the moment", byteCount(int64(len(data))), v.handle.Name())
	}
}

// end tells how the conversation has ended, and gives the failure, if it is one.
func (v *conversation) end(ctx context.Context, why error) error {
	if n := v.outbox.unsent(); n > 0 {
		v.note("%s were not sent", byteCount(int64(n)))
	}
	switch {
	case errors.Is(why, ErrInterrupt) && v.f.netcat != nil:
		return onHandle(context.Canceled, v.handle)
	case ctx.Err() != nil && !(v.f.prompt && errors.Is(ctx.Err(), context.Canceled)):
		return onHandle(ctx.Err(), v.handle)
	case primitive.KindOf(why) == primitive.EOF:
		v.closing("the peer of %[1]s has ended", "; to close this end too: close %[1]s")
	case errors.Is(why, errLeft), errors.Is(why, ErrInterrupt), ctx.Err() != nil:
		v.closing("", "left %[1]s, which stays open; to come back: attach %[1]s")
	default:
		return onHandle(why, v.handle)
	}
	if v.failed.Load() {
		return reported{1}
	}
	return nil
}

// closing tells a person how it ended, and at the prompt, where the handle stays
// open, what to type.
func (v *conversation) closing(always, atPrompt string) {
	text := always
	if v.f.prompt {
		text += atPrompt
	}
	if text != "" && (v.keys != nil || v.f.prompt) {
		v.note(text, v.handle.Name())
	}
}
