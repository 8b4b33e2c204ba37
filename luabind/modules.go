package luabind

import (
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"sosh/primitive"
)

// A place is where a script is, and so where its modules are.
type place struct {
	fsys fs.FS  // of the lessons; nil is the file system
	dir  string // folder of the script
}

func (s *State) here() *place { return &place{dir: "."} }

func placeOf(file string) *place { return &place{dir: filepath.Dir(file)} }

func lessonFile(name string) string {
	if strings.HasSuffix(name, ".lua") {
		return name
	}
	return name + ".lua"
}

// A source longer than this is no script.
const maxSource = 16 << 20

// read reads a file of the place, without the baton being held.
func (p *place) read(name string) (string, error) {
	var f io.ReadCloser
	var err error
	if p.fsys != nil {
		f, err = p.fsys.Open(path.Clean(name))
	} else {
		f, err = os.Open(name)
	}
	if err != nil {
		return "", fileError(name, err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxSource+1))
	switch {
	case err != nil:
		return "", fileError(name, err)
	case len(data) > maxSource:
		return "", primitive.Newf(primitive.Oversized, "%s: longer than %d bytes", name, maxSource)
	}
	return withoutShebang(string(data)), nil
}

func fileError(name string, err error) error {
	e := *primitive.AsError(err)
	if pe, ok := err.(*fs.PathError); ok {
		e.Cause = pe.Err.Error()
	}
	e.Cause = primitive.Visible(name) + ": " + e.Cause
	return &e
}

// withoutShebang empties a first line for the system, and keeps its number.
func withoutShebang(source string) string {
	source = strings.TrimPrefix(source, "\ufeff")
	if strings.HasPrefix(source, "#") {
		if i := strings.IndexByte(source, '\n'); i >= 0 {
			return source[i:]
		}
		return ""
	}
	return source
}

// exists is whether the place has such a file.
func (p *place) exists(name string) bool {
	if p.fsys != nil {
		info, err := fs.Stat(p.fsys, path.Clean(name))
		return err == nil && !info.IsDir()
	}
	info, err := os.Stat(name)
	return err == nil && !info.IsDir()
}

// find is the file a name of a script means: beside the script, else from the
// working folder.
func (p *place) find(name string) string {
	if p.fsys != nil {
		return path.Join(p.dir, name)
	}
	if beside := filepath.Join(p.dir, name); !filepath.IsAbs(name) && p.exists(beside) {
		return beside
	}
	return name
}

// loadFile reads and compiles a file; the baton is let go of while reading.
func (s *State) loadFile(p *place, name string) (*lua.LFunction, error) {
	var source string
	var err error
	s.unlocked(func() { source, err = p.read(name) })
	if err != nil {
		return nil, err
	}
	return s.compile(source, filepath.ToSlash(name))
}

// modules is what require has loaded or is loading.
type modules struct {
	loaded  *lua.LTable
	loading map[string]*loading
}

// A loading is a module on its way; other tasks wait for it.
type loading struct {
	by      *task
	waiting waiters
}

func (s *State) openModules() {
	s.modules = modules{loaded: s.main.NewTable(), loading: map[string]*loading{}}
	pkg := s.globalTable("package")
	pkg.RawSetString("loaded", s.modules.loaded)
	pkg.RawSetString("preload", s.main.NewTable())
	pkg.RawSetString("path", lua.LString("./?.lua;./?/init.lua"))
	pkg.RawSetString("cpath", lua.LString(""))
	s.main.SetFuncs(s.main.G.Global, map[string]lua.LGFunction{
		"require": s.require, "dofile": s.dofile, "loadfile": s.loadfile, "load": s.load, "loadstring": s.load,
	})
}

// listLibraries lets require find what is built in.
func (s *State) listLibraries() {
	s.main.G.Global.ForEach(func(k, v lua.LValue) {
		if _, ok := v.(*lua.LTable); ok {
			s.modules.loaded.RawSet(k, v)
		}
	})
}

