package luabind

import (
	"context"
	"io"
	"io/fs"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	lua "github.com/yuin/gopher-lua"

	"sosh/primitive"
	"sosh/session"
)

// Options says what a State has beside the table and the session.
type Options struct {
	Lessons  fs.FS                                               // scripts built into the program: "tcp-server.lua", "lib/…"; may be nil
	Shell    func(ctx context.Context, line string) (any, error) // runs a shell line for sosh("…"); may be nil
	Taken    func(name string) bool                              // whether a name is a command of the shell's own; may be nil
	Strict   bool                                                // an undefined global is an error; lessons are always strict
	Terminal bool                                                // print goes to a terminal: control characters are shown, not sent
	Stdin    io.Reader                                           // what io.read reads; nil is os.Stdin
	Stderr   io.Writer                                           // what io.stderr writes to; nil is os.Stderr

	grace time.Duration // to clean up after an interruption; tests shorten it
}

// A State is the Lua face of a session. All scripts and tasks share its
// globals. Any goroutine may use it.
type State struct {
	table   *primitive.Table
	session *session.Session
	opts    Options

	baton
	main *lua.LState // holds the globals; runs only the setup
	hook *hook
	cur  *task // who holds the baton

	pool     threads
	handles  handleMap
	hot      []*lua.LUserData // handles with a table of their own; see heat
	lookups  int
	sampled  *lua.LUserData // the handle of the look-up sampled last
	boxes    boxes
	methods  map[methodKey]*lua.LFunction
	types    metatables
	null     *lua.LUserData       // json.null
	active   map[*lua.LState]bool // coroutines that some task runs or is blocked in
	tasks    map[primitive.Handle]*task
	live     int                // tasks that have not ended, those that have not begun too
	waiting  map[*task]struct{} // those that wait for another
	roots    map[*task]bool
	modules  modules
	sources  map[string]*source                    // of chunks, to explain errors
	failures []failure                             // of the last line of the prompt
	known    map[string]bool                       // globals that were assigned, even nil
	seen     atomic.Pointer[[]primitive.Candidate] // globals, as Fields saw them last
	commands map[string]command
	listed   atomic.Pointer[[]primitive.ScriptCommand] // of commands
	co       coroutineLib
	stdin    *stdin
	runs     sync.WaitGroup
}

type methodKey struct {
	handle reflect.Type
	name   string
}

// New makes the Lua face of a table and a session.
func New(table *primitive.Table, sess *session.Session, o Options) *State {
	if o.grace == 0 {
		o.grace = graceTime
	}
	s := &State{
		table: table, session: sess, opts: o,
		methods: map[methodKey]*lua.LFunction{}, active: map[*lua.LState]bool{},
		tasks: map[primitive.Handle]*task{}, waiting: map[*task]struct{}{}, roots: map[*task]bool{},
		sources: map[string]*source{}, known: map[string]bool{},
	}
	s.handles.init()
	s.hook = &hook{s: s}
	s.main = lua.NewState(lua.Options{
		SkipOpenLibs: true, RegistrySize: 128, RegistryMaxSize: smallRegistry, RegistryGrowStep: 64,
		CallStackSize: smallStack, MinimizeStackMemory: true,
	})
	s.take()
	defer s.give()
	s.openLibraries()
	s.openRows()
	return s
}

// Close ends what runs in the state and waits for it. Tasks belong to the
// session, which must be closed first.
func (s *State) Close() {
	s.Stop()
	s.runs.Wait()
}

// Stop ends the scripts that run in the foreground for good: their time to
// clean up is over. It is what a second Ctrl-C does.
func (s *State) Stop() {
	s.take()
	defer s.give()
	for t := range s.roots {
		t.cancel()
		t.finalize()
	}
}

// enter gives the state to t, on the Lua thread th.
func (s *State) enter(t *task, th *lua.LState) {
	s.take()
	s.resumeAs(t, th)
}

func (s *State) resumeAs(t *task, th *lua.LState) {
	s.cur = t
	s.main.G.CurrentThread = th
	s.hook.reset(t)
}

// leave lets go of the state; enter with what it returns.
func (s *State) leave() (t *task, th *lua.LState) {
	t, th = s.cur, s.main.G.CurrentThread
	t.busy = false
	s.cur = nil
	s.give()
	return t, th
}

// pass lets another task run in the middle of t.
func (s *State) pass(t *task) {
	th := s.main.G.CurrentThread
	s.cur = nil
	s.baton.pass()
	t.busy = true
	s.resumeAs(t, th)
}

// unlocked runs fn without the baton: everything that may wait goes through it.
func (s *State) unlocked(fn func()) {
	t, th := s.leave()
	defer s.enter(t, th)
	fn()
}
