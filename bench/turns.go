//go:build linux

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// startsPerRound is how many turns of a start make a round: they are short.
const startsPerRound = 4

// start measures whole processes: begin, one connection, end.
func (l *lab) start(ctx context.Context, o options) ([]*table, error) {
	door, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		return nil, err
	}
	var welcome sync.WaitGroup
	welcome.Go(func() { acceptAll(door) })
	defer welcome.Wait()
	defer door.Close()
	port := strconv.Itoa(door.Addr().(*net.TCPAddr).Port)
	present, missing := l.entrants(ctx, starters(), o)
	t := newTable("start", "Start: a whole process with one connection", fmt.Sprintf("Rounds: %d of %d turns. ms is from "+
		"the start of the process to its end, CPU what it used of that.", o.rounds, startsPerRound), present, "ms", "CPU ms")
	w := &watch{patience: o.patience}
	for range o.rounds {
		w.wait(ctx)
		for range startsPerRound {
			for _, c := range present {
				m, err := timed(ctx, l.line(c, port))
				t.record(c.name, m, err)
			}
		}
	}
	t.end(w, missing)
	return []*table{t}, ctx.Err()
}

func acceptAll(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		c.Close()
	}
}

// timed runs a command to its end, at most twenty seconds.
func timed(ctx context.Context, line []string) (measurement, error) {
	path, err := exec.LookPath(line[0])
	if err != nil {
		return nil, err
	}
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	defer null.Close()
	attributes := &os.ProcAttr{Files: []*os.File{null, null, null}, Sys: &syscall.SysProcAttr{Setpgid: true}}
	began := time.Now()
	process, err := os.StartProcess(path, line, attributes)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	defer context.AfterFunc(ctx, func() { syscall.Kill(-process.Pid, syscall.SIGKILL) })()
	state, err := process.Wait()
	took := time.Since(began)
	if err != nil || !state.Success() {
		return nil, errors.Join(err, fmt.Errorf("it ended with %s", state))
	}
	return measurement{"ms": milliseconds(took), "CPU ms": milliseconds(state.UserTime() + state.SystemTime())}, nil
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// An echoTest is a kind of server that is put under load.
type echoTest struct {
	section, network, title string
	contestants             func() []contestant
	most                    int // clients; 0 is any number
}

var (
	tcpEcho = echoTest{"echo", "tcp", "TCP echo", echoServers, 0}
	// More clients than the kernel's buffer for one socket holds would measure losses.
	udpEcho = echoTest{"udp", "udp", "UDP echo", udpServers, 100}
)

// underLoad measures servers, one table for each number of clients.
func (l *lab) underLoad(ctx context.Context, o options, e echoTest) ([]*table, error) {
	present, missing := l.entrants(ctx, e.contestants(), o)
	w := &watch{patience: o.patience}
	var tables []*table
	for _, clients := range o.clients {
		if e.most > 0 && clients > e.most {
			continue
		}
		t := newTable(e.section, e.title+", "+countOf(clients), fmt.Sprintf("Rounds: %d of %g s. %d bytes there and back, "+
			"one ping a client on its way.", o.rounds, o.secs, pingSize), present, e.columns(clients)...)
		w.turns, w.busy = 0, 0
		for range o.rounds {
			for _, c := range present {
				if c.most > 0 && clients > c.most {
					continue
				}
				w.wait(ctx)
				m, err := l.turn(ctx, o, e, c, clients)
				t.record(c.name, m, err)
			}
		}
		t.end(w, missing)
		tables = append(tables, t)
	}
	return tables, ctx.Err()
}

func countOf(clients int) string {
	if clients == 1 {
		return "1 client"
	}
	return fmt.Sprintf("%d clients", clients)
}

// columns of a table: memory for each connection only where it is more than noise.
func (e echoTest) columns(clients int) []string {
	columns := []string{"pings/s", "median µs", "99 % µs", "CPU %"}
	if e.network == "tcp" && clients >= 50 {
		columns = append(columns, "KiB a connection")
	}
	return columns
}

// record adds a measurement, or a note why there is none, or what it lacks.
func (t *table) record(name string, m measurement, err error) {
	t.add(name, m)
	if err != nil {
		t.note("%s, turn %d: %v", name, len(t.turns[name]), err)
	}
}

// end writes the notes that concern the whole table.
func (t *table) end(w *watch, missing []string) {
	w.report(t)
	if len(missing) > 0 {
		t.note("Left out, as this machine does not have them: %s.", strings.Join(missing, ", "))
	}
}

// turn is one: a server is started, gets load, and is stopped.
func (l *lab) turn(ctx context.Context, o options, e echoTest, c contestant, clients int) (measurement, error) {
	s, err := l.serve(ctx, e.network, c)
	if err != nil {
		return nil, err
	}
	defer s.stop()
	limit := time.Minute + time.Duration(o.secs*float64(time.Second))
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return s.under(ctx, e.network, clients, o.secs)
}

// under puts load on the server and looks at what it uses meanwhile.
func (s *server) under(ctx context.Context, network string, clients int, secs float64) (measurement, error) {
	idle := s.memory()
	g, err := generator(ctx, network, s.port, clients, secs)
	if err != nil {
		return nil, err
	}
	defer g.stop()
	var ready, r loadReport
	if err := g.reports.Decode(&ready); err != nil {
		return nil, fmt.Errorf("no client got through: %w", err)
	}
	before := s.busy()
	if err := g.reports.Decode(&r); err != nil {
		return nil, fmt.Errorf("the load ended early: %w", err)
	}
	after, memory := s.busy(), s.memory()
	m := measurement{
		"pings/s": float64(r.Pings) / r.Seconds, "median µs": r.Median, "99 % µs": r.P99,
		"CPU %": 100 * (after - before) / r.Seconds, "KiB a connection": (memory - idle) / float64(clients),
	}
	return m, r.flaws(clients)
}

// flaws is what was not as it should be, if anything.
func (r loadReport) flaws(clients int) error {
	if r.Clients == clients && r.Lost+r.Broken+r.Wrong == 0 {
		return nil
	}
	return fmt.Errorf("%d of %d clients connected, %d connections broke, %d datagrams lost, %d answers wrong",
		r.Clients, clients, r.Broken, r.Lost, r.Wrong)
}

// generating is a generator at work.
type generating struct {
	command *exec.Cmd
	hold    io.Closer // its standard input: it holds the connections until then
	reports *json.Decoder
}

// generator starts this program again, to make load.
func generator(ctx context.Context, network string, port, clients int, secs float64) (*generating, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	address := net.JoinHostPort(host, strconv.Itoa(port))
	c := exec.CommandContext(ctx, self, loadWord, network, address, strconv.Itoa(clients), fmt.Sprint(secs))
	c.Env = append(os.Environ(), "GODEBUG=asyncpreemptoff=1") // no signals in its system calls
	c.Stderr = os.Stderr
	in, err1 := c.StdinPipe()
	out, err2 := c.StdoutPipe()
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	return &generating{command: c, hold: in, reports: json.NewDecoder(out)}, c.Start()
}

func (g *generating) stop() {
	g.hold.Close()
	g.command.Wait() // what it had to say it said in its reports
}
