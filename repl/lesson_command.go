package repl

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"sosh/lesson"
	"sosh/primitive"
	"sosh/wire"
)

const lessonUsage = "lesson list | show ID | run ID|FILE|FOLDER|all [--check [--tap] [--junit FILE]] [--present] [--diagram] [args…] | new FILE"

// runLessons is the command lesson.
func runLessons(ctx context.Context, sh *Shell, c ownCall) (any, error) {
	sh.heed()
	words, err := c.texts()
	if err != nil {
		return nil, err
	}
	if len(words) == 0 {
		words = []string{"list"}
	}
	verbs := map[string]func(context.Context, []string, frame) error{
		"list": sh.lessonList, "show": sh.lessonShow, "run": sh.lessonRun, "new": sh.lessonNew,
	}
	verb := verbs[words[0]]
	if verb == nil {
		e := primitive.Usagef("lesson does not know %s", primitive.Quote(words[0]))
		return nil, e.WithHint("%s", "usage: "+lessonUsage)
	}
	err = stopped(verb(inside(ctx), words[1:], c.f), false)
	if !leaves(err) {
		sh.record(ctx, primitive.Call{Line: c.st.text, Err: err})
	}
	return nil, err
}

// lessonList lists the course and how far one got.
func (sh *Shell) lessonList(_ context.Context, words []string, f frame) error {
	call, err := readLessonCall(words, "", "--json", false)
	if err != nil {
		return err
	}
	if len(call.names) > 0 {
		return primitive.Usagef("list takes no names").WithHint("one lesson: lesson show %s", primitive.Escape(call.names[0], false))
	}
	progress := lesson.ReadProgress(sh.opts.Progress)
	if f.json || call.switches["--json"] {
		for _, l := range sh.course() {
			data, err := json.Marshal(struct {
				lesson.Head
				lesson.Reached
			}{l, progress.Lessons[l.Name]})
			if err != nil {
				return err
			}
			if _, err := f.out.Write(append(data, '\n')); err != nil {
				return err
			}
		}
		return nil
	}
	var b strings.Builder
	part := -1
	for _, l := range sh.course() {
		if l.Part != part && l.Part < len(lesson.Parts()) {
			part = l.Part
			fmt.Fprintf(&b, "Part %d. %s\n", part, lesson.Parts()[part])
		}
		line := fmt.Sprintf("  %-18s %-58s %s", l.Name, l.Title, reached(progress.Lessons[l.Name]))
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return f.text(b.String())
}

func reached(r lesson.Reached) string {
	switch {
	case r.Answered:
		return "done, answered"
	case !r.Done.IsZero():
		return "done"
	case r.Step > 0:
		return fmt.Sprintf("%d of %d", r.Step, r.Of)
	}
	return ""
}

// lessonShow shows a lesson without running it.
func (sh *Shell) lessonShow(ctx context.Context, words []string, f frame) error {
	if len(words) != 1 {
		return primitive.Usagef("which lesson?").WithHint("lesson list shows them")
	}
	p, err := sh.player()
	if err != nil {
		return err
	}
	script, err := p.Find(words[0])
	if err != nil {
		return err
	}
	defer p.Clean(p.Opened())
	l, err := p.Open(ctx, script)
	if err != nil {
		return err
	}
	defer l.Close()
	told := lesson.Told{Screen: sh.screen(f)}
	told.Intro(l)
	for n := range l.Steps {
		told.Show(l, n)
	}
	told.Outro(l)
	return nil
}

// lessonNew writes a template.
func (sh *Shell) lessonNew(_ context.Context, words []string, f frame) error {
	if len(words) != 1 {
		return primitive.Usagef("what is it called?").WithHint("lesson new mine.lua")
	}
	path := words[0]
	if !strings.HasSuffix(path, ".lua") {
		path += ".lua"
	}
	name := strings.TrimSuffix(filepath.Base(path), ".lua")
	if strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || name == "" {
		return primitive.Usagef("a lesson is called by small letters, digits and -, not %s", primitive.Quote(name))
	}
	if err := lesson.New(path, name); err != nil {
		if os.IsExist(err) {
			return primitive.Newf(primitive.InUse, "%s is there already", primitive.Escape(path, false))
		}
		return fileError(path, err)
	}
	if !strings.ContainsRune(path, filepath.Separator) {
		path = "./" + path
	}
	return f.text("wrote " + path + "; try: lesson run " + path)
}

// lessonRun goes through a lesson, or checks lessons.
func (sh *Shell) lessonRun(ctx context.Context, words []string, f frame) error {
	call, err := readLessonCall(words, "--junit", "--check --tap --present --dark --diagram", true)
	if err != nil {
		return err
	}
	if len(call.names) != 1 {
		return primitive.Usagef("which lesson?").WithHint("lesson list shows them; all is every one")
	}
	p, err := sh.player()
	if err != nil {
		return err
	}
	list, err := sh.lessonsOf(p, call.names[0])
	if err != nil {
		return err
	}
	if call.switches["--check"] || call.switches["--tap"] || call.values["--junit"] != "" {
		return sh.lessonCheck(ctx, p, list, call, f)
	}
	for _, l := range list {
		how := call
		if len(list) > 1 {
			how.rest = nil
		}
		if err := sh.lessonWalk(ctx, p, l, how, f); lesson.Left(err) {
			return nil
		} else if err != nil {
			return err
		}
	}
	return nil
}

// lessonsOf is what a name stands for: one lesson, all, or those of a folder,
// which then also find each other there.
func (sh *Shell) lessonsOf(p *lesson.Player, name string) ([]Lesson, error) {
	if name == "all" || name == theCourse {
		return sh.course(), nil
	}
	if info, err := os.Stat(name); err == nil && info.IsDir() && !slices.ContainsFunc(sh.course(), func(l Lesson) bool { return l.Name == name }) {
		list := lesson.List(os.DirFS(name))
		if len(list) == 0 {
			return nil, primitive.Newf(primitive.NotFound, "no lessons in %s", primitive.Escape(name, false))
		}
		p.Find = func(id string) (lesson.Script, error) {
			if file := filepath.Join(name, id+".lua"); slices.ContainsFunc(list, func(l Lesson) bool { return l.Name == id }) {
				return lesson.Script{Name: file}, nil
			}
			return sh.findLesson(id)
		}
		return list, nil
	}
	if _, err := p.Find(name); err != nil {
		return nil, err
	}
	if !isFile(name) {
		i := slices.IndexFunc(sh.course(), func(l Lesson) bool { return l.Name == name })
		return sh.course()[i : i+1], nil
	}
	source, err := os.ReadFile(name)
	if err != nil {
		return nil, fileError(name, err)
	}
	h, _ := lesson.Describe(string(source)) // running it tells what is wrong
	h.Name = name
	return []Lesson{h}, nil
}

// lessonCheck plays lessons without a word and reports.
func (sh *Shell) lessonCheck(ctx context.Context, p *lesson.Player, list []Lesson, call lessonCall, f frame) error {
	var results []lesson.Result
	tap := call.switches["--tap"]
	if tap {
		lesson.TAPHead(f.out, len(list))
	}
	failed, err := p.Check(ctx, list, func(n int, r lesson.Result) {
		results = append(results, r)
		switch {
		case tap:
			lesson.TAP(f.out, n, r)
		case r.Err != nil:
			_ = f.text(fmt.Sprintf("failed  %s: %s", r.ID, primitive.AsError(r.Err).Error())) // nowhere to report to
		default:
			_ = f.text(fmt.Sprintf("ok      %s (%v)", r.ID, r.Took.Round(time.Millisecond)))
		}
	})
	if file := call.values["--junit"]; file != "" && err == nil {
		err = writeFile(file, func(w io.Writer) error { return lesson.JUnit(w, results) })
	}
	if err == nil && failed > 0 {
		err = primitive.Newf(primitive.Expectation, "%d of %d lessons failed", failed, len(list))
	}
	return err
}

// lessonWalk goes through one lesson: step by step with a person, else through
// to its end. ErrLeft when the person has left it.
func (sh *Shell) lessonWalk(ctx context.Context, p *lesson.Player, l Lesson, call lessonCall, f frame) error {
	screen := sh.screen(f)
	person := lesson.Person{Shell: sh.subshell}
	if sh.session.CanAsk() && f.tty {
		person.Ask = sh.askInLesson
	}
	how := lesson.Playing{Args: call.rest}
	journal := wire.Of(sh.session)
	if call.switches["--diagram"] {
		defer journal.Begin()()
		defer func() { sh.drawLesson(journal, f) }()
	}
	switch {
	case call.switches["--present"]:
		how.View = &lesson.Present{Screen: screen, Person: person, Light: !call.switches["--dark"] && os.Getenv("NO_COLOR") == ""}
	case person.Ask != nil:
		return sh.walk(ctx, p, l, how, screen, person)
	default:
		told := lesson.Told{Screen: screen}
		how.View, how.Begin = told, told.Intro
		how.End = func(_ context.Context, l *lesson.Lesson) error { told.Outro(l); return nil }
	}
	return p.Play(ctx, l.Name, how)
}

// drawLesson draws what passed in a lesson.
func (sh *Shell) drawLesson(j *wire.Journal, f frame) {
	entries, lost := j.Entries()
	_ = f.text("\n" + wire.Draw(entries, lost, nil).Text(wire.Look{Width: sh.width()})) // nowhere to report to
}

// walk goes through a lesson with a person and remembers how far they got.
func (sh *Shell) walk(ctx context.Context, p *lesson.Player, l Lesson, how lesson.Playing, screen *lesson.Screen, person lesson.Person) error {
	progress, r := lesson.ReadProgress(sh.opts.Progress), lesson.Reached{}
	keep := func() {
		if err := progress.Reach(l.Name, r); err != nil {
			sh.say("how far you got is not remembered: %v", err)
		}
	}
	view := &lesson.Walk{Told: lesson.Told{Screen: screen}, Person: person, Reach: func(n int) {
		r.Step = n + 1
		keep()
	}}
	how.View, how.Ask, how.Alone = view, sh.lessonAnswer, true
	how.Begin = func(l *lesson.Lesson) {
		r.Of = len(l.Steps)
		view.Intro(l)
	}
	how.End = func(ctx context.Context, l *lesson.Lesson) (err error) {
		view.Outro(l)
		r.Done = time.Now()
		r.Answered, err = view.Quiz(ctx, l)
		r.Answered = r.Answered && l.Question != nil
		keep()
		return err
	}
	return p.Play(ctx, l.Name, how)
}
