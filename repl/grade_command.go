package repl

import (
	"context"
	"encoding/json"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"sosh/lesson"
	"sosh/primitive"
)

const gradeUsage = "grade LESSON [--port N] [--timeout D] [--each GLOB] [--csv FILE] [--json] -- PROGRAM [ARGS…], with {port} and {file}"

// runGrade is the command grade.
func runGrade(ctx context.Context, sh *Shell, c ownCall) (any, error) {
	sh.heed()
	words, err := c.texts()
	if err != nil {
		return nil, err
	}
	call, err := readLessonCall(words, "--port --timeout --each --csv", "--json", false)
	if err != nil {
		return nil, err
	}
	c.f.json = c.f.json || call.switches["--json"]
	grading, files, err := readGrading(call)
	if err != nil {
		return nil, err
	}
	return nil, sh.grade(inside(ctx), call, grading, files, c.f)
}

// readGrading reads what is graded: one program, or one for each file.
func readGrading(call lessonCall) (g lesson.Grading, files []string, err error) {
	if len(call.names) != 1 {
		return g, nil, primitive.Usagef("which lesson?").WithHint("grade tcp-server -- python3 server.py {port}")
	}
	if len(call.rest) == 0 {
		return g, nil, primitive.Usagef("no program").WithHint("it follows --: grade %s -- python3 server.py {port}", primitive.Escape(call.names[0], false))
	}
	g.Command = call.rest
	if text := call.values["--port"]; text != "" {
		if g.Port, err = strconv.Atoi(text); err != nil || g.Port < 1 || g.Port > 65535 {
			return g, nil, primitive.Usagef("--port must be 1 to 65535, not %s", primitive.Quote(text))
		}
	}
	if text := call.values["--timeout"]; text != "" {
		if g.Point, err = primitive.ParseDuration(text); err != nil {
			return g, nil, err
		}
	}
	if g.Point > 0 {
		g.Total = 20 * g.Point
	}
	if !has(call.rest, "{port}") && g.Port == 0 {
		return g, nil, primitive.Usagef("the program is not told its port").WithHint("write {port} where it takes it, or --port N if it has one of its own")
	}
	files, err = submissions(call)
	return g, files, err
}

// submissions are the files of --each; nil without it.
func submissions(call lessonCall) ([]string, error) {
	pattern, asked := call.values["--each"]
	if !asked {
		return nil, nil
	}
	if !has(call.rest, "{file}") {
		return nil, primitive.Usagef("the program is not told the file").WithHint("write {file}: -- python3 {file} {port}")
	}
	files, err := filepath.Glob(pattern)
	if err != nil {
		return nil, primitive.Usagef("--each is no pattern: %s", primitive.Quote(pattern))
	}
	if len(files) == 0 {
		return nil, primitive.Newf(primitive.NotFound, "no file fits %s", primitive.Quote(pattern))
	}
	return files, nil
}

func has(words []string, mark string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(w, mark) })
}

// grade looks at each program and reports.
func (sh *Shell) grade(ctx context.Context, call lessonCall, g lesson.Grading, files []string, f frame) error {
	p, err := sh.player()
	if err != nil {
		return err
	}
	if files == nil {
		files = []string{""}
	}
	var grades []*lesson.Grade
	missing := 0
	for _, file := range files {
		one := g
		one.Command = slices.Clone(g.Command)
		for i, w := range one.Command {
			one.Command[i] = strings.ReplaceAll(w, "{file}", file)
		}
		grade, err := p.Grade(ctx, call.names[0], one)
		if err == nil && ctx.Err() != nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		grade.Student = file
		if grades = append(grades, grade); !grade.Passed() {
			missing++
		}
		if err := showGrade(grade, f); err != nil {
			return err
		}
	}
	if file := call.values["--csv"]; file != "" {
		if err := writeFile(file, func(w io.Writer) error { return lesson.CSV(w, grades) }); err != nil {
			return err
		}
	}
	switch {
	case missing == 0:
		return nil
	case len(files) == 1:
		return primitive.Newf(primitive.Expectation, "points are missing")
	}
	return primitive.Newf(primitive.Expectation, "points are missing in %d of %d programs", missing, len(files))
}

func showGrade(g *lesson.Grade, f frame) error {
	if !f.json {
		return g.Write(f.out)
	}
	data, err := json.Marshal(g)
	if err != nil {
		return err
	}
	_, err = f.out.Write(append(data, '\n'))
	return err
}
