package verbs

import (
	"context"
	"encoding/hex"

	"sosh/primitive"
	"sosh/session"
)

func byteRows() []*primitive.Row {
	return []*primitive.Row{
		primitive.New(primitive.Spec{
			Name: "hexdump", Short: "Show bytes in hexadecimal and ASCII",
			Doc:     "Sixteen bytes a line. @file gives a file's bytes, $name a Lua value's.",
			Example: "hexdump \"GET / HTTP/1.0\\r\\n\"",
		}, hexdump),
		primitive.New(primitive.Spec{
			Name: "ask", Short: "Ask the person at the terminal",
			Doc:     "An empty answer, and a session without a terminal, give the default.",
			Example: "ask \"enter the target port number\" --default 80",
		}, ask),
	}
}

type hexdumpArgs struct {
	Data primitive.Bytes `arg:"" rest:"" help:"bytes to show"`
}

func hexdump(_ context.Context, _ *session.Session, a hexdumpArgs) (string, error) {
	return hex.Dump(a.Data), nil
}

type askArgs struct {
	Question primitive.Bytes `arg:"" rest:"" help:"what to ask"`
	Default  string          `help:"answer when there is none"`
}

func ask(ctx context.Context, s *session.Session, a askArgs) (string, error) {
	if !s.CanAsk() {
		return a.Default, nil
	}
	question := string(a.Question)
	if a.Default != "" {
		question += " [" + a.Default + "]"
	}
	answer, err := s.Ask(ctx, question)
	if err != nil {
		return "", err
	}
	if answer == "" {
		return a.Default, nil
	}
	return answer, nil
}
