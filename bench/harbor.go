//go:build linux

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// harborWord as the first argument makes this program the harbor.
const harborWord = "harbor"

// A harbor is a process in a network namespace that has only a loopback, with
// some servers: a scan of a whole range must not knock on this machine's own.
type harbor struct {
	cmd *exec.Cmd
	in  io.Closer
}

// Servers of the harbor, and how their ports lie.
const harborServers, firstHarbor, harborStep = 20, 1000, 1499

// openHarbor starts it. That takes root.
func openHarbor(ctx context.Context) (*harbor, error) {
	cmd := exec.CommandContext(ctx, os.Args[0], harborWord)
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET}
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("a network namespace of its own: %w", err)
	}
	h := &harbor{cmd, in}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "ready\n" {
		h.close()
		return nil, errors.New("the harbor does not open: it needs root, and the program ip")
	}
	return h, nil
}

func (h *harbor) close() {
	h.in.Close()
	_ = h.cmd.Wait() // it ends with its input
}

// enter is what stands before a command that is to run there.
func (h *harbor) enter() []string {
	return []string{"nsenter", "--net=/proc/" + strconv.Itoa(h.cmd.Process.Pid) + "/ns/net"}
}

// serveHarbor is the process: it serves until its input ends.
func serveHarbor() int {
	if out, err := exec.Command("ip", "link", "set", "lo", "up").CombinedOutput(); err != nil {
		fmt.Fprintln(os.Stderr, "ip link:", err, strings.TrimSpace(string(out)))
		return 1
	}
	for i := range harborServers {
		l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(firstHarbor+i*harborStep)))
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		go acceptAll(l)
	}
	fmt.Println("ready")
	_, _ = io.Copy(io.Discard, os.Stdin)
	return 0
}

func scanners() []contestant {
	return []contestant{
		{name: floor, command: words("$FLOOR scan $HOST 1-65535")},
		{name: "sosh scan", command: words("$SOSH scan $HOST 1-65535 --plain")},
		{name: "nmap -sT", command: words("nmap -sT -n -Pn -p- $HOST")},
		{name: "nc -z", command: words("nc -n -v -z -w 1 $HOST 1-65535")},
	}
}

// scan measures scans of all ports.
func (l *lab) scan(ctx context.Context, o options) ([]*table, error) {
	h, err := openHarbor(ctx)
	if err != nil {
		return nil, err
	}
	defer h.close()
	present, missing := l.entrants(ctx, scanners(), o)
	t := newTable("scan", "Scan: all 65,535 TCP ports of 127.0.0.1, "+strconv.Itoa(harborServers)+" open", fmt.Sprintf("Rounds: %d. "+
		"In a network namespace of its own. ms is a whole process.", o.rounds), present, "ms", "CPU ms")
	w := &watch{patience: o.patience}
	for range o.rounds {
		for _, c := range present {
			w.wait(ctx)
			m, err := timed(ctx, append(h.enter(), l.line(c, "")...))
			t.record(c.name, m, err)
		}
	}
	t.end(w, missing)
	return []*table{t}, ctx.Err()
}
