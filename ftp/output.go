package ftp

import (
	"errors"
	"os"

	"sosh/primitive"
)

// An output is the file that a transfer writes: FILE.part, until it is whole.
type output struct {
	file   *os.File
	name   string // while it is written
	final  string
	offset int64 // bytes that were there already
}

// openOutput begins a file, or goes on with one: with FILE.part if there is one,
// else with FILE itself, which somebody else began.
func openOutput(file string, resume bool) (*output, error) {
	o := &output{name: file + ".part", final: file}
	flags := os.O_CREATE | os.O_WRONLY | os.O_TRUNC
	if info, err := os.Stat(file); err == nil && !info.Mode().IsRegular() { // a device or a pipe has no parts
		o.name, flags, resume = file, os.O_WRONLY, false
	}
	if resume {
		flags = os.O_CREATE | os.O_WRONLY
		if _, err := os.Lstat(o.name); errors.Is(err, os.ErrNotExist) && isFile(file) {
			o.name = file
		}
	}
	f, err := os.OpenFile(o.name, flags, 0o666)
	if err != nil {
		return nil, fileError(err, o.name)
	}
	o.file = f
	if resume {
		if o.offset, err = f.Seek(0, 2); err != nil {
			o.leave()
			return nil, fileError(err, o.name)
		}
	}
	return o, nil
}

func isFile(name string) bool {
	info, err := os.Lstat(name)
	return err == nil && info.Mode().IsRegular()
}

// done gives the file its name.
func (o *output) done() error {
	err := o.file.Close()
	if err == nil && o.name != o.final {
		err = os.Rename(o.name, o.final)
	}
	if err != nil {
		return fileError(err, o.final)
	}
	return nil
}

// leave keeps what came; nothing is not worth keeping.
func (o *output) leave() {
	info, err := o.file.Stat()
	_ = o.file.Close() // why it failed is told already
	if err == nil && info.Size() == 0 && o.name != o.final {
		_ = os.Remove(o.name)
	}
}

// fileError is the error of a file on this side.
func fileError(err error, path string) error {
	e := *primitive.AsError(err)
	var pe *os.PathError
	if errors.As(err, &pe) {
		e.Cause = pe.Err.Error()
	}
	e.Target, e.Hint = path, "is the name right, and may it be read or written? !ls -l shows the files here"
	return &e
}
