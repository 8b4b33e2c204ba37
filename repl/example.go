package repl

import (
	"context"
	"strings"

	"sosh/primitive"
	"sosh/session"
)

// demonstrate types the example of a row into a shell of its own. What it needs
// runs in another session, so that the names of its handles are those of the
// example.
func (sh *Shell) demonstrate(ctx context.Context, f frame, row *primitive.Row) error {
	peers := session.New(session.Options{})
	defer peers.Close()
	addresses, err := sh.exampleAddresses(ctx, peers, row)
	if err != nil {
		return err
	}
	demo, s := sh.another(f)
	defer s.Close()
	for line := range strings.SplitSeq(addresses.Replace(row.Example), "; ") {
		if err := f.write(f.look.Dim("> ") + f.safe(line)); err != nil {
			return err
		}
		if err := demo.demoLine(ctx, line); err != nil {
			return err
		}
	}
	return nil
}

// another is a shell that writes where this one does, with nothing open.
func (sh *Shell) another(f frame) (*Shell, *session.Session) {
	var demo *Shell
	s := session.New(session.Options{
		Out:   WriterFunc(func(p []byte) (int, error) { return demo.Write(p) }),
		Notes: func(n session.Note) { demo.Note(n) },
	})
	o := sh.opts
	o.Session, o.Lua, o.Lines, o.Recorder, o.HistoryFile, o.InitFile = s, nil, nil, nil, "", ""
	o.In, o.InTTY, o.Out, o.OutTTY, o.Err = nil, false, f.out, f.tty, sh.err
	demo = New(o)
	if sh.lua != nil {
		s.SetScripts(sh.lua)
	}
	return demo, s
}

// demoLine runs a line that is shown already.
func (sh *Shell) demoLine(ctx context.Context, line string) error {
	list, err := sh.parse(line)
	for _, st := range list {
		if err == nil {
			_, err = sh.do(ctx, st, sh.frame())
		}
	}
	if primitive.KindOf(err) == primitive.EOF {
		sh.report(err, "", sh.frame())
		return nil
	}
	return err
}

// exampleAddresses replaces the addresses of an example by live ones: that of a
// server started for it, and a port that is free.
func (sh *Shell) exampleAddresses(ctx context.Context, peers *session.Session, row *primitive.Row) (*strings.Replacer, error) {
	free, err := sh.portOf(ctx, peers, "listen", true)
	if err != nil {
		return nil, err
	}
	peer := "7"
	switch row.Needs {
	case "":
	case "echo":
		peer, err = sh.echoServer(ctx, peers)
	case "udp-echo":
		peer, err = sh.udpEcho(ctx, peers)
	default:
		err = primitive.Newf(primitive.Unsupported, "its example needs %s, which cannot be started here", row.Needs)
	}
	return strings.NewReplacer("127.0.0.1 7", "127.0.0.1 "+peer, "12345", free), err
}

// portOf runs a row that listens on a port of the system's choice and gives the
// number; with done the port is free again.
func (sh *Shell) portOf(ctx context.Context, s *session.Session, name string, done bool) (string, error) {
	h, err := sh.handleOf(ctx, s, name, "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	if done {
		defer h.Close()
	}
	return infoOf(h, "lport"), nil
}

// handleOf runs a row of a session that makes a handle.
func (sh *Shell) handleOf(ctx context.Context, s *session.Session, name string, words ...any) (primitive.Handle, error) {
	result, err := sh.callIn(ctx, s, name, words...)
	h, ok := result.(primitive.Handle)
	if err == nil && !ok {
		err = primitive.Newf(primitive.Unsupported, "%s opens nothing here", name)
	}
	return h, err
}

// callIn calls a row through the door, in a session that is not the shell's.
func (sh *Shell) callIn(ctx context.Context, s *session.Session, name string, words ...any) (any, error) {
	row, _ := sh.table.Find(strings.Fields(name)...)
	if row == nil {
		return nil, primitive.Newf(primitive.Unsupported, "there is no command %s", name)
	}
	args := row.NewArgs()
	values := make([]primitive.Value, len(words))
	for i, w := range words {
		if text, ok := w.(string); ok {
			w = primitive.Word(text)
		}
		values[i] = primitive.ValueOf(w)
	}
	if err := args.Bind(values); err != nil {
		return nil, err
	}
	return row.Do(ctx, s, args)
}

// echoServer starts an echo server that ends with the session.
func (sh *Shell) echoServer(ctx context.Context, s *session.Session) (port string, err error) {
	if _, err := sh.handleOf(ctx, s, "serve", "127.0.0.1:0", "echo"); err != nil {
		return "", err
	}
	for _, h := range s.Handles() {
		if h.Type() == "listener" && !h.Closed() {
			return infoOf(h, "lport"), nil
		}
	}
	return "", primitive.Newf(primitive.Failed, "the server did not start")
}

// udpEcho sends every datagram back until the session ends.
func (sh *Shell) udpEcho(ctx context.Context, s *session.Session) (port string, err error) {
	u, err := sh.handleOf(ctx, s, "udp bind", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	s.Go(ctx, "udp echo", func(ctx context.Context) ([]any, error) {
		for {
			got, err := sh.callIn(ctx, s, "recvfrom", u)
			rec, ok := got.(primitive.Record)
			if err != nil || !ok || len(rec) < 3 {
				return nil, err
			}
			data, _ := rec[0].Value.(primitive.Bytes)
			if _, err := sh.callIn(ctx, s, "sendto", u, cell(rec[1].Value), cell(rec[2].Value), string(data)); err != nil {
				return nil, err
			}
		}
	})
	return infoOf(u, "lport"), nil
}
