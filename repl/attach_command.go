package repl

import (
	"context"
	"slices"
	"strings"

	"sosh/primitive"
	"sosh/sock"
)

const attachUsage = "attach [stream|datagram|listener] [--mode line|raw|hex] [--eol lf|crlf|none] [--to HOST:PORT]"

// How one talks with a peer.
const (
	modeLine = "line"
	modeRaw  = "raw"
	modeHex  = "hex"
)

// attachOptions are what attach was given; the zero value is what it does alone.
type attachOptions struct {
	mode string         // "" is line, or bytes as they are where there is no terminal
	eol  string         // what ends a line: lf, crlf or none
	to   primitive.Addr // where datagrams go; zero: to the last sender
}

// end is what ends a line that is sent.
func (o attachOptions) end() string {
	return map[string]string{"": "\n", "lf": "\n", "crlf": "\r\n"}[o.eol]
}

// set takes an option.
func (o *attachOptions) set(name, value string) (err error) {
	switch name {
	case "--mode":
		o.mode, err = oneOf(name, value, modeLine, modeRaw, modeHex)
	case "--eol":
		o.eol, err = oneOf(name, value, "lf", "crlf", "none")
	case "--to":
		o.to, err = primitive.ParseAddr(value, false)
	default:
		e := primitive.Usagef("unknown flag %s", primitive.Escape(name, false))
		if near := primitive.Nearest(name, []string{"--mode", "--eol", "--to"}); near != "" {
			return e.WithHint("did you mean %s?", near)
		}
		return e
	}
	return err
}

func oneOf(name, value string, words ...string) (string, error) {
	if slices.Contains(words, value) {
		return value, nil
	}
	e := primitive.Usagef("%s is one of %s, not %s", name, strings.Join(words, ", "), primitive.Quote(value))
	if near := primitive.Nearest(value, words); near != "" {
		return "", e.WithHint("did you mean %s?", near)
	}
	return "", e
}

// attachWords takes the options out of the words, and gives the rest.
func attachWords(args []argument) (o attachOptions, rest []argument, err error) {
	for i := 0; i < len(args); i++ {
		name, value, has := strings.Cut(args[i].text, "=")
		if !args[i].bare || !strings.HasPrefix(name, "--") {
			rest = append(rest, args[i])
			continue
		}
		if !has {
			if i++; i == len(args) {
				return o, nil, primitive.Usagef("%s needs a value", primitive.Escape(name, false))
			}
			value = args[i].text
		}
		if err := o.set(name, value); err != nil {
			return o, nil, err
		}
	}
	if o.eol != "" && o.mode != "" && o.mode != modeLine {
		return o, nil, primitive.Usagef("--eol ends lines: in mode %s there are none", o.mode)
	}
	return o, rest, nil
}

// runAttach joins what is typed with the peer of a handle.
func runAttach(ctx context.Context, sh *Shell, c ownCall) (any, error) {
	o, rest, err := attachWords(c.args)
	if err != nil {
		return nil, err
	}
	if c.f.task {
		return nil, primitive.Usagef("it needs the keyboard, which only the foreground has")
	}
	h, err := sh.attachable(rest, c.f)
	if err != nil {
		return nil, err
	}
	if u, ok := sock.RoleOf(h).(*sock.Datagram); o.to != (primitive.Addr{}) && (!ok || u.Connected()) {
		return nil, primitive.Usagef("--to is for datagram sockets without a peer: %s has one", h.Name())
	}
	if correspondentOf(h, o) == nil {
		if h, err = sh.acceptFrom(ctx, h, c.f); err != nil {
			return nil, err
		}
		sh.session.Use(h)
	}
	return nil, sh.attachTo(ctx, h, o, c.f)
}

// attachTo is a conversation, or, where nobody types, an exchange of bytes.
func (sh *Shell) attachTo(ctx context.Context, h primitive.Handle, o attachOptions, f frame) error {
	if sh.source.Load() != nil || o.mode == modeLine || o.mode == modeHex || o.eol != "" {
		return sh.converse(ctx, h, o, f)
	}
	switch h := sock.RoleOf(h).(type) {
	case streamHandle:
		return sh.attach(ctx, h, sh.in.read, f)
	case peerHandle:
		if h.Connected() {
			return sh.attachDatagram(ctx, h, f)
		}
	}
	return sh.converse(ctx, h, o, f)
}

// attachable is the handle that was named, or the current one.
func (sh *Shell) attachable(args []argument, f frame) (h primitive.Handle, err error) {
	if len(args) > 1 {
		return nil, primitive.Usagef("it takes one handle")
	}
	if len(args) == 1 {
		b := &binder{sh: sh, frame: f}
		h, err = b.handle(args[0])
		if h == nil && err == nil {
			err = primitive.Usagef("%s is no handle", primitive.Quote(args[0].text)).WithHint("handles lists what is open")
		}
	} else {
		h, err = sh.session.Current(canAttach)
	}
	switch {
	case err != nil:
		return nil, err
	case h == nil:
		return nil, primitive.Usagef("there is nobody to talk with").WithHint("open a connection first: tcp connect HOST PORT")
	case !canAttach(h):
		return nil, primitive.Usagef("%s is a %s, with nobody at its other side", h.Name(), h.Type())
	}
	return h, nil
}

// canAttach is whether a handle can be talked with, or takes those that can.
func canAttach(h primitive.Handle) bool {
	return correspondentOf(h, attachOptions{}) != nil || sock.RoleOf(h).Type() == "listener"
}
