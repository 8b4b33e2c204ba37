package lesson

import (
	"context"
	"strconv"
	"strings"

	"sosh/primitive"
)

// A Playing says how a lesson is played.
type Playing struct {
	Args  []string
	View  View
	Ask   func(ctx context.Context, question, otherwise string) (string, error) // nil: answered as the lesson says
	Alone bool                                                                  // a program of two without its other side
	Begin func(*Lesson)                                                         // before the first step; or nil
	End   func(context.Context, *Lesson) error                                  // after the last one, with all still open; or nil
}

// Play plays a lesson to its end: a program of two together with its other side,
// on a port that the system chooses.
func (p *Player) Play(ctx context.Context, id string, how Playing) error {
	if p.Around != nil {
		defer p.Around()()
	}
	defer p.Clean(p.Opened())
	if p.Limit > 0 && how.Ask == nil {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, p.Limit)
		defer cancel()
	}
	l, st, err := p.open(ctx, id, how.Args, how.View, "", how.Ask)
	if err != nil {
		return err
	}
	defer l.Close()
	if how.Begin != nil {
		how.Begin(l)
	}
	if len(l.Peers) == 0 || how.Alone {
		st.fixed = l.Side
		err = p.steps(ctx, l, st)
	} else {
		server := id
		if l.Side == "client" {
			server = l.Peers[0]
		}
		err = p.pair(ctx, server, how.View, how.Ask)
	}
	if err == nil && l.Question != nil { // it must have an answer
		_, err = l.Answer(ctx)
	}
	if err == nil && how.End != nil {
		err = how.End(ctx, l)
	}
	return err
}

// Alone runs one program of two as a program: it prints and asks as any script
// does.
func (p *Player) Alone(ctx context.Context, s Script) error {
	defer p.Clean(p.Opened())
	l, err := p.Open(ctx, s)
	if err != nil {
		return err
	}
	defer l.Close()
	return p.steps(ctx, l, &stage{view: silent{}})
}

// silent shows nothing: the script prints by itself.
type silent struct{}

func (silent) Show(*Lesson, int)                         {}
func (silent) Say(string, string)                        {}
func (silent) Pause(context.Context, *Lesson, int) error { return nil }

// open loads a lesson for a view. It is loaded into its scene, so the answers it
// declares are only known afterwards.
func (p *Player) open(ctx context.Context, id string, args []string, v View, side string, ask askFunc) (*Lesson, *stage, error) {
	st := &stage{view: v, fixed: side}
	script, err := p.Find(id)
	if err != nil {
		return nil, nil, err
	}
	var l *Lesson
	script.Args = args
	script.Scene = st.scene(nil, ask)
	if ask == nil {
		script.Scene.Ask = func(ctx context.Context, question, otherwise string) (string, error) {
			if l == nil { // a script that asks before it declares anything
				return otherwise, nil
			}
			return l.Script.Scene.Ask(ctx, question, otherwise)
		}
	}
	l, err = p.Open(ctx, script)
	if err != nil {
		return nil, nil, err
	}
	l.Script.Scene = st.scene(l.Typed, ask)
	return l, st, nil
}

// An actor is one program of several that play together.
type actor struct {
	lesson *Lesson
	stage  *stage
}

// pair plays a server beside the clients it names. The clients go step by step together,
// so that they are there at once.
func (p *Player) pair(ctx context.Context, server string, v View, ask askFunc) error {
	s, ended, port, stop, err := p.serve(ctx, server, v)
	if err != nil {
		return err
	}
	defer s.lesson.Close()
	played, err := p.play(ctx, s.lesson.Peers, port, v, ask)
	if err != nil || !s.lesson.Ends {
		stop()
	}
	served := <-ended
	stop()
	if served != nil && (s.lesson.Ends && err == nil || primitive.KindOf(served) != primitive.Canceled) {
		return served
	}
	if err != nil {
		return err
	}
	for _, a := range append(played, s) {
		if err := a.said(); err != nil {
			return err
		}
	}
	return nil
}

// serve starts a server and waits until it listens.
func (p *Player) serve(ctx context.Context, id string, v View) (a actor, ended chan error, port int, stop func(), err error) {
	ctx, stop = context.WithCancel(ctx)
	listening := make(chan int, 1)
	script, err := p.Find(id)
	if err != nil {
		return a, nil, 0, stop, err
	}
	st := &stage{view: beside{v}, fixed: "server"}
	script.Args = []string{"--port", "0"}
	script.Scene = st.scene(nil, nil)
	script.Scene.Listening = func(port int) {
		select {
		case listening <- port:
		default: // told once is enough
		}
	}
	l, err := p.Open(ctx, script)
	if err != nil {
		return a, nil, 0, stop, err
	}
	a, ended = actor{l, st}, make(chan error, 1)
	go func() { ended <- p.steps(ctx, l, st) }()
	select {
	case port = <-listening:
		return a, ended, port, stop, nil
	case err = <-ended:
		l.Close()
		if err == nil {
			err = primitive.Newf(primitive.Expectation, "%s: expectation failed: the server says where it listens", l.file())
		}
		return a, nil, 0, stop, err
	}
}

// beside is the view of who acts while the person watches somebody else.
type beside struct{ View }

func (beside) Pause(context.Context, *Lesson, int) error { return nil }

// play takes the clients through their steps.
func (p *Player) play(ctx context.Context, ids []string, port int, v View, ask askFunc) (all []actor, err error) {
	for i, id := range ids {
		side := "client"
		if len(ids) > 1 {
			side += " " + strconv.Itoa(i+1)
		}
		l, st, err := p.open(ctx, id, []string{"--port", strconv.Itoa(port)}, v, side, ask)
		if err != nil {
			return nil, err
		}
		defer l.Close()
		all = append(all, actor{l, st})
	}
	for n := 0; err == nil && slicesAny(all, n); n++ {
		err = p.together(ctx, all, n)
	}
	for _, a := range all {
		if last := p.finish(ctx, a.lesson, err); err == nil {
			err = last
		}
	}
	return all, err
}

// together is step n of all.
func (p *Player) together(ctx context.Context, all []actor, n int) error {
	var last *Lesson
	for _, a := range all {
		if n < len(a.lesson.Steps) {
			if err := p.step(ctx, a.lesson, n, a.stage); err != nil {
				return err
			}
			last = a.lesson
		}
	}
	return all[0].stage.view.Pause(ctx, last, n)
}

func slicesAny(all []actor, n int) bool {
	for _, a := range all {
		if n < len(a.lesson.Steps) {
			return true
		}
	}
	return false
}

// said checks that the actor printed what its lesson says, in this order.
func (a actor) said() error {
	a.stage.mu.Lock()
	defer a.stage.mu.Unlock()
	at := 0
	for _, want := range a.lesson.Says {
		for at < len(a.stage.lines) && !strings.HasPrefix(a.stage.lines[at], want) {
			at++
		}
		if at++; at > len(a.stage.lines) {
			return primitive.Newf(primitive.Expectation, "expectation failed: the %s says: %s (%s)", a.stage.fixed, want, a.lesson.file())
		}
	}
	return nil
}

// Left is whether the person left the lesson.
func Left(err error) bool { return err != nil && primitive.AsError(err) == ErrLeft }
