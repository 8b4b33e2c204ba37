package repl

import (
	"context"
	"errors"
	"fmt"

	"sosh/primitive"
)

// runAttach attaches a stream to what is typed.
func runAttach(ctx context.Context, sh *Shell, c ownCall) (any, error) {
	h, err := sh.attachable(c)
	if err != nil {
		return nil, err
	}
	f := c.f
	input := sh.in.read
	if source := sh.source.Load(); source != nil && f.prompt {
		input = lineReader(*source)
		if !f.quiet {
			sh.say("attached to %s; Ctrl-D ends sending, Ctrl-C gives the prompt back", h.Name())
		}
	}
	inner, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	err = sh.attach(inner, h, func(ctx context.Context, p []byte) (int, error) {
		n, err := input(ctx, p)
		if errors.Is(err, ErrInterrupt) {
			cancel(err)
			return 0, context.Canceled
		}
		return n, err
	}, f)
	if context.Cause(inner) == ErrInterrupt {
		return nil, nil
	}
	return nil, err
}

// attachable is the stream that was named, or the current one.
func (sh *Shell) attachable(c ownCall) (streamHandle, error) {
	if len(c.args) > 1 {
		return nil, primitive.Usagef("it takes one stream")
	}
	b := &binder{sh: sh, frame: c.f}
	var h primitive.Handle
	var err error
	if len(c.args) == 1 {
		h, err = b.handle(c.args[0])
		if h == nil && err == nil {
			err = primitive.Usagef("%s is no handle", primitive.Quote(c.args[0].text)).WithHint("handles lists what is open")
		}
	} else {
		h, err = sh.session.Current(func(h primitive.Handle) bool { return asStream(h) != nil })
	}
	if err != nil {
		return nil, err
	}
	if s := asStream(h); s != nil {
		return s, nil
	}
	if h == nil {
		return nil, primitive.Usagef("there is no current stream").WithHint("open one first: tcp connect HOST PORT")
	}
	return nil, primitive.Usagef("%s is a %s, not a stream", h.Name(), h.Type())
}

// asStream is a handle, or its role, as a stream.
func asStream(h primitive.Handle) streamHandle {
	if r, ok := h.(primitive.Roler); ok && r.Role() != nil {
		h = r.Role()
	}
	s, _ := h.(streamHandle)
	return s
}

// lineReader reads what a person types, with its line feeds.
func lineReader(source LineSource) reader {
	var rest []byte
	return func(ctx context.Context, p []byte) (int, error) {
		if len(rest) == 0 {
			line, err := source.Line(ctx, "")
			if err != nil {
				return 0, err
			}
			rest = fmt.Appendln(nil, line)
		}
		n := copy(p, rest)
		rest = rest[n:]
		return n, nil
	}
}
