package verbs

import (
	"context"
	"iter"
	"time"

	"sosh/load"
	"sosh/primitive"
	"sosh/serve"
	"sosh/session"
	"sosh/sock"
)

func loadRows() []*primitive.Row {
	return []*primitive.Row{
		primitive.New(primitive.Spec{
			Name: "bench", Short: "Measure throughput or answers between two sosh",
			Doc: "The other side is: serve PORT bench. The mode says what is measured: up is what arrives there, down what arrives here, both at once; " +
				"rr sends a message and waits for it to come back, and shows how many did in a second and how long they took. " +
				"A result comes every interval, the total at the end.",
			Example: "serve 12345 bench &; bench 127.0.0.1 12345 --mode rr --time 100ms",
			Raises:  []primitive.Kind{primitive.Refused, primitive.Timeout, primitive.Unreachable, primitive.NotFound, primitive.Unsupported, primitive.Reset},
			Varies:  true,
		}, bench),
		primitive.New(primitive.Spec{
			Name: "tcp load", Short: "Send many clients to a server",
			Doc: "Each client connects, talks, closes and connects again until the time is over. With --send and --expect it makes requests, " +
				"with --expect alone it waits for a greeting, with neither it only connects; --requests 0 keeps each connection to the end. " +
				"With --rate latencies count from when a connection, and with it its first request, was due, whether or not a client was free then: " +
				"a server that stalls makes others wait, and that is seen (wrk2 does the same); behind is how many are still to be begun. " +
				"Without it they count from when they begin. " +
				"What fails is counted by its kind and ends nothing. Clients for which this machine has no descriptors or ports are given up, and counted as short. " +
				"This is for servers of your own: one that is not on this machine takes --yes. At the prompt, load is short for it.",
			Example: "tcp load 127.0.0.1 7 --clients 5 --time 100ms --send hello --expect hello", Needs: "echo",
			Raises: []primitive.Kind{primitive.NotFound, primitive.Canceled},
			Varies: true,
		}, tcpLoad),
	}
}

// benchService is the other side of bench.
func benchService() *primitive.Row {
	return serve.New(serve.Spec{
		Name: "bench", Short: "Be the other side of bench",
		Doc: "Each connection is measured for at most --longest. A line at its end says how much went through. Whoever reaches the port can make " +
			"this machine send and take as fast as it can: --allow says who.",
		Example: "serve 12345 bench &; bench 127.0.0.1 12345 --time 100ms",
		Varies:  true,
	}, func(_ context.Context, host serve.Host, a benchServiceArgs) (serve.Runner, error) {
		return serve.Runner{Client: func(ctx context.Context, c *sock.Stream) error { return load.Serve(ctx, c, a.Longest, host.Log) }}, nil
	})
}

type benchServiceArgs struct {
	Longest time.Duration `default:"5m" min:"0.1" help:"end a connection after so long"`
}

type benchArgs struct {
	Addr     primitive.Addr `arg:"" help:"host and port of a: serve PORT bench"`
	Mode     string         `default:"up" enum:"up,down,both,rr" help:"what is measured: bytes there, here, both, or answers"`
	Time     time.Duration  `default:"5s" min:"0.01" max:"3600" help:"how long in all"`
	Interval time.Duration  `default:"1s" min:"0.01" help:"time between two results"`
	Streams  int            `default:"1" min:"1" max:"1000" help:"connections at once"`
	Size     primitive.Size `default:"0" min:"0" max:"1048576" help:"bytes of a message; 0 is 128k, or 64 for rr"`
	Timeout  time.Duration  `default:"10s" min:"0.001" help:"give up a connect after this long"`
}

func bench(ctx context.Context, s *session.Session, a benchArgs) (iter.Seq2[load.Measure, error], error) {
	plan := load.Plan{Mode: a.Mode, Streams: a.Streams, Size: int(a.Size), Time: a.Time, Interval: a.Interval}
	dial := func(ctx context.Context) (*sock.Stream, error) {
		ctx, cancel := context.WithTimeout(ctx, a.Timeout)
		defer cancel()
		return sock.DialStream(ctx, a.Addr, sock.DialOptions{})
	}
	return parallel(s, load.Bench(ctx, dial, plan)), nil
}

type tcpLoadArgs struct {
	Addr     primitive.Addr  `arg:"" help:"host and port of the server"`
	Clients  int             `default:"10" min:"1" max:"100000" help:"clients at once"`
	Time     time.Duration   `default:"5s" min:"0.01" max:"3600" help:"how long in all"`
	Interval time.Duration   `default:"1s" min:"0.01" help:"time between two results"`
	Rate     float64         `default:"0" min:"0" max:"1000000" help:"connections a second by all; 0 is as many as it takes"`
	Send     primitive.Bytes `help:"bytes of a request"`
	Expect   primitive.Bytes `help:"text that the answer, or a greeting, holds"`
	Requests int             `default:"1" min:"0" help:"on each connection; 0 is until the time is over"`
	Pause    time.Duration   `default:"0" min:"0" help:"between two requests, or how long to stay"`
	Timeout  time.Duration   `default:"5s" min:"0.001" help:"give up a connect or an answer after this long"`
	Yes      bool            `help:"you may load a server that is not on this machine"`
}

func tcpLoad(ctx context.Context, s *session.Session, a tcpLoadArgs) (iter.Seq2[load.Result, error], error) {
	if err := a.allowed(ctx); err != nil {
		return nil, err
	}
	return parallel(s, load.Run(ctx, func(ctx context.Context) (*sock.Stream, error) {
		return sock.DialStream(ctx, a.Addr, sock.DialOptions{})
	}, load.Crowd{
		Clients: a.Clients, Rate: a.Rate, Time: a.Time, Interval: a.Interval, Timeout: a.Timeout,
		Requests: a.Requests, Send: a.Send, Expect: a.Expect, Pause: a.Pause,
	})), nil
}

// allowed refuses a server elsewhere, unless one says that it may be loaded.
func (a *tcpLoadArgs) allowed(ctx context.Context) error {
	if a.Yes || a.Addr.Path != "" {
		return nil
	}
	ips, err := sock.Resolve(ctx, a.Addr.Host, "")
	if err != nil {
		return err
	}
	for _, ip := range ips {
		if !ip.IsLoopback() {
			return primitive.Usagef("%s is not on this machine, and a load can bring a server down", a.Addr).
				WithHint("if it is yours to load, say so: --yes")
		}
	}
	return nil
}
