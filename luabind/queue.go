package luabind

import (
	lua "github.com/yuin/gopher-lua"

	"sosh/primitive"
)

// A queue carries values between tasks; put waits while it is full.
type queue struct {
	items   []lua.LValue
	limit   int
	closed  bool
	putters waiters
	getters waiters
}

const maxQueue = 1 << 20

func (s *State) openQueues() {
	s.types.queue = s.metatable(map[string]lua.LGFunction{"__tostring": constant("queue"), "__len": s.queueLen})
	s.types.queue.RawSetString("__index", s.main.SetFuncs(s.main.NewTable(), map[string]lua.LGFunction{
		"put": s.queuePut, "get": s.queueGet, "close": s.queueClose, "len": s.queueLen,
	}))
}

func constant(text string) lua.LGFunction {
	return func(L *lua.LState) int {
		L.Push(lua.LString(text))
		return 1
	}
}

// newQueue(n) is a queue for n values; one if n is left out.
func (s *State) newQueue(L *lua.LState) int {
	n := L.OptInt(1, 1)
	if n < 1 || n > maxQueue {
		return s.argError(L, 1, "a queue holds 1 to %d values", maxQueue)
	}
	L.Push(&lua.LUserData{Value: &queue{limit: n}, Env: s.main.Env, Metatable: s.types.queue})
	return 1
}

func (s *State) checkQueue(L *lua.LState) *queue {
	if ud, ok := L.Get(1).(*lua.LUserData); ok {
		if q, ok := ud.Value.(*queue); ok {
			return q
		}
	}
	s.raise(L, primitive.Usagef("no queue to work on").WithHint("use a colon: q:get()"))
	return nil
}

var errQueueClosed = &primitive.Error{Kind: primitive.Closed, Cause: "the queue is closed"}

// queuePut(v, [timeout]) is true, or nil, message, kind.
func (s *State) queuePut(L *lua.LState) int {
	q := s.checkQueue(L)
	v := L.Get(2)
	if v == lua.LNil {
		return s.argError(L, 1, "a queue does not hold nil")
	}
	ctx := s.mayBlockOr(L, len(q.items) < q.limit)
	timeout, stop := s.seconds(L, 3)
	defer stop()
	for !q.closed && len(q.items) >= q.limit {
		if err := q.putters.wait(s, ctx, timeout, wait{what: "for room in a queue"}); err != nil {
			return s.pushDone(L, "put", err)
		}
	}
	if q.closed {
		return s.pushDone(L, "put", errQueueClosed)
	}
	q.items = append(q.items, v)
	q.getters.wake()
	L.Push(lua.LTrue)
	return 1
}

// queueGet([timeout]) is the oldest value, or nil, message, kind; kind closed
// when the queue is closed and empty.
func (s *State) queueGet(L *lua.LState) int {
	q := s.checkQueue(L)
	ctx := s.mayBlockOr(L, len(q.items) > 0)
	timeout, stop := s.seconds(L, 2)
	defer stop()
	for !q.closed && len(q.items) == 0 {
		if err := q.getters.wait(s, ctx, timeout, wait{what: "for a value in a queue"}); err != nil {
			return s.pushDone(L, "get", err)
		}
	}
	if len(q.items) == 0 {
		return s.pushDone(L, "get", errQueueClosed)
	}
	v := q.items[0]
	q.items[0] = nil
	q.items = q.items[1:]
	q.putters.wake()
	L.Push(v)
	return 1
}

// queueClose ends the queue; what is in it can still be taken.
func (s *State) queueClose(L *lua.LState) int {
	q := s.checkQueue(L)
	q.closed = true
	q.getters.wakeAll()
	q.putters.wakeAll()
	L.Push(lua.LTrue)
	return 1
}

func (s *State) queueLen(L *lua.LState) int {
	L.Push(lua.LNumber(len(s.checkQueue(L).items)))
	return 1
}
