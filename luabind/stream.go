package luabind

import (
	"context"
	"iter"
	"sync"

	lua "github.com/yuin/gopher-lua"

	"sosh/primitive"
)

// A stream is a result that a script draws item by item: for item in it do. It
// ends at exhaustion, with it:close(), or with its task.
type stream struct {
	op     string
	cancel context.CancelFunc

	mu   sync.Mutex // held while an item is drawn
	next func() (any, error, bool)
	stop func()
	done bool
}

func (s *State) openStreams() {
	s.types.stream = s.metatable(map[string]lua.LGFunction{"__tostring": constant("stream of results"), "__call": s.streamCall})
	s.types.stream.RawSetString("__index", s.main.SetFuncs(s.main.NewTable(), map[string]lua.LGFunction{
		"next": s.streamNext, "close": s.streamClose,
	}))
}

// openStream calls a row whose result is a stream; its context lives as long as
// the stream.
func (s *State) openStream(L *lua.LState, ctx context.Context, row *primitive.Row, args *primitive.Args) int {
	ctx, cancel := context.WithCancel(ctx)
	result, err := s.do(ctx, row, args)
	seq, ok := row.Result.Plain(result).(primitive.Stream)
	if err != nil || !ok {
		cancel()
		return s.fail(L, nil, err)
	}
	next, stop := iter.Pull2(iter.Seq2[any, error](seq))
	st := &stream{op: row.Name, cancel: cancel, next: next, stop: stop}
	t := s.cur
	if t.streams == nil {
		t.streams = map[*stream]struct{}{}
	}
	t.streams[st] = struct{}{}
	L.Push(&lua.LUserData{Value: st, Env: s.main.Env, Metatable: s.types.stream})
	return 1
}

// draw takes the next item; it may wait.
func (st *stream) draw() (item any, err error, ok bool) {
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.done {
		return nil, nil, false
	}
	for item, err, ok = st.next(); ok && err == nil && forPeople(item); item, err, ok = st.next() {
	}
	if err != nil && primitive.AsError(err).Told { // the items before it tell it: an end, no mishap
		item, err, ok = nil, nil, false
	}
	if !ok {
		st.finish()
	}
	return item, err, ok
}

// forPeople is whether an item is words without data.
func forPeople(item any) bool {
	s, ok := item.(primitive.Shown)
	return ok && s.Role != primitive.Told
}

func (st *stream) finish() {
	st.done = true
	st.stop()
	st.cancel()
}

// close ends the work behind the stream and waits for it.
func (st *stream) close() {
	st.cancel()
	st.mu.Lock()
	defer st.mu.Unlock()
	st.finish()
}

func (s *State) checkStream(L *lua.LState) *stream {
	if ud, ok := L.Get(1).(*lua.LUserData); ok {
		if st, ok := ud.Value.(*stream); ok {
			return st
		}
	}
	s.raise(L, primitive.Usagef("no stream of results to work on").WithHint("use a colon: it:close()"))
	return nil
}

func (s *State) take1(L *lua.LState, st *stream) (item any, err error) {
	s.mayBlock(L)
	var ok bool
	s.unlocked(func() { item, err, ok = st.draw() })
	if !ok {
		delete(s.cur.streams, st)
		if s.interrupted(s.cur) {
			s.raise(L, s.cur.reason()) // it has not come to its end, it was stopped
		}
	}
	if err != nil {
		e := *primitive.AsError(err)
		if e.Op == "" {
			e.Op = st.op
		}
		err = &e
	}
	return item, err
}

// streamCall is what a for loop calls. A loop has no place for an error, so it
// raises.
func (s *State) streamCall(L *lua.LState) int {
	item, err := s.take1(L, s.checkStream(L))
	if err != nil {
		return s.raise(L, err)
	}
	L.Push(s.toLua(item))
	return 1
}

// streamNext is the next item; nil at the end; nil, message, kind if that item
// failed.
func (s *State) streamNext(L *lua.LState) int {
	item, err := s.take1(L, s.checkStream(L))
	if err != nil {
		return s.fail(L, item, err)
	}
	L.Push(s.toLua(item))
	return 1
}

func (s *State) streamClose(L *lua.LState) int {
	st := s.checkStream(L)
	s.unlocked(st.close)
	delete(s.cur.streams, st)
	L.Push(lua.LTrue)
	return 1
}
