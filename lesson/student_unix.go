//go:build unix

package lesson

import (
	"os/exec"
	"syscall"
)

// ownGroup makes the program the leader of a process group, so that all it
// starts can be ended with it.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// killGroup ends the program and what it started. The group is there as long as
// any of them is, so that also those are met that outlive the program.
func killGroup(cmd *exec.Cmd) { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
