package verbs

import (
	"context"
	"time"

	"sosh/primitive"
	"sosh/session"
	"sosh/watch"
)

func eventRows() []*primitive.Row {
	return []*primitive.Row{
		primitive.New(primitive.Spec{
			Name: "on", Short: "Do something each time something happens",
			Doc: "accept: each client of a listener is accepted, and is what the command is about. data: whenever bytes or datagrams wait that nobody has taken. " +
				"close, once: the peer ended the connection, or the handle was closed. end, once: a task ended. " +
				"The command is the rest of the line; in it the handle it is about is the current one, and is called it, or _. $name hands over a Lua function, " +
				"which gets the handle. It runs as a task, which jobs lists and kill ends; it ends with its handle.",
			Example: "sleep 10ms &; on end t1 hexdump AB; wait t2",
			Raises:  []primitive.Kind{primitive.NotReady, primitive.Unsupported},
			Beside:  true,
		}, on),
		primitive.New(primitive.Spec{
			Name: "waitfor", Short: "Wait until something happens",
			Doc: "accept: a client waits to be accepted. data: bytes or datagrams wait. close: the peer ended the connection, or the handle was closed. " +
				"end: a task ended. It takes nothing: accept and recv do.",
			Example: "tcp connect 127.0.0.1 7; send hello; waitfor data c1 --timeout 5s; recv --exact 5", Needs: "echo",
			Raises: []primitive.Kind{primitive.Timeout, primitive.EOF, primitive.Reset, primitive.Closed},
		}, waitFor),
		primitive.New(primitive.Spec{
			Name: "every", Short: "Do something again and again",
			Doc: "At once, and each time the interval has passed; a time that comes while the command still runs is left out. " +
				"A failure is told, and it goes on. In the foreground it runs until Ctrl-C, with & as a task. " +
				"In Lua a function is called; when it returns false, that was the last time.",
			Example: "every 10ms --count 2 sleep 1ms",
			Raises:  []primitive.Kind{primitive.Canceled},
		}, every),
	}
}

type onArgs struct {
	Event  string           `arg:"" enum:"accept,data,close,end" help:"what is to happen"`
	Handle primitive.Handle `arg:"" help:"where"`
	Action primitive.Action `arg:"" rest:"" name:"command" help:"command with its arguments, or a Lua function"`
}

func on(ctx context.Context, s *session.Session, a onArgs) (*session.Task, error) {
	return watch.Rule{Session: s, Event: watch.Event(a.Event), Handle: a.Handle, Action: a.Action}.Start(ctx)
}

type waitForArgs struct {
	Event   string           `arg:"" enum:"accept,data,close,end" help:"what is to happen"`
	Handle  primitive.Handle `arg:"" help:"where"`
	Timeout time.Duration    `help:"give up after this long; 0 waits for ever"`
}

func waitFor(ctx context.Context, _ *session.Session, a waitForArgs) (primitive.None, error) {
	e := watch.Event(a.Event)
	if err := e.Check(a.Handle); err != nil {
		return nothing(err)
	}
	ctx, cancel := within(ctx, a.Timeout)
	defer cancel()
	return nothing(watch.Await(ctx, a.Handle, e))
}

type everyArgs struct {
	Interval time.Duration    `arg:"" min:"0.001" help:"time between two beginnings"`
	Action   primitive.Action `arg:"" rest:"" name:"command" help:"command with its arguments, or a Lua function"`
	Count    int              `min:"0" help:"how often; 0 is for ever"`
	Duration time.Duration    `help:"no more after this long; 0 is for ever"`
}

func every(ctx context.Context, s *session.Session, a everyArgs) (*session.Task, error) {
	return watch.Repeat{Session: s, Every: a.Interval, Count: a.Count, For: a.Duration, Action: a.Action}.Start(ctx)
}
