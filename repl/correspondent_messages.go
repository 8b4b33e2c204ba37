package repl

import (
	"bytes"
	"context"

	"sosh/primitive"
)

// A messenger is a handle that carries whole messages, each way: a WebSocket.
type messenger interface {
	primitive.Handle
	SendText(ctx context.Context, text []byte) error
	RecvData(ctx context.Context) ([]byte, error)
}

// messagePeer is the other end of a messenger: a line is a message.
type messagePeer struct {
	handle messenger
	bare   bool // messages are shown as they are, without the end of a line
}

func (p *messagePeer) receive(ctx context.Context) ([]byte, string, error) {
	data, err := p.handle.RecvData(ctx)
	if err == nil && !p.bare && !bytes.HasSuffix(data, []byte("\n")) {
		data = append(data[:len(data):len(data)], '\n')
	}
	return data, "", err
}

func (p *messagePeer) send(ctx context.Context, data []byte) (int, error) {
	text := data
	if !p.bare {
		text = bytes.TrimSuffix(bytes.TrimSuffix(data, []byte("\n")), []byte("\r"))
	}
	if err := p.handle.SendText(ctx, text); err != nil {
		return 0, err
	}
	return len(data), nil
}

func (p *messagePeer) end() error   { return nil }
func (p *messagePeer) single() bool { return true }
