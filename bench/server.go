//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// ticksPerSecond is the unit of processor time in /proc: USER_HZ, 100 everywhere.
const ticksPerSecond = 100

// A server is a contestant that serves, with all its children: a process group.
type server struct {
	command *exec.Cmd
	port    int
}

// serve starts a server on a free port and waits until it is there.
func (l *lab) serve(ctx context.Context, network string, c contestant) (*server, error) {
	port, err := freePort(network)
	if err != nil {
		return nil, err
	}
	line := l.line(c, strconv.Itoa(port))
	command := exec.Command(line[0], line[1:]...)
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := command.Start(); err != nil {
		return nil, err
	}
	s := &server{command: command, port: port}
	if err := s.bound(ctx, network); err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

// stop ends the server and its children.
func (s *server) stop() {
	syscall.Kill(-s.command.Process.Pid, syscall.SIGKILL)
	s.command.Wait() // killed: there is nothing to learn from it
}

func freePort(network string) (int, error) {
	if network == "udp" {
		c, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.ParseIP(host)})
		if err != nil {
			return 0, err
		}
		return c.LocalAddr().(*net.UDPAddr).Port, c.Close()
	}
	l, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}

// bound waits for the server's socket in the system's list: a connection would be
// its first client.
func (s *server) bound(ctx context.Context, network string) error {
	ctx, cancel := context.WithTimeout(ctx, 8*time.Second)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !listed(network, s.port) {
		select {
		case <-ctx.Done():
			return errors.New("it does not listen")
		case <-tick.C:
		}
	}
	return nil
}

// listed is whether /proc/net has a socket on a port: for TCP one that listens.
func listed(network string, port int) bool {
	const listens = "0A"
	suffix := fmt.Sprintf(":%04X", port)
	for _, file := range []string{network, network + "6"} {
		text, _ := os.ReadFile("/proc/net/" + file)
		for line := range strings.Lines(string(text)) {
			f := strings.Fields(line)
			if len(f) > 3 && strings.HasSuffix(f[1], suffix) && (network == "udp" || f[3] == listens) {
				return true
			}
		}
	}
	return false
}

// memory is that of the server and its children in KiB: the proportional set
// size, in which what is shared counts once.
func (s *server) memory() (kib float64) {
	for pid := range s.processes() {
		kib += proportional(pid)
	}
	return kib
}

// busy is the processor time of the server and its children so far, in seconds.
func (s *server) busy() (seconds float64) {
	for pid, stat := range s.processes() {
		if stat.threads == "1" {
			seconds += nanoseconds(pid)
		} else {
			seconds += stat.seconds
		}
	}
	return seconds
}

// processStat is what /proc/PID/stat says of a process: its threads, and the
// seconds it was busy, by ticks, with the children it waited for.
type processStat struct {
	threads string
	seconds float64
}

// processes are those of the server's group, by their id.
func (s *server) processes() map[string]processStat {
	group := strconv.Itoa(s.command.Process.Pid)
	found := map[string]processStat{}
	files, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, file := range files {
		text, _ := os.ReadFile(file)
		_, rest, _ := strings.Cut(string(text), ") ")
		// From proc(5), after the name: 0 state, 2 group, 11 to 14 times, 17 threads.
		if f := strings.Fields(rest); len(f) > 17 && f[2] == group {
			found[filepath.Base(filepath.Dir(file))] = processStat{f[17], ticks(f[11:15])}
		}
	}
	return found
}

func ticks(fields []string) (seconds float64) {
	for _, f := range fields {
		n, _ := strconv.ParseFloat(f, 64)
		seconds += n / ticksPerSecond
	}
	return seconds
}

// nanoseconds is the busy time of a process with one thread: finer than ticks, of
// which a child that serves one client may not fill one.
func nanoseconds(pid string) (seconds float64) {
	text, _ := os.ReadFile("/proc/" + pid + "/schedstat")
	busy, _, _ := strings.Cut(string(text), " ")
	n, _ := strconv.ParseFloat(busy, 64)
	return n / 1e9
}

func proportional(pid string) float64 {
	text, _ := os.ReadFile("/proc/" + pid + "/smaps_rollup")
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, "Pss:"); ok {
			kib, _ := strconv.ParseFloat(strings.Fields(value)[0], 64)
			return kib
		}
	}
	return 0
}
