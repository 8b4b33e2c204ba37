package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"sosh/luabind"
	"sosh/primitive"
	"sosh/serve"
	"sosh/session"
	"sosh/sock"
	"sosh/verbs"
)

// A world is a session with servers, each of which sends back what comes.
type world struct {
	session *session.Session
	lua     *luabind.State
	servers []server
	seed    uint64
	clients atomic.Uint64 // of the framed server
	framed  counter
}

// A server is one of them.
type server struct {
	name   string
	addr   primitive.Addr
	breaks bool // it resets its clients at a random point
}

// A counter counts what a server took and gave.
type counter struct{ received, sent atomic.Int64 }

// Echo in Lua, counting what it takes and gives.
const luaEcho = `
received, sent = 0, 0
server = serve(0, function(c)
  while true do
    local data = c:recv(8192)
    if not data then break end
    received = received + #data
    if not c:send(data) then break end
    sent = sent + #data
  end
end)`

// open starts all servers, each on a port that the system chose.
func open(ctx context.Context, seed uint64) (*world, error) {
	table := verbs.Table()
	w := &world{session: session.New(session.Options{}), seed: seed}
	w.lua = luabind.New(table, w.session, luabind.Options{})
	for _, start := range []func(context.Context, *primitive.Table) error{w.startEcho, w.startLua, w.startFramed, w.startBreaking} {
		if err := start(ctx, table); err != nil {
			w.close()
			return nil, err
		}
	}
	return w, nil
}

func (w *world) close() {
	w.session.Close()
	w.lua.Close()
}

// startEcho is "serve 0 echo" through the one door.
func (w *world) startEcho(ctx context.Context, table *primitive.Table) error {
	row, _ := table.Find("serve")
	args := row.NewArgs()
	if err := args.Bind([]primitive.Value{primitive.ValueOf(primitive.Word("0")), primitive.ValueOf(primitive.Word("echo"))}); err != nil {
		return err
	}
	task, err := row.Do(ctx, w.session, args)
	if err != nil {
		return err
	}
	return w.serves("echo", task)
}

func (w *world) startLua(ctx context.Context, _ *primitive.Table) error {
	if _, err := w.lua.Run(ctx, luaEcho, "soak"); err != nil {
		return err
	}
	task, _ := w.lua.Get("server")
	return w.serves("Lua", task)
}

// serves notes where a task serves.
func (w *world) serves(name string, v any) error {
	task, ok := v.(*session.Task)
	if !ok {
		return fmt.Errorf("%s is no task but %v", name, v)
	}
	addr, err := primitive.ParseAddr(task.Info().(session.TaskInfo).Laddr, false)
	w.servers = append(w.servers, server{name: name, addr: addr})
	return err
}

func (w *world) startFramed(ctx context.Context, _ *primitive.Table) error {
	return w.start(ctx, server{name: "framed"}, func(ctx context.Context, c *sock.Stream) error {
		f := &framed{c: c, rng: rand.New(rand.NewPCG(w.seed, w.clients.Add(1))), count: &w.framed}
		return f.echo(ctx)
	})
}

func (w *world) startBreaking(ctx context.Context, _ *primitive.Table) error {
	return w.start(ctx, server{name: "breaking", breaks: true}, func(ctx context.Context, c *sock.Stream) error {
		rng := rand.New(rand.NewPCG(w.seed, w.clients.Add(1)))
		got, err := c.RecvExact(ctx, rng.IntN(4096))
		if err == nil {
			_, err = c.Send(ctx, got)
		}
		_ = sock.SetOption(c, "linger", "0") // the client may have reset it already
		return err
	})
}

// start serves with a function of our own.
func (w *world) start(ctx context.Context, as server, client func(context.Context, *sock.Stream) error) error {
	l, err := sock.ListenStream(ctx, primitive.Addr{Host: "127.0.0.1"}, sock.ListenOptions{Backlog: 128})
	if err != nil {
		return err
	}
	w.session.Adopt(l)
	(&serve.Server{Session: w.session, Listener: l, Name: as.name, Runner: serve.Runner{Client: client}, Silent: true}).Start(ctx)
	as.addr = l.Addr()
	w.servers = append(w.servers, as)
	return nil
}

// quiet waits until the servers have no client left.
func (w *world) quiet(limit time.Duration) error {
	late := time.NewTimer(limit)
	defer late.Stop()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for {
		open := w.open()
		if open == 0 {
			return nil
		}
		select {
		case <-late.C:
			return fmt.Errorf("%d clients are still served", open)
		case <-tick.C:
		}
	}
}

// open counts the handles beside the servers' own: a task and a listener each.
func (w *world) open() int {
	n := -2 * len(w.servers)
	for _, h := range w.session.Handles() {
		if !h.Closed() {
			n++
		}
	}
	return n
}
