package repl

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"io"
	"strings"

	"sosh/primitive"
)

// typed reads what the person types until they leave; nil when they are done and
// what comes is still to be shown.
func (v *conversation) typed(ctx context.Context) error {
	if v.o.mode == modeRaw {
		return v.typedRaw(ctx)
	}
	for {
		text, err := v.line(ctx)
		switch {
		case err == nil:
			v.say(text)
		case !errors.Is(err, io.EOF):
			return err
		case v.mute.Load() || v.peer.single() && v.f.prompt:
			return errLeft
		default:
			ending, cancel := v.endSending(ctx)
			defer cancel()
			if ctx = ending; v.keys == nil {
				<-ctx.Done()
				return v.lingered(ctx)
			}
		}
	}
}

// lingered is the end of a conversation whose input has ended: by the peer, or
// because it was waited for long enough.
func (v *conversation) lingered(ctx context.Context) error {
	if errors.Is(context.Cause(ctx), errLeft) {
		return errLeft
	}
	return ctx.Err()
}

// endSending is the end of the input: the peer of a stream is told. The context
// given bounds what comes then.
func (v *conversation) endSending(ctx context.Context) (context.Context, context.CancelFunc) {
	v.mute.Store(true)
	v.outbox.put(letter{end: true})
	if v.keys != nil && !v.peer.single() {
		v.note("sending has ended; %s only receives now", v.handle.Name())
	}
	linger := forEver
	switch {
	case v.f.netcat != nil && v.f.netcat.linger >= 0:
		linger = v.f.netcat.linger
	case v.peer.single():
		linger = datagramLinger
	}
	if linger < 0 {
		return ctx, func() {}
	}
	return context.WithTimeoutCause(ctx, linger, errLeft)
}

// line asks for a line.
func (v *conversation) line(ctx context.Context) (string, error) {
	if v.keys == nil {
		return v.lines.Line(ctx, "")
	}
	r := replyPrompt{text: v.prompt(), said: v.sh.said.lines}
	if v.o.mode == modeHex {
		r.said, r.hint = v.sh.said.hex, hexHint
	}
	text, err := v.keys.Reply(ctx, r)
	if err != nil && errors.Is(context.Cause(ctx), errLeft) {
		err = errLeft
	}
	return text, err
}

func (v *conversation) prompt() string {
	name := v.handle.Name()
	text := v.sh.look(true).Handle(name, name)
	if v.o.mode == modeHex {
		text += " hex"
	}
	if v.mute.Load() {
		text += " (receiving only)"
	}
	return text + "> "
}

// say sends a line.
func (v *conversation) say(text string) {
	if v.o.mode == modeHex {
		v.sayHex(text)
		return
	}
	v.sh.said.lines.Add(text)
	end := v.o.end()
	if end != "" {
		text = strings.ReplaceAll(text, "\n", end) + end
	}
	if text != "" || v.peer.single() {
		v.post([]byte(text))
	}
}

func (v *conversation) sayHex(text string) {
	v.sh.said.hex.Add(text)
	data, err := readHex(text)
	if err != nil {
		v.note("nothing was sent: %v", err)
		return
	}
	if len(data) > 0 {
		v.post(data)
	}
}

// readHex reads bytes in hexadecimal, as most programs write them: "48 65", "4865",
// "0x48, 0x65", "48:65", "\x48\x65".
func readHex(text string) ([]byte, error) {
	text = strings.NewReplacer(`\x`, " ", "0x", " ", "0X", " ").Replace(text)
	var data []byte
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\n,;:-", r) }) {
		if len(word) == 1 {
			word = "0" + word
		}
		piece, err := hex.DecodeString(word)
		var odd hex.InvalidByteError
		switch {
		case errors.As(err, &odd):
			return nil, primitive.Usagef("%s is not hexadecimal, such as 48 65 6c", primitive.Quote(word))
		case err != nil:
			return nil, primitive.Usagef("%s has an odd number of digits", word)
		}
		data = append(data, piece...)
	}
	return data, nil
}

// hexHint is what a line of hexadecimal means.
func hexHint(line string, _ int) string {
	data, err := readHex(line)
	if err != nil || len(data) == 0 {
		return ""
	}
	return byteCount(int64(len(data))) + ": " + primitive.Quote(string(data[:min(len(data), 64)]))
}

// typedRaw sends every key as it is.
func (v *conversation) typedRaw(ctx context.Context) error {
	read, over := v.keys.Raw()
	var unused []byte
	defer func() { over(unused) }()
	buf := make([]byte, 4<<10)
	for {
		n, err := read(ctx, buf)
		if errors.Is(err, io.EOF) {
			return errLeft // the terminal is gone
		}
		if err != nil {
			return err
		}
		keys, rest, left := bytes.Cut(bytes.Clone(buf[:n]), []byte{leaveKey})
		if len(keys) > 0 {
			v.post(keys)
		}
		if left {
			unused = rest
			return errLeft
		}
	}
}
