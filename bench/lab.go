//go:build linux

package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

//go:embed echo.lua udp.lua peers
var programs embed.FS

const host = "127.0.0.1"

// A lab is a folder with the programs that take part, and what they are called in
// the commands of the contestants.
type lab struct {
	dir   string
	words map[string]string
}

// newLab builds sosh and the floor, both without cgo, into a folder of its own.
func newLab(ctx context.Context) (*lab, error) {
	dir, err := os.MkdirTemp("", "sosh-bench")
	if err != nil {
		return nil, err
	}
	l := &lab{dir: dir, words: map[string]string{
		"DIR": dir, "SOSH": filepath.Join(dir, "sosh"), "FLOOR": filepath.Join(dir, "floor"), "PYTHON": python(ctx),
	}}
	if err := errors.Join(os.CopyFS(dir, programs), l.build(ctx), allowDescriptors()); err != nil {
		l.close()
		return nil, err
	}
	return l, nil
}

func (l *lab) close() { os.RemoveAll(l.dir) }

func (l *lab) build(ctx context.Context) error {
	c := exec.CommandContext(ctx, "go", "build", "-o", l.dir+"/", "sosh", "sosh/bench/floor")
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, out)
	}
	return nil
}

// python is the interpreter itself, not what a version manager puts in its place.
func python(ctx context.Context) string {
	out, err := exec.CommandContext(ctx, "python3", "-c", "import sys; print(sys.executable)").Output()
	if err != nil {
		return "python3"
	}
	return strings.TrimSpace(string(out))
}

// allowDescriptors lets this process and its children have as many as they may;
// Go alone keeps that from children.
func allowDescriptors() error {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return os.NewSyscallError("getrlimit", err)
	}
	limit.Cur = limit.Max
	return os.NewSyscallError("setrlimit", syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit))
}
