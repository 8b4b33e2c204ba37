package lesson

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"sosh/primitive"
	"sosh/session"
)

// A Player plays lessons with what the program has.
type Player struct {
	// Load runs a script and gives what it returns as plain data.
	Load func(ctx context.Context, s Script) (value any, release func(), err error)
	// Type does what a line at the prompt does, and writes to out what it shows.
	Type    func(ctx context.Context, line string, out io.Writer) error
	Session *session.Session
	Find    func(id string) (Script, error) // the script of a lesson
	Limit   time.Duration                   // for one lesson that nobody watches; 0 is none
	Around  func() (after func())           // called before each lesson that is played, and after it; or nil
}

// A View is where a lesson is shown. Say may be called by any goroutine, the
// others by one at a time.
type View interface {
	Show(l *Lesson, n int)                             // step n is about to run
	Say(side, text string)                             // a line that a side prints
	Pause(ctx context.Context, l *Lesson, n int) error // step n is done; whoever watches may wait here
}

// ErrLeft is how a View says that the person has left the lesson.
var ErrLeft = &primitive.Error{Kind: primitive.Canceled, Cause: "left"}

// Open loads a lesson with the surroundings that the script asks for.
func (p *Player) Open(ctx context.Context, s Script) (*Lesson, error) {
	value, release, err := p.Load(ctx, s)
	if err != nil {
		if release != nil {
			release()
		}
		return nil, err
	}
	l, err := From(value)
	if err != nil {
		release()
		e := *primitive.AsError(err)
		e.Cause = primitive.Visible(s.Name) + ": " + e.Cause
		return nil, &e
	}
	l.Script, l.release = s, release
	return l, nil
}

// Clean closes whatever came to be open while a lesson ran: use it around one,
// defer p.Clean(p.Opened()).
func (p *Player) Clean(before []primitive.Handle) {
	for _, h := range slices.Backward(p.Session.Handles()) {
		if slices.Contains(before, h) {
			continue
		}
		_ = h.Close() // it may be closed
		if t, ok := h.(*session.Task); ok {
			ctx, cancel := context.WithTimeout(context.Background(), cleanUp)
			_, _ = t.Wait(ctx) // however it ends
			cancel()
		}
		p.Session.Forget(h)
	}
}

// Opened is what is open now.
func (p *Player) Opened() []primitive.Handle { return p.Session.Handles() }

// Time that the end of a lesson has, after an interruption too.
const cleanUp = 2 * time.Second

// steps runs the steps of a lesson, and its end.
func (p *Player) steps(ctx context.Context, l *Lesson, st *stage) (err error) {
	for n := range l.Steps {
		if err = p.step(ctx, l, n, st); err != nil {
			break
		}
		if err = st.view.Pause(ctx, l, n); err != nil {
			break
		}
	}
	if last := p.finish(ctx, l, err); err == nil {
		err = last
	}
	return err
}

// step shows a step and runs it.
func (p *Player) step(ctx context.Context, l *Lesson, n int, st *stage) error {
	s := l.Steps[n]
	st.enter(s.Side)
	st.view.Show(l, n)
	if s.Code == "" && s.Run == nil {
		return nil
	}
	err := p.do(ctx, s, st)
	if s.Fails == "" || ctx.Err() != nil {
		return l.located(s, err)
	}
	switch kind := primitive.KindOf(err); {
	case err == nil:
		return primitive.Newf(primitive.Expectation, "%s:%d: expectation failed: the step fails as %s, but it did not fail", l.file(), s.Line, s.Fails)
	case kind != s.Fails:
		return primitive.Newf(primitive.Expectation, "%s:%d: expectation failed: the step fails as %s, but it failed as %s: %v", l.file(), s.Line, s.Fails, kind, primitive.AsError(err))
	}
	st.say(string(s.Fails) + ": " + withoutPlace(err))
	return nil
}

// located puts file and line of a step before an error that has none: that of a
// line of the shell, or of a step that took too long.
func (l *Lesson) located(s Step, err error) error {
	if err == nil || primitive.KindOf(err) == primitive.Canceled {
		return err
	}
	var leaves interface{ ExitCode() int }
	if file, _ := placeIn(err); file != "" || errors.As(err, &leaves) {
		return err
	}
	e := *primitive.AsError(err)
	e.Cause = fmt.Sprintf("%s:%d: %s", l.file(), s.Line, e.Error())
	e.Op, e.Target = "", ""
	return &e
}

func (l *Lesson) file() string {
	if l.Script.Builtin {
		return l.Script.Name + ".lua"
	}
	return l.Script.Name
}

func (p *Player) do(ctx context.Context, s Step, st *stage) error {
	if s.Run != nil {
		_, err := s.Run.Call(ctx)
		return err
	}
	w := &lineWriter{say: st.say}
	defer w.flush()
	return p.Type(ctx, s.Code, w)
}

// finish calls the lesson's end with the kind of what ended it.
func (p *Player) finish(ctx context.Context, l *Lesson, err error) error {
	if l.Finally == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUp)
	defer cancel()
	kind := any(nil)
	if err != nil {
		kind = string(primitive.KindOf(err))
	}
	_, err = l.Finally.Call(ctx, kind)
	return err
}

// A stage is a view with the side that is speaking.
type stage struct {
	view  View
	fixed string // the side, where a lesson is one of two programs

	mu    sync.Mutex
	side  string // of the step that runs
	lines []string
}

func (st *stage) enter(side string) {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.side = side
}

// Lines of a side that are kept to look at.
const maxLines = 10_000

func (st *stage) say(text string) {
	st.mu.Lock()
	side := st.side
	if st.fixed != "" {
		side = st.fixed
	}
	if len(st.lines) < maxLines {
		st.lines = append(st.lines, text)
	}
	st.mu.Unlock()
	st.view.Say(side, text)
}

// scene is what the script of a lesson gets when it is played for a view; a nil
// ask asks nobody.
func (st *stage) scene(typed []string, ask askFunc) Scene {
	s := Scene{Print: st.say, Ask: ask}
	if ask == nil {
		next := 0
		s.Ask = func(_ context.Context, question, otherwise string) (string, error) {
			answer := otherwise
			if next < len(typed) {
				answer = typed[next]
			}
			next++
			st.say(question + " " + answer)
			return answer, nil
		}
	}
	return s
}

type askFunc = func(ctx context.Context, question, otherwise string) (string, error)

// A lineWriter says each line that is written to it.
type lineWriter struct {
	say  func(string)
	rest []byte
}

func (w *lineWriter) Write(p []byte) (int, error) {
	w.rest = append(w.rest, p...)
	for {
		i := slices.Index(w.rest, '\n')
		if i < 0 {
			return len(p), nil
		}
		w.say(string(w.rest[:i]))
		w.rest = w.rest[i+1:]
	}
}

func (w *lineWriter) flush() {
	if len(w.rest) > 0 {
		w.say(string(w.rest))
		w.rest = nil
	}
}

// Answer is the right answer of the lesson's question.
func (l *Lesson) Answer(ctx context.Context) ([]string, error) {
	if l.Question.Answer == nil {
		return l.Question.Answers, nil
	}
	values, err := l.Question.Answer.Call(ctx)
	if err != nil {
		return nil, err
	}
	if len(values) == 0 || values[0] == nil || fmt.Sprint(values[0]) == "" {
		return nil, primitive.Newf(primitive.Expectation, "%s: expectation failed: the question has an answer", l.file())
	}
	return []string{fmt.Sprint(values[0])}, nil
}
