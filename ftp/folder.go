package ftp

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// local is the name of a file below the folder, as os.Root wants it. A Root
// follows links inside of its folder, and refuses those that lead out.
func (v *visit) local(arg string) (string, error) {
	name := strings.TrimPrefix(v.absolute(arg), "/")
	if name == "" {
		return ".", nil
	}
	return filepath.Localize(name)
}

// fail answers that a file cannot be had. Why it is nobody's business, but for
// what the client could know anyway.
func (v *visit) fail(err error) {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		v.reply(550, "there is no such file")
	case errors.Is(err, fs.ErrExist):
		v.reply(550, "it is there already")
	case errors.Is(err, fs.ErrPermission):
		v.reply(550, "no access to it")
	default:
		v.reply(550, "that cannot be done")
	}
}

// stat looks through links that stay inside.
func (v *visit) stat(arg string) (fs.FileInfo, error) {
	name, err := v.local(arg)
	if err != nil {
		return nil, err
	}
	return v.site.root.Stat(name)
}

var errNoFile = errors.New("not a regular file")

// open opens a regular file for reading. Others are not: a pipe would wait for
// ever.
func (v *visit) open(arg string) (*os.File, error) {
	info, err := v.stat(arg)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errNoFile
	}
	name, err := v.local(arg)
	if err != nil {
		return nil, err
	}
	return v.site.root.Open(name)
}

func (v *visit) changeTo(arg string) {
	info, err := v.stat(arg)
	switch {
	case err != nil:
		v.fail(err)
	case !info.IsDir():
		v.reply(550, "that is no folder")
	default:
		v.cwd = v.absolute(arg)
		v.reply(250, "now in "+v.cwd)
	}
}

func (v *visit) sizeOf(arg string) {
	info, err := v.stat(arg)
	switch {
	case v.ascii:
		v.reply(550, "first TYPE I: lines of text have no size")
	case err != nil:
		v.fail(err)
	case !info.Mode().IsRegular():
		v.reply(550, "that is no file")
	default:
		v.reply(213, itoa(info.Size()))
	}
}

func (v *visit) timeOf(arg string) {
	info, err := v.stat(arg)
	if err != nil {
		v.fail(err)
		return
	}
	v.reply(213, info.ModTime().UTC().Format("20060102150405"))
}

func (v *visit) facts(arg string) {
	info, err := v.stat(arg)
	if err != nil {
		v.fail(err)
		return
	}
	v.replies(250, "it is", factLine(renamed{info, v.absolute(arg)}, time.Now()), "that is all")
}

// renamed is a file by another name.
type renamed struct {
	fs.FileInfo
	name string
}

// Name is the other name.
func (r renamed) Name() string { return r.name }

// entriesOf lists a folder, or one file, by name. What a link leads out to is not
// there, nor is a name that would make lines of its own.
func (v *visit) entriesOf(arg string) ([]fs.FileInfo, error) {
	info, err := v.stat(arg)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []fs.FileInfo{renamed{info, path.Base(v.absolute(arg))}}, nil
	}
	name, err := v.local(arg)
	if err != nil {
		return nil, err
	}
	dir, err := v.site.root.Open(name)
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	var list []fs.FileInfo
	for len(list) < maxEntries {
		batch, err := dir.ReadDir(1000)
		for _, e := range batch {
			if info, err := v.stat(path.Join(v.absolute(arg), e.Name())); err == nil && !strings.ContainsAny(e.Name(), "\r\n") {
				list = append(list, renamed{info, e.Name()})
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(list, func(a, b fs.FileInfo) int { return strings.Compare(a.Name(), b.Name()) })
	return list, nil
}

func (v *visit) remove(arg string)       { v.change(arg, 250, "it is gone", false) }
func (v *visit) removeFolder(arg string) { v.change(arg, 250, "it is gone", true) }

// change removes a file, or an empty folder.
func (v *visit) change(arg string, code int, text string, folder bool) {
	name, err := v.local(arg)
	if err == nil && name == "." {
		err = fs.ErrPermission
	}
	if err != nil {
		v.fail(err)
		return
	}
	info, err := v.site.root.Lstat(name)
	switch {
	case err == nil && info.IsDir() && !folder:
		v.reply(550, "that is a folder: RMD")
		return
	case err == nil && !info.IsDir() && folder:
		v.reply(550, "that is no folder: DELE")
		return
	case err == nil:
		err = v.site.root.Remove(name)
	}
	if err != nil {
		v.fail(err)
		return
	}
	v.reply(code, text)
}

func (v *visit) makeFolder(arg string) {
	name, err := v.local(arg)
	if err == nil {
		err = v.site.root.Mkdir(name, 0o777)
	}
	if err != nil {
		v.fail(err)
		return
	}
	v.reply(257, quoted(v.absolute(arg))+" is there")
}

func (v *visit) renameFrom(arg string) {
	name, err := v.local(arg)
	if err == nil && name == "." {
		err = fs.ErrPermission
	}
	if err == nil {
		_, err = v.site.root.Lstat(name)
	}
	if err != nil {
		v.fail(err)
		return
	}
	v.rename = name
	v.reply(350, "and the new name")
}

func (v *visit) renameTo(arg string) {
	if v.rename == "" {
		v.mistake(503, "first the old name: RNFR")
		return
	}
	name, err := v.local(arg)
	if err == nil {
		err = v.site.root.Rename(v.rename, name)
	}
	if err != nil {
		v.fail(err)
		return
	}
	v.reply(250, "renamed")
}
