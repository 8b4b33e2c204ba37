package luabind

import (
	"context"
	"path/filepath"

	lua "github.com/yuin/gopher-lua"
)

// Module runs the source of a script that declares something, and gives what it
// returns as plain data: tables as map[string]any and []any, functions as
// primitive.Callable. The globals are there to be read; what the script assigns is
// its own.
func (s *State) Module(ctx context.Context, file, source string) (any, error) {
	t := &task{place: placeOf(file), strict: true}
	defer s.forgetRoot(t)
	values, err := s.run(ctx, t, func() (*lua.LFunction, []lua.LValue, error) {
		fn, err := s.compile(withoutShebang(source), filepath.ToSlash(file))
		if err != nil {
			return nil, nil, err
		}
		env, mt := s.main.NewTable(), s.main.NewTable()
		mt.RawSetString("__index", s.main.G.Global)
		env.Metatable = mt
		fn.Env = env
		return fn, nil, nil
	})
	if err != nil {
		return nil, err
	}
	return s.declared(t, values)
}
