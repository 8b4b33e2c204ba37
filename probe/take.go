package probe

import (
	"context"
	"time"

	"sosh/primitive"
)

// scan takes the results of a scanner as they come, and has the open ports looked
// at. Nothing of it is left when it ends.
func (r *surveying) scan(ctx context.Context, s *scanner) error {
	ctx, cancel := context.WithCancel(ctx)
	if look := r.inspector(); look != nil {
		r.looks = newInspection(ctx, look, r.Inspectors)
		defer r.looks.end()
	}
	defer cancel()
	for b := range s.batches(ctx) {
		if err := r.take(b); err != nil {
			return err
		}
		if r.stopped || !r.progress(s) {
			return nil
		}
	}
	return r.lookOn(s)
}

// take keeps and shows one batch, but for what is to be looked at first.
func (r *surveying) take(b batch) error {
	if b.notice != "" {
		r.show(beside(primitive.Summary, "%s", b.notice))
	}
	r.batch = r.batch[:0]
	room := true
	for i := range b.results {
		res := &b.results[i]
		r.count(res.State, res.Addr, res.Port)
		switch {
		case r.looks != nil && res.State == Open:
			room = r.looks.add(inspected{res: *res, found: r.Plan.Hosts.found(res), whole: true})
		case r.file != nil || r.all || res.State == Open:
			r.batch = append(r.batch, inspected{res: *res, found: r.Plan.Hosts.found(res), whole: true})
		}
	}
	if err := r.tell(r.batch); err != nil || r.stopped || r.looks == nil {
		return err
	}
	return r.takeLooked(room)
}

// takeLooked keeps and shows what was looked at; without room it waits until there
// is some.
func (r *surveying) takeLooked(room bool) error {
	for {
		done, left := r.looks.take()
		if err := r.tell(done); err != nil || r.stopped || room || left < maxWaiting {
			return err
		}
		<-r.looks.ready
	}
}

// lookOn waits until all open ports were looked at.
func (r *surveying) lookOn(s *scanner) error {
	if r.looks == nil {
		return nil
	}
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for {
		done, left := r.looks.take()
		if err := r.tell(done); err != nil || r.stopped || left == 0 {
			return err
		}
		if !r.progress(s) {
			return nil
		}
		select {
		case <-r.looks.ready:
		case <-ticker.C:
		}
	}
}

// tell keeps results and shows them. Everything is kept before anything is shown.
func (r *surveying) tell(list []inspected) error {
	if err := r.keep(list); err != nil {
		return err
	}
	for i := range list {
		if p := &list[i]; p.res.State == Open || r.all {
			if !r.tellOne(&p.found, &p.res) {
				return nil
			}
		}
	}
	return nil
}

// tellOne shows one result, here and in the report; it is false when nobody wants
// more.
func (r *surveying) tellOne(f *Found, res *Result) bool {
	for _, s := range f.Script {
		r.scripts.ran++
		if s.Error != "" {
			r.scripts.failed++
		}
	}
	r.report.add(f)
	if res.State != Open && r.Format == Plain {
		return true
	}
	f.words = r.present.words(f, res)
	return r.show(*f)
}

// keep writes results to the file. What was interrupted before it was looked at is
// shown, but not kept: whoever resumes the scan finds it out.
func (r *surveying) keep(list []inspected) error {
	if r.file == nil {
		return nil
	}
	for i := range list {
		if p := &list[i]; p.whole {
			if err := r.file.add(&p.found); err != nil {
				return err
			}
		}
	}
	return r.file.flush()
}
