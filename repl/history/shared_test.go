//go:build unix

package history

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// With this in the environment the test binary is a shell that adds entries.
const asShell = "SOSH_HISTORY_TEST_SHELL"

const (
	shells = 6
	adds   = 150
)

func TestMain(m *testing.M) {
	if name := os.Getenv(asShell); name != "" {
		os.Exit(shell(name))
	}
	os.Exit(m.Run())
}

// shell adds its entries; every other one opens the file anew.
func shell(name string) int {
	syscall.Umask(0)
	path, letter, _ := strings.Cut(name, "|")
	h := New(Options{Path: path})
	for i := range adds {
		if err := h.Open(); err != nil {
			fmt.Println(err)
			return 1
		}
		h.Add(fmt.Sprintf("%s %d\n%s", letter, i, strings.Repeat(letter, i+1)))
		if i%20 == 19 {
			if err := h.Close(); err != nil {
				fmt.Println(err)
				return 1
			}
		}
	}
	if err := h.Close(); err != nil {
		fmt.Println(err)
		return 1
	}
	return 0
}

// Several shells that add at once lose nothing.
func TestSeveralShells(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sosh", "history")
	var running []*exec.Cmd
	for i := range shells {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s|%c", asShell, path, 'a'+i))
		cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		running = append(running, cmd)
	}
	for _, cmd := range running {
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	}
	h := opened(t, Options{Path: path})
	if h.Len() != shells*adds {
		t.Errorf("%d entries, want %d", h.Len(), shells*adds)
	}
	count := map[string]int{}
	for _, e := range h.List() {
		letter := e[:1]
		if want := fmt.Sprintf("%s %d\n%s", letter, count[letter], strings.Repeat(letter, count[letter]+1)); e != want {
			t.Fatalf("%q, want %q", e, want)
		}
		count[letter]++
	}
	private(t, path)
}

// private checks the modes of the file and its folder.
func private(t *testing.T, path string) {
	t.Helper()
	for name, want := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): 0o700} {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v, want %v", name, info.Mode(), err, want)
		}
	}
}

// The file is private from its first byte, whatever the umask is, and stays so.
func TestPrivate(t *testing.T) {
	for _, umask := range []int{0, 0o777, 0o022} {
		was := syscall.Umask(umask)
		t.Cleanup(func() { syscall.Umask(was) })
		path := filepath.Join(t.TempDir(), "new", "history")
		if umask == 0o777 { // nothing can be made below a folder of that mode
			path = filepath.Join(t.TempDir(), "history")
			os.Chmod(filepath.Dir(path), 0o700)
		}
		h := New(Options{Path: path})
		if err := h.Open(); err != nil {
			t.Fatal(err)
		}
		private(t, path) // nothing was written yet
		for i := range 50 {
			h.Add(fmt.Sprintf("%d %s", i, strings.Repeat("x", 200<<10)))
		}
		private(t, path) // it was shortened more than once
		h.Close()
		os.Chmod(path, 0o644)
		h.Open()
		private(t, path) // an older file is made so
		h.Close()
		syscall.Umask(was)
	}
}

// A file that another shell holds is waited for, but not for ever: the entry is
// written later.
func TestHeldFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	h, other := opened(t, Options{Path: path}), opened(t, Options{Path: path})
	unlock, err := lock(other.file)
	if err != nil {
		t.Fatal(err)
	}
	h.Add("one")
	wants(t, h, "one")
	unlock()
	h.Add("two")
	wants(t, opened(t, Options{Path: path}), "one", "two")
}

func TestPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := New(Options{Path: path}).Open(); err == nil {
		t.Error("a pipe is opened")
	}
}
