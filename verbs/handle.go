package verbs

import (
	"context"
	"strings"

	"sosh/primitive"
	"sosh/session"
	"sosh/sock"
	"sosh/web"
)

func handleRows() []*primitive.Row {
	return []*primitive.Row{
		primitive.New(primitive.Spec{
			Name: "handles", Short: "List what is open",
			Example: "listen 12345; handles",
		}, handles),
		primitive.New(primitive.Spec{
			Name: "info", Short: "Show what is known of a handle",
			Doc:     "The same fields can be read in Lua: c.laddr, c.raddr, c.state …",
			Example: "listen 12345; info l1",
		}, info),
		primitive.New(primitive.Spec{
			Name: "use", Short: "Make a handle the current one",
			Doc:     "The current handle stands in for one left out at the prompt.",
			Example: "listen 12345; udp bind 0; use l1",
		}, use),
		primitive.New(primitive.Spec{
			Name: "opt", Short: "Read or set a socket option",
			Doc: "Without a name: all options that can be read. With a name: its value. With a value: sets it. " +
				"The system may round: Linux doubles sndbuf and rcvbuf.",
			Example: "tcp connect 127.0.0.1 7; opt c1 nodelay on; opt c1 nodelay", Needs: "echo",
			Offers: map[string]func() []primitive.Candidate{"option": offerOptions},
			Raises: []primitive.Kind{primitive.Unsupported, primitive.Denied, primitive.Closed},
		}, opt),
		primitive.New(primitive.Spec{
			Name: "close", Short: "Close a handle and free its port",
			Doc:     "Wakes whoever waits on it. A task is cancelled.",
			Example: "listen 12345; close l1",
		}, closeHandle),
	}
}

type handlesArgs struct{}

// A handleRow is one line of `handles`.
type handleRow struct {
	ID    string `help:"its name"`
	Names string `help:"names of your own for it"`
	Type  string `help:"stream, listener, datagram, socket, websocket or task"`
	State string `help:"what it can do now"`
	Laddr string `help:"its own address" volatile:""`
	Raddr string `help:"the peer's address" volatile:""`
}

func handles(_ context.Context, s *session.Session, _ handlesArgs) ([]handleRow, error) {
	var rows []handleRow
	for _, h := range s.Handles() {
		if !h.Closed() {
			rows = append(rows, describe(s, h))
		}
	}
	return rows, nil
}

func describe(s *session.Session, h primitive.Handle) handleRow {
	row := handleRow{ID: h.Name(), Names: strings.Join(s.OwnNames(h), " "), Type: h.Type()}
	switch info := h.Info().(type) {
	case sock.Info:
		row.State, row.Laddr, row.Raddr = info.State, info.Laddr, info.Raddr
	case session.TaskInfo:
		row.State, row.Laddr = info.State, info.Laddr
	case web.SocketInfo:
		row.State, row.Laddr, row.Raddr = info.State, info.Laddr, info.Raddr
	}
	return row
}

type infoArgs struct {
	Handle primitive.Handle `arg:"" help:"what to show"`
}

func info(_ context.Context, _ *session.Session, a infoArgs) (any, error) {
	return a.Handle.Info(), nil
}

type useArgs struct {
	Handle primitive.Handle `arg:"" help:"handle to make current"`
}

func use(_ context.Context, s *session.Session, a useArgs) (primitive.Handle, error) {
	s.Use(a.Handle)
	return a.Handle, nil
}

// offerOptions lists the socket options for completion.
func offerOptions() (list []primitive.Candidate) {
	for _, o := range sock.Options() {
		list = append(list, primitive.Candidate{Text: o.Name, Help: o.Help, Suffix: " "})
	}
	return list
}

type optArgs struct {
	Handle primitive.Handle  `arg:"" help:"socket"`
	Option string            `arg:"" optional:"" help:"name of the option"`
	Value  primitive.Setting `arg:"" optional:"" help:"on, off or a number"`
}

// An optRow is one line of `opt` without a name.
type optRow struct {
	Option string `help:"name"`
	Value  any    `help:"on, off or a number"`
	Help   string `help:"what it does"`
}

func opt(_ context.Context, _ *session.Session, a optArgs) (any, error) {
	switch {
	case a.Option == "":
		return readable(a.Handle), nil
	case a.Value == "":
		return sock.GetOption(a.Handle, a.Option)
	}
	return nil, sock.SetOption(a.Handle, a.Option, string(a.Value))
}

// readable lists the options that this socket has.
func readable(h primitive.Handle) []optRow {
	var rows []optRow
	for _, o := range sock.Options() {
		if v, err := sock.GetOption(h, o.Name); err == nil {
			rows = append(rows, optRow{o.Name, v, o.Help})
		}
	}
	return rows
}

type closeArgs struct {
	Handle primitive.Handle `arg:"" help:"what to close"`
}

func closeHandle(_ context.Context, s *session.Session, a closeArgs) (primitive.None, error) {
	err := a.Handle.Close()
	if _, isTask := a.Handle.(*session.Task); !isTask {
		s.Forget(a.Handle)
	}
	return nothing(err)
}
