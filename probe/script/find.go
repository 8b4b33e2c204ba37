package script

import (
	"context"
	"embed"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sosh/primitive"
)

//go:embed builtin/*.lua
var builtin embed.FS

// A Loader runs the source of a script and gives what it returns as plain data.
type Loader func(ctx context.Context, file, source string) (any, error)

// Bounds of what is read.
const (
	maxSource  = 1 << 20 // bytes of a script
	maxScripts = 500     // of one scan
)

// Names are those of the built-in scripts, in alphabetical order.
func Names() []string {
	entries, _ := fs.ReadDir(builtin, "builtin") // it is embedded
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = strings.TrimSuffix(e.Name(), ".lua")
	}
	return names
}

// Find loads the scripts that words mean, separated by commas: names of built-in
// ones, all for all of these, files and folders. A folder is all its *.lua. A file
// that declares no script is an error of kind usage.
func Find(ctx context.Context, words string, load Loader) ([]*Script, error) {
	f := finder{ctx: ctx, load: load, seen: map[string]bool{}}
	for word := range strings.SplitSeq(words, ",") {
		if word = strings.TrimSpace(word); word == "" {
			continue
		}
		if err := f.word(word); err != nil {
			return nil, err
		}
		if len(f.found) > maxScripts {
			return nil, primitive.Usagef("more than %d scripts", maxScripts)
		}
	}
	if len(f.found) == 0 {
		return nil, primitive.Usagef("%s names no script", primitive.Quote(words)).WithHint("script list shows the built-in ones")
	}
	return f.found, nil
}

// fileError is what was wrong with a file, without the name of the system call.
func fileError(path string, err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	return primitive.AsError(err).On(primitive.Escape(path, false))
}

type finder struct {
	ctx   context.Context
	load  Loader
	seen  map[string]bool // files
	found []*Script
}

func (f *finder) word(word string) error {
	switch {
	case word == every:
		for _, name := range Names() {
			if err := f.builtin(name); err != nil {
				return err
			}
		}
		return nil
	case slices.Contains(Names(), word):
		return f.builtin(word)
	}
	info, err := os.Stat(word)
	switch {
	case err == nil && info.IsDir():
		return f.folder(word)
	case err == nil:
		return f.file(word)
	case strings.ContainsAny(word, `/\`) || strings.HasSuffix(word, ".lua"):
		return fileError(word, err)
	}
	e := primitive.Usagef("there is no script %s", primitive.Quote(word))
	if hint := primitive.DidYouMean(word, append(Names(), every)); hint != "" {
		return e.WithHint("%s", hint)
	}
	return e.WithHint("script list shows the built-in ones; others are files and folders")
}

func (f *finder) builtin(name string) error {
	source, err := fs.ReadFile(builtin, "builtin/"+name+".lua")
	if err != nil {
		return err
	}
	return f.add(name+".lua", string(source), true)
}

func (f *finder) folder(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fileError(dir, err)
	}
	before := len(f.found)
	for _, e := range entries {
		if e.IsDir() || !strings.HasSuffix(e.Name(), ".lua") {
			continue
		}
		if err := f.file(filepath.Join(dir, e.Name())); err != nil {
			return err
		}
		if len(f.found) > maxScripts {
			return nil
		}
	}
	if len(f.found) == before {
		return primitive.Usagef("the folder %s has no *.lua", primitive.Quote(dir))
	}
	return nil
}

func (f *finder) file(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return fileError(path, err)
	}
	defer file.Close()
	source, err := io.ReadAll(io.LimitReader(file, maxSource+1))
	if err == nil && len(source) > maxSource {
		err = primitive.Newf(primitive.Oversized, "a script longer than %d bytes", maxSource)
	}
	if err != nil {
		return fileError(path, err)
	}
	return f.add(path, string(source), false)
}

// add loads one script, unless it is there already.
func (f *finder) add(file, source string, builtin bool) error {
	if f.seen[file] {
		return nil
	}
	f.seen[file] = true
	v, err := f.load(f.ctx, file, source)
	if err != nil {
		return err
	}
	s, err := Declared(file, v)
	if err != nil {
		return err
	}
	s.Builtin = builtin
	f.found = append(f.found, s)
	return nil
}

// Choose leaves the scripts that may run. When none may, the error of kind usage
// says what to ask for.
func Choose(list []*Script, c Choice) ([]*Script, error) {
	var chosen []*Script
	for _, s := range list {
		if c.Allows(s) {
			chosen = append(chosen, s)
		}
	}
	if len(chosen) > 0 {
		return chosen, nil
	}
	s := list[0]
	e := primitive.Usagef("no script of kind %s among them: %s is %s", strings.Join(c, ","), s.Name, strings.Join(s.Kinds, ", "))
	if slices.Contains(s.Kinds, intrusive) {
		return nil, e.WithHint("it may change, guess or weigh on something; if you may do that there: --script-kind safe,intrusive")
	}
	return nil, e.WithHint("--script-kind %s", strings.Join(s.Kinds, ","))
}
