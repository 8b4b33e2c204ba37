package verbs

import (
	"context"
	"time"

	"sosh/primitive"
	"sosh/session"
	"sosh/sock"
	"sosh/wire"
)

func wireRows() []*primitive.Row {
	return []*primitive.Row{
		primitive.New(primitive.Spec{
			Name: "explain", Short: "Show the system calls behind a command",
			Doc: "Runs a network command and shows each system call that it made, as strace does, with its result or error; then the same in Lua, Python and C. " +
				"With --dry-run nothing is run: the calls have no results. --only shows one part alone, as a program to be saved. " +
				"Its own flags stand before the command. What the short forms leave to Go's net package is made here call by call, so that it can be seen; " +
				"what Go's runtime does by itself is told in words.",
			Example: "explain tcp connect 127.0.0.1 7; explain --dry-run send c1 hello", Needs: "echo",
			Raises: []primitive.Kind{primitive.Refused, primitive.Timeout, primitive.Unsupported},
		}, explainCommand),
		primitive.New(primitive.Spec{
			Name: "diagram", Short: "Draw who spoke with whom, and what passed",
			Doc: "The interaction diagram of the session so far, from what really happened on its sockets: typed, in tasks, servers and scripts. " +
				"A connection or datagram with both ends here is one arrow. The journal that it is drawn from is on at the prompt and in lessons; " +
				"elsewhere diagram on begins it, diagram off ends it, diagram clear forgets it. It keeps the newest 4000 events. " +
				"--json gives the events.",
			Example: "diagram on; listen 12345; tcp connect 127.0.0.1 12345; accept l1; send c1 hello; recv c2; diagram",
			Raises:  []primitive.Kind{primitive.NotFound},
		}, diagram),
	}
}

type diagramArgs struct {
	Action string           `arg:"" default:"show" enum:"show,on,off,clear" help:"draw it, or begin, end or forget the journal"`
	Of     primitive.Handle `help:"only what this handle did, and others with it"`
	Last   int              `min:"0" help:"only so many events, the newest; 0 is all"`
	Ascii  bool             `help:"draw with plain characters"`
	Width  int              `min:"0" max:"1000" help:"columns; 0 is those of the window, else 80"`
}

// A drawing is a diagram and the events behind it.
type drawing struct {
	Journal string      `help:"on or off"`
	Events  []wireEvent `help:"what happened, oldest first"`
	Lost    int         `help:"earlier events that were not kept"`
	Text    string      `help:"the diagram" volatile:""`
}

// Words are the diagram.
func (d drawing) Words() primitive.Words { return primitive.Words{Line: d.Text} }

// A wireEvent is one event of the journal.
type wireEvent struct {
	Time   time.Duration   `help:"since the first event" volatile:""`
	What   string          `help:"open, bind, listen, connect, accept, send, recv, end, shutdown, close, error"`
	Handle string          `help:"whose; empty for a connection that did not come about"`
	Task   string          `help:"the task that did it"`
	Laddr  string          `help:"its own address" volatile:""`
	Raddr  string          `help:"the peer's address" volatile:""`
	Bytes  int             `help:"how many passed"`
	Data   primitive.Bytes `help:"the first 256 of them"`
	Note   string          `help:"which direction, the backlog"`
	Error  string          `help:"the kind of failure"`
}

func diagram(ctx context.Context, s *session.Session, a diagramArgs) (drawing, error) {
	j := wire.Of(s)
	switch a.Action {
	case "on", "off":
		j.Turn(a.Action == "on")
		return drawing{Journal: a.Action, Text: "the journal is " + a.Action}, nil
	case "clear":
		j.Clear()
		return drawing{Journal: onOff(j.On()), Text: "the journal is empty"}, nil
	}
	entries, lost := j.Entries()
	if len(entries) == 0 && !j.On() {
		return drawing{}, primitive.Newf(primitive.NotFound, "nothing was kept: the journal is off").WithHint("diagram on begins it, before what it is to show")
	}
	if a.Last > 0 && len(entries) > a.Last {
		lost += len(entries) - a.Last
		entries = entries[len(entries)-a.Last:]
	}
	if a.Width == 0 {
		a.Width = primitive.Width(ctx)
	}
	d := drawing{Journal: onOff(j.On()), Lost: lost, Text: wire.Draw(entries, lost, a.Of).Text(wire.Look{Width: a.Width, ASCII: a.Ascii})}
	for _, e := range entries {
		if a.Of == nil || e.Handle != nil && e.Handle.Name() == a.Of.Name() {
			d.Events = append(d.Events, eventOf(e, entries[0].At))
		}
	}
	return d, nil
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

func eventOf(e wire.Entry, first time.Time) wireEvent {
	w := wireEvent{Time: e.At.Sub(first), What: string(e.What), Task: e.Task, Laddr: text(e.Laddr), Raddr: text(e.Raddr), Bytes: e.N, Data: e.Data, Note: e.Note}
	if e.Handle != nil {
		w.Handle = e.Handle.Name()
	}
	if e.Err != nil {
		w.Error = string(sock.Kind(e.Err))
	}
	return w
}

// text is an address in one word, or nothing.
func text(a primitive.Addr) string {
	if a == (primitive.Addr{}) {
		return ""
	}
	return a.String()
}
