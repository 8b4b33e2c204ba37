//go:build !windows

package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"sosh/internal/nettest"
)

// A probed is what a line of a scan says.
type probed struct {
	Host  string
	Port  int
	State string
}

// recorded reads the lines of a file of results; a torn last one is left out.
func recorded(t *testing.T, path string) (lines []string, torn bool) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if torn = !strings.HasSuffix(line, "\n"); torn {
			break
		}
		var p probed
		if err := json.Unmarshal([]byte(line), &p); err != nil {
			t.Fatalf("%v: %q", err, line)
		}
		lines = append(lines, fmt.Sprint(p))
	}
	slices.Sort(lines)
	return lines, torn
}

// TestKilledScan kills scans with SIGKILL at some moment and continues them: what
// the file then holds is what a scan holds that nobody disturbed.
func TestKilledScan(t *testing.T) {
	t.Parallel()
	port := nettest.FreePort(t)
	l, err := net.Listen("tcp", "127.0.0.77:"+port)
	if err != nil {
		nettest.Missing(t, fmt.Sprintf("all of 127.0.0.0/8: %v", err))
	}
	defer l.Close()
	dir := t.TempDir()
	whole := filepath.Join(dir, "whole")
	args := []string{"scan", "127.0.0.0/23", port, "--quiet", "--timeout", "5s"}
	launch(t, sosh(t, append(args, "--out", whole)...)).finish(0)
	want, _ := recorded(t, whole)
	if len(want) != 512 {
		t.Fatalf("%d probes", len(want))
	}
	midway := 0
	for seed := 1; seed <= 20; seed++ {
		file := filepath.Join(dir, fmt.Sprint("seed", seed))
		slow := append(slices.Clone(args), "--seed", fmt.Sprint(seed), "--resume", file)
		for kills := range 2 {
			killAfter(t, file, kills*100+seed*5, append(slow, "--rate", "1500"))
		}
		if lines, _ := recorded(t, file); len(lines) > 0 && len(lines) < len(want) {
			midway++
		}
		launch(t, sosh(t, slow...)).finish(0)
		if got, torn := recorded(t, file); torn || !slices.Equal(got, want) {
			t.Errorf("seed %d: %d lines, want %d, torn: %v", seed, len(got), len(want), torn)
		}
	}
	if midway == 0 {
		t.Error("no scan was killed midway")
	}
}

// killAfter kills a scan once its file holds so many lines, or lets it end.
func killAfter(t *testing.T, file string, lines int, args []string) {
	t.Helper()
	p := launch(t, sosh(t, args...))
	for {
		if have, _ := recorded(t, file); len(have) >= lines {
			break
		}
		select {
		case <-p.ended:
			return
		default:
		}
	}
	_ = p.cmd.Process.Signal(syscall.SIGKILL) // it may have ended
	<-p.ended
}

// inOwnNetwork is a command that runs a line of the shell in a network namespace
// that has only a loopback: whole ranges are probed nowhere else.
func inOwnNetwork(t *testing.T, line string) *exec.Cmd {
	t.Helper()
	unshare := needs(t, "unshare")
	needs(t, "ip")
	if err := exec.Command(unshare, "-n", "true").Run(); err != nil {
		nettest.Missing(t, fmt.Sprintf("a network namespace of its own: %v", err))
	}
	cmd := sosh(t)
	cmd.Path = unshare
	cmd.Args = []string{unshare, "-n", "sh", "-c", `ip link set lo up && exec sosh -c "$0"`, line}
	return cmd
}

// openSockets are the lines of a scan of ours with --csv, and of nmap's -oG, by
// port: nmap names what is open only.
func openSockets(out string) (nmap map[string]bool, ours []map[string]string) {
	nmap = map[string]bool{}
	for s := bufio.NewScanner(strings.NewReader(out)); s.Scan(); {
		line := s.Text()
		switch cells := strings.Split(line, ","); {
		case strings.Contains(line, "Ports: "):
			_, list, _ := strings.Cut(line, "Ports: ")
			for item := range strings.SplitSeq(list, ", ") {
				f := strings.Split(item, "/")
				nmap[f[0]] = f[1] == "open"
			}
		case strings.HasPrefix(line, "host,"):
			ours = append(ours, map[string]string{})
		case len(ours) > 0 && len(cells) > 4:
			ours[len(ours)-1][cells[2]] = cells[4]
		}
	}
	return nmap, ours
}

// TestScanAgreesWithNmap compares all ports of 127.0.0.1, one by one, with nmap's
// connect scan of the same servers; three times, since an ephemeral port that
// meets itself would be a matter of luck. A part of those of ::1 once.
func TestScanAgreesWithNmap(t *testing.T) {
	t.Parallel()
	needs(t, "nmap")
	for _, c := range []struct {
		host, nmap, at string
		ports, rounds  int
	}{{"127.0.0.1", "-sT", "127.0.0.1:", 65535, 3}, {"::1", "-6 -sT", "[::1]:", 10000, 1}} {
		t.Run(c.host, func(t *testing.T) {
			servers := ""
			for i := range 20 {
				servers += fmt.Sprintf("serve %s%d echo &; ", c.at, (i+1)*(c.ports/21))
			}
			scan := fmt.Sprintf("scan %s 1-%d --csv", c.host, c.ports)
			scans := scan + " --all" + strings.Repeat("; "+scan, c.rounds-1) + "; " // the first shows every port
			nmapped := fmt.Sprintf("!nmap -n -Pn %s -p 1-%d -oG - %s; ", c.nmap, c.ports, c.host)
			out := launch(t, inOwnNetwork(t, servers+nmapped+scans+"exit")).finish(0)
			nmap, ours := openSockets(out)
			if len(nmap) != 20 || len(ours) != c.rounds {
				t.Fatalf("nmap sees %d open ports; %d scans", len(nmap), len(ours))
			}
			for i, states := range ours {
				if want := map[bool]int{true: c.ports, false: len(nmap)}[i == 0]; len(states) != want {
					t.Errorf("scan %d: %d ports, want %d", i+1, len(states), want)
				}
				for port, state := range states {
					if (state == "open") != nmap[port] || state != "open" && state != "closed" {
						t.Errorf("scan %d: port %s is %s, for nmap open: %v", i+1, port, state, nmap[port])
					}
				}
			}
		})
	}
}

// TestScanInterrupted holds that Ctrl-C ends a scan with what is known.
func TestScanInterrupted(t *testing.T) {
	port := nettest.FreePort(t)
	l, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	p := launch(t, sosh(t, "scan", "127.0.0.0/16", port, "--rate", "50"))
	p.until(p.out, "the first rows", func(all string) bool { return strings.Contains(all, " open ") })
	p.interrupt()
	p.finish(130)
	if errs, _ := p.err.look(); !strings.Contains(errs, "1 open") || !strings.Contains(errs, "interrupted, of 65,536 probes") {
		t.Errorf("%q", errs)
	}
}
