package main

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sosh/lesson"
)

// graded is the grade of a Python program, and what `sosh grade` ended with.
func graded(t *testing.T, code int, name, script string) lesson.Grade {
	t.Helper()
	script = filepath.Join("testdata", "python", script)
	run := launch(t, sosh(t, "grade", name, "--json", "--", needs(t, "python3"), script, "{port}"))
	var g lesson.Grade
	if err := json.Unmarshal([]byte(run.finish(code)), &g); err != nil {
		t.Fatal(err)
	}
	return g
}

// TestGradeGood holds that programs that do what the lecture's do get all points.
func TestGradeGood(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]string{
		"tcp-server": "tcp_server.py", "udp-server": "udp_server.py", "threaded-server": "threaded_server.py",
		"tcp-client": "grade/client_good.py", "udp-client": "grade/udp_client_good.py", "echo": "grade/echo_good.py",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if g := graded(t, 0, name, script); g.Points != g.Of || g.Of < 4 || g.Output != "" {
				t.Errorf("%+v", g)
			}
		})
	}
}

// TestGradeBad holds what each bad program misses, and that it gets the rest.
func TestGradeBad(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ lesson, script, missing string }{
		{"echo", "grade/echo_iterative.py", "serves a second client while the first is there; survives a client that tears the connection down"},
		{"tcp-client", "grade/client_bad.py", "sends hey server; sends another message when it is told to (yes, then the payload); closes when it is told no, and ends with exit code 0; survives a server that ends at once"},
		{"udp-server", "grade/udp_bad.py", "answers each sender at its own address; takes a datagram of 4096 bytes whole, and prints it"},
	} {
		t.Run(c.lesson, func(t *testing.T) {
			t.Parallel()
			var missing []string
			for _, m := range graded(t, 3, c.lesson, c.script).Marks {
				if !m.OK {
					missing = append(missing, m.What)
				}
			}
			want(t, "missing", strings.Join(missing, "; "), c.missing)
		})
	}
	t.Run("text", func(t *testing.T) {
		t.Parallel()
		if g := graded(t, 3, "echo", "grade/echo_text.py"); g.Points != 1 {
			t.Errorf("%+v", g)
		}
	})
}

// TestGradeCrash holds that a program that ends is told as that, its output
// escaped, and that what it started ends with it.
func TestGradeCrash(t *testing.T) {
	t.Parallel()
	crash := filepath.Join("testdata", "python", "grade", "crash.py")
	run := launch(t, sosh(t, "grade", "echo", "--", needs(t, "python3"), crash, "{port}"))
	out := run.finish(3)
	for _, text := range []string{"the program ended with exit code 7 before it listened", "0 of ", `\x1b]0;owned`, ": not tried"} {
		if !strings.Contains(out, text) {
			t.Errorf("the report lacks %q:\n%s", text, out)
		}
	}
	_, rest, _ := strings.Cut(out, "| child ")
	pid, _, _ := strings.Cut(rest, "\n")
	gone(t, pid)
	nothing := launch(t, sosh(t, "grade", "echo", "--", "./no-such-program", "{port}"))
	nothing.finish(3)
	nothing.says("the program cannot be started")
}

// gone waits for the end of a process, of which nobody tells: who was killed may
// live until it is its turn on a processor.
func gone(t *testing.T, pid string) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for late := time.After(patience); ; {
		if _, err := os.Stat(filepath.Join("/proc", pid, "exe")); err != nil {
			return
		}
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("process %s is alive", pid)
		}
	}
}

// TestGradeClass grades the programs of a class, and writes their points as CSV.
func TestGradeClass(t *testing.T) {
	t.Parallel()
	python, dir := needs(t, "python3"), t.TempDir()
	for student, script := range map[string]string{"ann": "echo_good.py", "bob": "crash.py"} {
		source, err := os.ReadFile(filepath.Join("testdata", "python", "grade", script))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Mkdir(filepath.Join(dir, student), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, student, "server.py"), source, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	table := filepath.Join(dir, "points.csv")
	run := launch(t, sosh(t, "grade", "echo", "--each", filepath.Join(dir, "*", "server.py"), "--csv", table, "--", python, "{file}", "{port}"))
	run.finish(3)
	run.says("ann", "9 of 9 points", "bob", "0 of 9 points")
	run.after(run.err, "points are missing in 1 of 2 programs")
	f, err := os.Open(table)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 3 || len(rows[0]) != 3+9+1 || rows[1][1] != "9" || rows[2][1] != "0" || rows[1][3] != "1" || rows[2][3] != "0" {
		t.Errorf("%q", rows)
	}
}
