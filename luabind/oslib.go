package luabind

import (
	"errors"
	"os"
	"os/exec"

	lua "github.com/yuin/gopher-lua"
)

// openOS replaces what would end the process, wait with the baton, or change
// the environment behind the session's back.
func (s *State) openOS() {
	lib := s.functions("os", map[string]lua.LGFunction{
		"exit": s.exit, "execute": s.osExecute, "getenv": osGetenv,
		"remove": s.osRemove, "rename": s.osRename, "tmpname": s.osTmpname,
	})
	for _, name := range []string{"setenv", "setlocale"} {
		lib.RawSetString(name, lua.LNil)
	}
}

// osExecute(command) runs a command of the system; its exit code.
func (s *State) osExecute(L *lua.LState) int {
	line := L.CheckString(1)
	cmd := shellCommand(s.mayBlock(L), line)
	cmd.Stdout, cmd.Stderr = s.session.Out(), s.stderr().writer
	var err error
	s.unlocked(func() { err = cmd.Run() })
	s.mayBlock(L)
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		L.Push(lua.LNumber(exit.ExitCode()))
	case err != nil:
		return s.fail(L, nil, fileError("execute", err))
	default:
		L.Push(lua.LNumber(0))
	}
	return 1
}

// osGetenv(name) is nil when it is not set, and empty when it is empty.
func osGetenv(L *lua.LState) int {
	v, ok := os.LookupEnv(L.CheckString(1))
	if !ok {
		L.Push(lua.LNil)
		return 1
	}
	L.Push(lua.LString(v))
	return 1
}

func (s *State) osRemove(L *lua.LState) int {
	name := L.CheckString(1)
	return s.fileOperation(L, name, func() error { return os.Remove(name) })
}

func (s *State) osRename(L *lua.LState) int {
	from, to := L.CheckString(1), L.CheckString(2)
	return s.fileOperation(L, from, func() error { return os.Rename(from, to) })
}

func (s *State) fileOperation(L *lua.LState, name string, fn func() error) int {
	var err error
	s.unlocked(func() { err = fn() })
	if err != nil {
		return s.fail(L, nil, fileError(name, err))
	}
	L.Push(lua.LTrue)
	return 1
}

// osTmpname makes an empty file and names it.
func (s *State) osTmpname(L *lua.LState) int {
	f, err := os.CreateTemp("", "sosh")
	if err != nil {
		return s.fail(L, nil, fileError("tmpname", err))
	}
	f.Close()
	L.Push(lua.LString(f.Name()))
	return 1
}
