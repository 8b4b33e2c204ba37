package verbs

import (
	"context"
	"slices"
	"time"

	"sosh/primitive"
	"sosh/serve"
)

// services lists the built-in services of serve; the only list. A family with
// services of its own has a function beside its rows that is named here.
func services() []*primitive.Row {
	return slices.Concat(plainServices(), webServices(), smtpServices(), ftpServices(), []*primitive.Row{benchService()})
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
			Name: "daytime", Short: "Tell the date and time",
			Doc:     "RFC 867: each client gets the time in words, and the end. With --udp each datagram is answered with it.",
			Example: "serve 12345 daytime &; tcp connect 127.0.0.1 12345; expect --regex '[0-9:]{8}'",
			Varies:  true,
		}, func(_ context.Context, host serve.Host, _ noArgs) (serve.Runner, error) {
			return serve.Daytime(host, time.Now), nil
		}),
		serve.New(serve.Spec{
			Name: "chargen", Short: "Send characters without end",
			Doc: "RFC 864: lines of 72 printable characters, as fast as the client reads. With --udp a datagram is answered with as many " +
				"characters as it brought, at most 512: a server that gives more than it was asked can be turned on others by a false sender address.",
			Example: "serve 12345 chargen --limit 74 &; tcp connect 127.0.0.1 12345; recv --all",
		}, func(_ context.Context, host serve.Host, a chargenArgs) (serve.Runner, error) {
			return serve.Chargen(host, int64(a.Limit)), nil
		}),
		serve.New(serve.Spec{
			Name: "chat", Short: "Let clients talk to each other",
			Doc: "A room: each line that one says goes to all others. /name NAME, /who and /quit are for the room itself. " +
				"Who reads too slowly for its queue is put out. Control characters are escaped, so nobody writes on another's terminal.",
			Example: "serve 12345 chat &; tcp connect 127.0.0.1 12345; send --line /name anna; expect 'you are anna'",
		}, func(_ context.Context, host serve.Host, a chatArgs) (serve.Runner, error) {
			return serve.Chat(host, serve.ChatOptions{Queue: a.Queue, Patience: a.Patience, Line: int(a.Line)}), nil
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

type chargenArgs struct {
	Limit primitive.Size `default:"0" min:"0" help:"bytes for each client; 0 is without end"`
}

type chatArgs struct {
	Queue    int            `default:"100" min:"2" max:"10000" help:"lines that may wait for a slow reader"`
	Patience time.Duration  `default:"1s" min:"0" max:"60" help:"so long a full queue holds up the room; then out"`
	Line     primitive.Size `default:"4k" min:"1" max:"65536" help:"longest line"`
}

type replyArgs struct {
	Text primitive.Bytes `arg:"" rest:"" help:"what each client gets"`
}
