package verbs

import (
	"context"
	"time"

	"sosh/primitive"
	"sosh/session"
)

func taskRows() []*primitive.Row {
	return []*primitive.Row{
		primitive.New(primitive.Spec{
			Name: "tasks", Short: "List the tasks",
			Doc:     "Those that run, and those that ended lately.",
			Example: "serve 12345 echo &; tasks",
		}, tasks),
		primitive.New(primitive.Spec{
			Name: "kill", Short: "End a task",
			Doc:     "Cancels it and waits until it has ended; it may clean up first.",
			Example: "serve 12345 echo &; kill t1",
			Raises:  []primitive.Kind{primitive.Timeout},
		}, kill),
		primitive.New(primitive.Spec{
			Name: "wait", Short: "Wait for a task, or for all of them",
			Doc:     "Its failure is the failure of wait. A server ends only when it is killed.",
			Example: "sleep 10ms &; wait t1",
			Raises:  []primitive.Kind{primitive.Timeout},
		}, wait),
		primitive.New(primitive.Spec{
			Name: "sleep", Short: "Wait for some time",
			Example: "sleep 20ms",
			Raises:  []primitive.Kind{primitive.Canceled},
		}, sleep),
	}
}

type tasksArgs struct{}

func tasks(_ context.Context, s *session.Session, _ tasksArgs) ([]session.TaskInfo, error) {
	var infos []session.TaskInfo
	for _, t := range s.Tasks() {
		infos = append(infos, t.Info().(session.TaskInfo))
	}
	return infos, nil
}

type killArgs struct {
	Task    *session.Task `arg:"" help:"task to end"`
	Timeout time.Duration `default:"5s" help:"give up waiting after this long"`
}

func kill(ctx context.Context, _ *session.Session, a killArgs) (primitive.None, error) {
	ctx, cancel := within(ctx, a.Timeout)
	defer cancel()
	a.Task.Cancel()
	_, err := a.Task.Wait(ctx)
	if a.Task.Closed() {
		return primitive.None{}, nil // however it ended
	}
	return nothing(err)
}

type waitArgs struct {
	Task    *session.Task `arg:"" optional:"" help:"task to wait for; all when left out"`
	Timeout time.Duration `help:"give up after this long; 0 waits for ever"`
}

func wait(ctx context.Context, s *session.Session, a waitArgs) (primitive.None, error) {
	ctx, cancel := within(ctx, a.Timeout)
	defer cancel()
	self := session.TaskFrom(ctx)
	waited := s.Tasks()
	if a.Task != nil {
		waited = []*session.Task{a.Task}
	}
	for _, t := range waited {
		if t == self && a.Task != nil {
			return nothing(primitive.Usagef("a task cannot wait for itself"))
		}
		if t == self {
			continue
		}
		if _, err := t.Wait(ctx); err != nil {
			return nothing(err)
		}
	}
	return primitive.None{}, nil
}

type sleepArgs struct {
	For time.Duration `arg:"" name:"duration" help:"how long: 500ms, 2s; a bare number is seconds"`
}

func sleep(ctx context.Context, _ *session.Session, a sleepArgs) (primitive.None, error) {
	timer := time.NewTimer(a.For)
	defer timer.Stop()
	select {
	case <-timer.C:
		return primitive.None{}, nil
	case <-ctx.Done():
		return nothing(ctx.Err())
	}
}
