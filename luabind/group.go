package luabind

import (
	"errors"
	"slices"

	lua "github.com/yuin/gopher-lua"

	"sosh/primitive"
	"sosh/session"
)

// A group is tasks that are waited for together. The first that fails cancels
// the others. It is used under the baton.
type group struct {
	tasks    []*session.Task // that still run or lately did, by number; nil when ended
	results  []lua.LValue    // what each gave first, by number
	running  int
	ending   []*session.Task // out of Lua, and perhaps not over yet
	waited   bool            // somebody takes the outcome
	err      error           // the first failure
	canceled bool
	waiting  waiters
}

// Tasks of one group between two waits.
const maxGroup = 1 << 20

func (s *State) openGroups() {
	s.types.group = s.metatable(map[string]lua.LGFunction{"__tostring": constant("group")})
	s.types.group.RawSetString("__index", s.main.SetFuncs(s.main.NewTable(), map[string]lua.LGFunction{
		"spawn": s.groupSpawn, "wait": s.groupWait, "cancel": s.groupCancel,
	}))
}

// newGroup() is a group. With a function it calls that with the group, waits for
// the tasks, and gives what g:wait() gives; if the function fails, its tasks are
// cancelled and waited for first.
func (s *State) newGroup(L *lua.LState) int {
	g := &group{}
	ud := &lua.LUserData{Value: g, Env: s.main.Env, Metatable: s.types.group}
	if L.GetTop() == 0 {
		L.Push(ud)
		return 1
	}
	fn := L.CheckFunction(1)
	g.waited = true
	if _, err := s.protect(L, fn, append([]lua.LValue{ud}, argumentsFrom(L, 2)...), nil); err != nil {
		g.cancel()
		_ = s.awaitGroup(L, g) // its outcome is the function's
		s.cur.rethrow(err)
	}
	return s.groupOutcome(L, g)
}

func (s *State) checkGroup(L *lua.LState) *group {
	if ud, ok := L.Get(1).(*lua.LUserData); ok {
		if g, ok := ud.Value.(*group); ok {
			return g
		}
	}
	s.raise(L, primitive.Usagef("no group to work on").WithHint("use a colon: g:spawn(fn)"))
	return nil
}

// groupSpawn(fn, …) starts a task in the group. In a group that has failed it
// begins cancelled.
func (s *State) groupSpawn(L *lua.LState) int {
	g := s.checkGroup(L)
	fn := L.CheckFunction(2)
	if len(g.tasks) >= maxGroup {
		return s.raise(L, primitive.Newf(primitive.Oversized, "a group has at most %d tasks", maxGroup).WithHint("g:wait() empties it"))
	}
	t := &task{group: g, number: len(g.tasks)}
	g.tasks, g.results = append(g.tasks, nil), append(g.results, lua.LFalse)
	g.running++
	h := s.start(functionText(fn), t, fn, argumentsFrom(L, 3))
	if !h.Closed() {
		g.tasks[t.number] = h
	}
	if g.canceled {
		h.Cancel()
	}
	L.Push(s.handle(h))
	return 1
}

// taskEnded keeps the outcome of a task of the group.
func (s *State) taskEnded(g *group, t *task, results []any, err error) {
	g.running--
	h := g.tasks[t.number]
	g.tasks[t.number] = nil
	if h != nil {
		if len(g.ending) == cap(g.ending) { // before it grows
			g.ending = slices.DeleteFunc(g.ending, (*session.Task).Closed)
		}
		g.ending = append(g.ending, h)
	}
	switch {
	case err != nil && g.err == nil:
		g.err = err
		g.cancel()
		if g.waited && h != nil {
			h.Join()
		}
	case err == nil:
		g.results[t.number] = s.groupResult(results)
	}
	if g.running == 0 {
		g.waiting.wakeAll()
	}
}

// groupResult is what stands in the list for a task: lists have no holes.
func (s *State) groupResult(results []any) lua.LValue {
	if len(results) == 0 {
		return lua.LTrue
	}
	if v := s.toLua(results[0]); v != lua.LNil {
		return v
	}
	return lua.LFalse
}

func (g *group) cancel() {
	g.canceled = true
	for _, h := range g.tasks {
		if h != nil {
			h.Cancel()
		}
	}
}

// groupCancel() interrupts the tasks of the group.
func (s *State) groupCancel(L *lua.LState) int {
	s.checkGroup(L).cancel()
	L.Push(lua.LTrue)
	return 1
}

// groupWait() waits for all tasks: a list with what each gave first, or nil,
// message, kind of the first that failed. The group is empty afterwards.
func (s *State) groupWait(L *lua.LState) int {
	g := s.checkGroup(L)
	if s.cur.group == g {
		return s.raisef(L, "a task cannot wait for its own group")
	}
	return s.groupOutcome(L, g)
}

func (s *State) groupOutcome(L *lua.LState, g *group) int {
	if err := s.awaitGroup(L, g); err != nil {
		g.cancel()
		return s.pushDone(L, "wait", err)
	}
	results, err := g.results, g.err
	*g = group{}
	if err != nil {
		return s.fail(L, nil, failedNotUsage(cloneError(err)))
	}
	list := L.CreateTable(len(results), 0)
	for i, v := range results {
		list.RawSetInt(i+1, v)
	}
	L.Push(list)
	return 1
}

// awaitGroup waits until no task of the group runs.
func (s *State) awaitGroup(L *lua.LState, g *group) error {
	ctx := s.mayBlockOr(L, g.running == 0)
	g.waited = true
	for g.running > 0 {
		if err := g.waiting.wait(s, ctx, nil, wait{what: "for the tasks of a group"}); err != nil {
			return err
		}
	}
	s.awaitEnding(g)
	return nil
}

// awaitEnding waits until the states of the group's tasks say that they are over:
// after g:wait() none is running. That is soon, and needs no baton.
func (s *State) awaitEnding(g *group) {
	wait := func() {
		for _, h := range g.ending {
			<-h.Done()
		}
	}
	if s.cur.atomic > 0 {
		wait()
	} else {
		s.unlocked(wait)
	}
	g.ending = nil
}

// ended tells the group of a task, and counts it out.
func (s *State) ended(t *task, results []any, err error) {
	if t.counted {
		t.counted = false
		s.live--
	}
	var exit *ExitError
	if t.exit != nil || errors.As(err, &exit) {
		err = t.reason()
	}
	if t.group != nil {
		s.taskEnded(t.group, t, results, err)
	}
}
