package repl

import (
	"context"
	"slices"

	"sosh/primitive"
	"sosh/session"
)

// runJobs is the row tasks, by the name shells have for it.
func runJobs(ctx context.Context, sh *Shell, c ownCall) (any, error) {
	row, _ := sh.table.Find("tasks")
	j, err := sh.rowJob(row, c.args, c.st, c.f)
	if err != nil {
		return nil, err
	}
	return j.run(ctx, c.f)
}

// runForeground waits for a task as if it had been started without '&': Ctrl-C
// ends it.
func runForeground(ctx context.Context, sh *Shell, c ownCall) (any, error) {
	t, err := sh.jobOf(c.args)
	if err != nil {
		return nil, err
	}
	sh.heed()
	if !c.f.quiet && !t.Closed() {
		sh.say("%s", handleLine(t))
	}
	return nil, sh.foreground(ctx, t, c.f)
}

// jobOf is the task that is named, else the one that began last.
func (sh *Shell) jobOf(args []argument) (*session.Task, error) {
	switch len(args) {
	case 0:
		running := sh.unfinishedTasks()
		if len(running) == 0 {
			return nil, primitive.Newf(primitive.NotFound, "no task is running").WithHint("jobs lists those that ended lately too")
		}
		return running[len(running)-1], nil
	case 1:
		h, ok := args[0].value.(primitive.Handle)
		if !ok {
			var err error
			if h, err = sh.session.Lookup(args[0].text); err != nil {
				return nil, err
			}
		}
		if t, ok := h.(*session.Task); ok {
			return t, nil
		}
		return nil, primitive.Usagef("%s is no task", primitive.Quote(args[0].text)).WithHint("jobs lists them")
	}
	return nil, primitive.Usagef("one task at a time")
}

// runNotify sets what is told above the prompt.
func runNotify(_ context.Context, sh *Shell, c ownCall) (any, error) {
	texts, err := c.texts()
	if err != nil {
		return nil, err
	}
	switch {
	case len(texts) == 0:
		return nil, c.f.text(sh.notices.state())
	case len(texts) > 1 || !slices.Contains(notifyModes(), texts[0]):
		return nil, primitive.Usagef("on, summary or off?")
	}
	if err := sh.settings.set("notify", texts[0]); err != nil {
		return nil, err
	}
	sh.applySettings()
	return nil, nil
}