// require(name) finds name.lua beside the script, in its lib folder, or along
// package.path, and runs it once.
func (s *State) require(L *lua.LState) int {
	name := L.CheckString(1)
	for {
		if v := s.modules.loaded.RawGetString(name); v != lua.LNil {
			L.Push(v)
			return 1
		}
		other := s.modules.loading[name]
		if other == nil {
			return s.loadModule(L, name)
		}
		if other.by == s.cur {
			return s.raisef(L, "module %s requires itself", primitive.Quote(name))
		}
		if err := other.waiting.wait(s, s.mayBlock(L), nil, wait{what: "for module " + name}); err != nil {
			return s.pushDone(L, "require", err)
		}
	}
}

func (s *State) loadModule(L *lua.LState, name string) int {
	mine := &loading{by: s.cur}
	s.modules.loading[name] = mine
	defer func() {
		delete(s.modules.loading, name)
		mine.waiting.wakeAll()
	}()
	fn, err := s.findModule(name)
	if err != nil {
		return s.raise(L, err)
	}
	L.Push(fn)
	L.Push(lua.LString(name))
	L.Call(1, 1)
	v := L.Get(-1)
	if set := s.modules.loaded.RawGetString(name); v == lua.LNil && set != lua.LNil {
		v = set
	} else if v == lua.LNil {
		v = lua.LTrue
	}
	s.modules.loaded.RawSetString(name, v)
	L.Push(v)
	return 1
}

// findModule is the function that makes a module.
func (s *State) findModule(name string) (lua.LValue, error) {
	if preload, ok := s.globalTable("package").RawGetString("preload").(*lua.LTable); ok {
		if fn := preload.RawGetString(name); fn != lua.LNil {
			return fn, nil
		}
	}
	p := s.cur.place
	candidates := s.candidates(p, strings.ReplaceAll(name, ".", "/"))
	for _, file := range candidates {
		var found bool
		s.unlocked(func() { found = p.exists(file) })
		if found {
			return s.loadFile(p, file)
		}
	}
	return nil, primitive.Newf(primitive.NotFound, "module %s not found; looked for %s",
		primitive.Quote(name), primitive.Visible(strings.Join(candidates, ", ")))
}

func (s *State) candidates(p *place, file string) []string {
	if p.fsys != nil {
		return []string{path.Join(p.dir, file+".lua"), path.Join("lib", file+".lua")}
	}
	list := []string{filepath.Join(p.dir, file+".lua"), filepath.Join(p.dir, "lib", file+".lua")}
	for pattern := range strings.SplitSeq(s.globalTable("package").RawGetString("path").String(), ";") {
		if pattern != "" {
			list = append(list, filepath.FromSlash(strings.ReplaceAll(pattern, "?", file)))
		}
	}
	return list
}

// dofile(name) runs a file and gives what it returns.
func (s *State) dofile(L *lua.LState) int {
	p := s.cur.place
	fn, err := s.loadFile(p, p.find(L.CheckString(1)))
	if err != nil {
		return s.raise(L, err)
	}
	top := L.GetTop()
	L.Push(fn)
	L.Call(0, lua.MultRet)
	return L.GetTop() - top
}

// loadfile(name) is the function of a file, or nil, message, kind.
func (s *State) loadfile(L *lua.LState) int {
	p := s.cur.place
	fn, err := s.loadFile(p, p.find(L.CheckString(1)))
	return s.pushChunk(L, fn, err)
}

// load(source or function, name) compiles; a mistake gives nil, message, kind.
func (s *State) load(L *lua.LState) int {
	name := L.OptString(2, "chunk")
	if source, ok := L.Get(1).(lua.LString); ok {
		fn, err := s.compile(string(source), strings.TrimLeft(name, "@="))
		return s.pushChunk(L, fn, err)
	}
	reader := L.CheckFunction(1)
	var source strings.Builder
	for source.Len() <= maxSource {
		L.Push(reader)
		L.Call(0, 1)
		piece := L.Get(-1)
		L.Pop(1)
		if text, ok := piece.(lua.LString); !ok || text == "" {
			break
		}
		source.WriteString(piece.String())
	}
	fn, err := s.compile(source.String(), strings.TrimLeft(name, "@="))
	return s.pushChunk(L, fn, err)
}

func (s *State) pushChunk(L *lua.LState, fn *lua.LFunction, err error) int {
	if err != nil {
		return s.fail(L, nil, failedNotUsage(cloneError(err)))
	}
	L.Push(fn)
	return 1
}

func cloneError(err error) *primitive.Error {
	e := *primitive.AsError(err)
	return &e
}
