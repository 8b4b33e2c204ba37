//go:build linux

package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"sosh/internal/nettest"
)

// named are the attacks that can be names of files.
func named(t *testing.T) (list []attack) {
	for _, a := range corpus(t) {
		if name, can := a.fileName(); can {
			list = append(list, attack{a.name, name})
		}
	}
	return list
}

// Names of sockets: notices of clients, and all that shows addresses.
func TestHostileSocketNames(t *testing.T) {
	t.Parallel()
	dir, err := os.MkdirTemp("", "s") // names of sockets are short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	v := newVictim(t, sosh(t, "--no-init"))
	v.types("unix listen " + dir + "/l")
	for _, a := range named(t) {
		client, err := net.DialUnix("unix", &net.UnixAddr{Net: "unix", Name: dir + "/<" + a.bytes + ">"}, &net.UnixAddr{Net: "unix", Name: dir + "/l"})
		if err != nil {
			t.Fatalf("%s: %v", a.name, err)
		}
		v.types("c = accept l1")
		if answer := v.types("info c; handles; net sockets --proto unix --json; net sockets --proto unix"); !strings.Contains(answer, "/<") {
			t.Errorf("%s: no name in %q", a.name, answer)
		}
		client.Close()
		v.types("waitfor close c; recv c; try send c x; close c")
		server, err := net.Listen("unix", dir+"/<"+a.bytes+">.l")
		if err != nil {
			t.Fatalf("%s: %v", a.name, err)
		}
		v.types("lua x = assert(unix.connect(" + luaString(dir+"/<"+a.bytes+">.l") + "))")
		v.types("info x; lua print(x) x:close()")
		v.types("lua unix.listen(" + luaString(dir+"/<"+a.bytes+">.l") + ")")
		server.Close()
		v.types("lua unix.connect(" + luaString(dir+"/<"+a.bytes+">.l") + ")")
		v.checks(a)
	}
	v.ends()
}

// luaString is a text as a literal of Lua that holds printable ASCII alone.
func luaString(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		fmt.Fprintf(&b, `\%03d`, c)
	}
	return `"` + b.String() + `"`
}

// What a task prints, and how it fails, comes above the line being typed.
func TestHostileNotices(t *testing.T) {
	t.Parallel()
	v := newVictim(t, sosh(t, "--no-init"))
	for _, a := range corpus(t) {
		text := luaString("<" + a.bytes + ">")
		v.types("lua T = " + text + " t = task.spawn(function() task.sleep(0.005) print(T) io.stderr:write(T, '\\n') io.write(T) error(T) end)")
		io.WriteString(v.keys, "half")
		v.until("the notice above the line", func() bool {
			rows, row, col := v.screen.Screen()
			_, shown, _ := strings.Cut(v.screen.Text(), fmt.Sprintf("-- %d.", v.typed))
			return strings.Contains(shown, " failed") && // of more than 20 in a second only how many
				rows[row] == "sosh> half" && col == len(rows[row])
		})
		v.checks(a)
		io.WriteString(v.keys, "\x15")
		v.until("the prompt", v.prompts)
	}
	v.ends()
}

// Names of files: completion shows them, and what it inserts is one word.
func TestHostileFileNames(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	list := named(t)
	for _, a := range list {
		if err := os.WriteFile(filepath.Join(dir, "f"+a.bytes), []byte(a.bytes), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := sosh(t, "--no-init")
	cmd.Dir = dir
	v := newVictim(t, cmd)
	for i := range list {
		tabs := strings.Repeat("\t", i+2)
		io.WriteString(v.keys, "hexdump @f"+tabs)
		v.until("a name", func() bool {
			rows, _, _ := v.screen.Screen()
			return strings.Contains(strings.Join(rows, "\n"), fmt.Sprintf("%d of %d", i+1, len(list)))
		})
		io.WriteString(v.keys, "\r\r")
		v.until("the prompt", v.prompts)
		if answer := v.types("version"); !strings.Contains(answer, "sosh") {
			t.Errorf("%d: %q", i, answer)
		}
		v.checks(attack{fmt.Sprint("file ", i), "\x1b"})
	}
	v.ends()
}

// What the history file holds, the folder is called, and programs are called.
func TestHostileSurroundings(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a\x1b[2Jb\u009bc\u202ed\x07e\x9bf\x1b]0;x")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	cmd := sosh(t, "--no-init")
	cmd.Dir = dir
	writeHostileHistory(t, cmd, corpus(t))
	port := hostileProgram(t)
	v := newVictim(t, cmd)
	v.types("set prompt 'here {cwd}>'; set prompt 'here {cwd}> '")
	v.checks(attack{"cwd", "\x1b"})
	for _, line := range []string{
		"history", "net sockets --listening --port " + port, "net sockets --port " + port + " --json", "ss -tlnp", "listen " + port,
		"serve " + port + " echo &", "lua listen(" + port + ")", "!no\x1bsuch\x1b[2Jprogram", "run ./no\u009bne.lua", "help \u202ex", "\u202ex y", "tcp \u009bx",
		"unalias \u009b", "use \u009b", "fg \u202e", "set \u009b 1", "lua \u009b = = 1", "lua error('\u009b')", "completion \u009b", "lesson show \u009b",
	} {
		v.types(line)
		v.checks(attack{line, "\x1b"})
	}
	for range 60 { // through the history
		io.WriteString(v.keys, "\x1b[A")
	}
	io.WriteString(v.keys, "\x03")
	v.until("the prompt", v.prompts)
	for range 60 {
		io.WriteString(v.keys, "\x12<")
	}
	io.WriteString(v.keys, "\x03\x03")
	v.until("the prompt", v.prompts)
	v.checks(attack{"history", "\x1b"})
	v.ends()
}

func writeHostileHistory(t *testing.T, cmd *exec.Cmd, list []attack) {
	t.Helper()
	var text strings.Builder
	for _, a := range list {
		text.WriteString(strconv.Quote("<"+a.bytes+">") + "\n" + "<" + strings.ReplaceAll(a.bytes, "\n", "") + "> raw\n")
	}
	state := ""
	for _, e := range cmd.Env {
		if dir, is := strings.CutPrefix(e, "XDG_STATE_HOME="); is {
			state = dir
		}
	}
	if err := os.MkdirAll(filepath.Join(state, "sosh"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(state, "sosh", "history"), []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

// hostileProgram is the port on which a program listens whose name is an attack.
func hostileProgram(t *testing.T) (port string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "\x1b[2J\u009b\u202e\a")
	if err := os.Symlink(self, link); err != nil {
		t.Fatal(err)
	}
	port = nettest.FreePort(t)
	cmd := sosh(t, "serve", port, "echo")
	cmd.Path = link
	server := launch(t, cmd)
	server.until(server.err, port, func(all string) bool { return strings.Contains(all, port) })
	return port
}
