package verbs

import (
	"context"
	"slices"

	"sosh/primitive"
	"sosh/serve"
)

// services lists the built-in services of serve; the only list. A family with
// services of its own has a function beside its rows that is named here.
func services() []*primitive.Row {
	return slices.Concat(plainServices(), dnsServices())
}

// plainServices are the small ones of the first RFCs, and replies.
func plainServices() []*primitive.Row {
	return []*primitive.Row{
		serve.New(serve.Spec{
			Name: "echo", Short: "Send back what comes",
			Doc:     "RFC 862. With --udp each datagram goes back to its sender.",
			Example: "serve 12345 echo &; tcp connect 127.0.0.1 12345; send hello; recv --exact 5",
		}, func(_ context.Context, host serve.Host, _ noArgs) (serve.Runner, error) { return serve.Echo(host), nil }),
		serve.New(serve.Spec{
			Name: "discard", Short: "Take what comes and say nothing",
			Doc:     "RFC 863.",
			Example: "serve 12345 discard &; tcp connect 127.0.0.1 12345; send hello",
		}, func(_ context.Context, host serve.Host, _ noArgs) (serve.Runner, error) {
			return serve.Discard(host), nil
		}),
		serve.New(serve.Spec{
			Name: "reply", Short: "Send each client the same text",
			Doc: "The text is sent as it stands, then this side ends and takes what comes. With --udp it answers each datagram. " +
				"@FILE sends the bytes of a file.",
			Example: "serve 12345 reply hello &; tcp connect 127.0.0.1 12345; recv --all",
		}, func(_ context.Context, host serve.Host, a replyArgs) (serve.Runner, error) {
			return serve.Reply(host, a.Text), nil
		}),
	}
}

// noArgs is for services that take none.
type noArgs struct{}

type replyArgs struct {
	Text primitive.Bytes `arg:"" rest:"" help:"what each client gets"`
}
