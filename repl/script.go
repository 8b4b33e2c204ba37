package repl

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"sosh/primitive"
)

// isFile is whether the name of a script is that of a file, not of a lesson.
func isFile(name string) bool {
	return strings.ContainsRune(name, '/') || strings.ContainsRune(name, filepath.Separator) ||
		strings.HasSuffix(name, ".lua") || strings.HasSuffix(name, ".sosh")
}

// runFile runs a Lua script, or the lines of any other file.
func (sh *Shell) runFile(ctx context.Context, name string, args []string, f frame) error {
	if strings.HasSuffix(name, ".lua") {
		if sh.lua == nil {
			return primitive.Newf(primitive.Unsupported, "there is no Lua here")
		}
		if _, err := os.Stat(name); err != nil {
			return fileError(name, err)
		}
		return sh.lua.RunFile(ctx, name, args)
	}
	file, err := os.Open(name)
	if err != nil {
		return fileError(name, err)
	}
	defer file.Close()
	if sh.lua != nil {
		list := make([]any, len(args))
		for i, a := range args {
			list[i] = a
		}
		sh.lua.Set("arg", list)
	}
	f.netcat = nil
	return sh.runLines(ctx, name, newInput(file, false), f)
}

// runLines runs lines that nobody types: the first failure ends them, and is
// reported with its place.
func (sh *Shell) runLines(ctx context.Context, name string, in *input, f frame) error {
	f.chunk = name
	first := 0 // the first failure of --keep-going
	for number := 1; ; {
		text, err := sh.block(ctx, in)
		if err == io.EOF {
			return failedWith(first)
		}
		place := fmt.Sprintf("%s:%d:", name, number)
		if err == nil {
			f.line = number - 1
			err = sh.runBlock(ctx, text, name, number, f)
			number += 1 + strings.Count(text, "\n")
		}
		if leaves(err) {
			return err
		}
		code := sh.report(err, place, f)
		if code != 0 && (!sh.keepGoing || ctx.Err() != nil) {
			return reported{code}
		}
		if first == 0 {
			first = code
		}
	}
}

func failedWith(code int) error {
	if code == 0 {
		return nil
	}
	return reported{code}
}

// block reads as many lines as make complete statements.
func (sh *Shell) block(ctx context.Context, in *input) (string, error) {
	text, err := in.line(ctx)
	for err == nil && sh.lacksEnd(text) {
		var line string
		if line, err = in.line(ctx); err == nil {
			text += "\n" + line
		}
		if len(text) > maxLine {
			return "", primitive.Newf(primitive.Oversized, "a statement is longer than %d bytes", maxLine)
		}
		if err == io.EOF {
			return text, nil // parsing it again tells what is missing
		}
	}
	return text, err
}

// runBlock runs the statements of a block. Failures inside are reported with
// their own line.
func (sh *Shell) runBlock(ctx context.Context, text, name string, number int, f frame) error {
	list, err := sh.parse(text)
	if err != nil {
		return err
	}
	first := 0
	for _, st := range list {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		f.line = number - 1 + strings.Count(text[:st.pos], "\n")
		_, err := sh.do(ctx, st, f)
		if leaves(err) {
			return err
		}
		place := fmt.Sprintf("%s:%d:", name, f.line+1)
		if _, ours := err.(unknown); st.lua != "" && !ours {
			place = "" // Lua says it itself
		}
		code := sh.report(err, place, f)
		if code != 0 && !sh.keepGoing {
			return reported{code}
		}
		if first == 0 {
			first = code
		}
	}
	return failedWith(first)
}
