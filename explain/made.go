package explain

import (
	"sosh/primitive"
	"sosh/sock"
)

// made are the calls by which a handle can be had in a script.
func (r Request) made(h primitive.Handle) []primitive.Call {
	info, ok := sock.RoleOf(h).Info().(sock.Info)
	if !ok {
		return nil
	}
	local, remote := addrOf(info.Lhost, info.Lport, info.Family), addrOf(info.Rhost, info.Rport, info.Family)
	switch role := sock.RoleOf(h).(type) {
	case *sock.Stream:
		if role.Origin() == primitive.Accepted {
			return r.accepted(h, local)
		}
		return r.call(name(remote, "tcp connect", "unix connect"), h, remote, remote.Path)
	case *sock.Listener:
		return r.call(name(local, "listen", "unix listen"), h, local, local.Path)
	case *sock.Datagram:
		if role.Connected() {
			return r.call("udp connect", h, remote, "")
		}
		return r.call("udp bind", h, local, "")
	}
	return nil
}

func name(a primitive.Addr, inet, unix string) string {
	if a.Path != "" {
		return unix
	}
	return inet
}

// accepted listens and accepts.
func (r Request) accepted(h primitive.Handle, local primitive.Addr) []primitive.Call {
	l := &standIn{Label: new(primitive.Label)}
	l.SetName("listener")
	calls := r.call(name(local, "listen", "unix listen"), l, local, local.Path)
	row := r.Find("accept")
	if calls == nil || row == nil {
		return nil
	}
	given := primitive.Given{Param: row.Params[0], Value: primitive.Handle(l)}
	return append(calls, primitive.Call{Row: row, Given: []primitive.Given{given}, Result: h})
}

// call is a call of a row with an address, which made the handle.
func (r Request) call(of string, h primitive.Handle, a primitive.Addr, path string) []primitive.Call {
	row := r.Find(of)
	if row == nil {
		return nil
	}
	args := row.NewArgs()
	word := primitive.Word(a.String())
	if path != "" {
		word = primitive.Word(path)
	}
	if err := args.Bind([]primitive.Value{primitive.ValueOf(word)}); err != nil {
		return nil
	}
	return []primitive.Call{{Row: row, Given: args.Given(), Result: h}}
}

// A standIn is a listener that only a script is about.
type standIn struct{ *primitive.Label }

func (standIn) Prefix() string { return "l" }
func (standIn) Type() string   { return "listener" }
func (standIn) Info() any      { return sock.Info{} }
func (standIn) Closed() bool   { return false }
func (standIn) Close() error   { return nil }
