package probe

import (
	"context"
	"iter"
	"net/netip"
	"time"

	"sosh/primitive"
)

// A Survey is a scan with all that goes with it: which hosts are there, what is
// shown, kept and expected, and what was recorded before.
type Survey struct {
	Plan Plan
	Options
	Discover bool      // of several hosts, probe those that answer at all
	All      bool      // show every probe, not only what is open
	Format   Format    // of the lines for people
	Expect   *[]uint16 // ports that are to be open, and no others; nil: nothing is expected
	Out      string    // file for the results, overwritten
	Resume   string    // file to continue
	DryRun   bool      // probe nothing, show what would be

	Identify   *Speaking // finds out who speaks at open ports, its Ports not asked; nil: nobody does
	Inspect    Inspector // looks closer at them with scripts; nil: nobody does
	Inspectors int       // ports looked at at once
	Report     Report
}

// Scans of so few probes show them all.
const fewProbes = 32

// Each runs the survey. It yields what is found as it comes, progress, and a
// summary; when the context ends, what is known. Stopping early ends everything.
// The error is of kind Expectation when other ports were open than expected.
func (v *Survey) Each(ctx context.Context) iter.Seq2[Found, error] {
	return func(yield func(Found, error) bool) {
		r := newSurveying(*v)
		r.show = func(f Found) bool {
			r.stopped = r.stopped || !yield(f, nil)
			return !r.stopped
		}
		err := r.run(ctx)
		if cerr := r.file.close(); err == nil {
			err = cerr
		}
		if err != nil && !r.stopped {
			yield(Found{}, err)
		}
	}
}

func newSurveying(v Survey) *surveying {
	r := &surveying{Survey: v, start: time.Now(), present: v.presenter(), done: doneSet{}, opens: map[netip.Addr][]uint16{}}
	for i, p := range v.Plan.Ports {
		r.places[p] = int32(i) + 1
	}
	return r
}

// A surveying is a survey under way.
type surveying struct {
	Survey
	start   time.Time
	places  [65536]int32 // of the ports in the plan, from 1
	present presenter
	show    func(Found) bool
	stopped bool // nobody wants more
	all     bool
	file    *journal
	done    doneSet
	before  uint64 // probes recorded before
	counts  [states]uint64
	up      uint64 // hosts
	opens   map[netip.Addr][]uint16
	told    time.Time   // of the last progress
	batch   []inspected // to be told; used again
	looks   *inspection // nil: nobody looks closer
	scripts struct{ ran, failed uint64 }
	report  *pageFile // nil: none is wanted
}

func (r *surveying) run(ctx context.Context) error {
	r.all = r.All || r.Plan.Len() <= fewProbes
	if r.DryRun {
		return r.rehearse(ctx)
	}
	if err := r.open(); err != nil {
		return err
	}
	defer r.report.close()
	if err := r.discover(ctx); err != nil {
		return err
	}
	o := r.Options
	o.done, o.skip = r.done, r.Options.skip
	err := r.scan(ctx, newScanner(&r.Plan, o))
	if r.stopped || err != nil {
		return err
	}
	summary := r.summary(ctx)
	r.show(beside(primitive.Summary, "%s", summary))
	if err := r.report.write(r, summary); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return r.compare()
}

// open makes ready the files for the results.
func (r *surveying) open() (err error) {
	if r.report, err = openPage(r.Report.Path); err != nil {
		return err
	}
	switch {
	case r.Resume != "":
		r.file, err = resumeJournal(r.Resume, r.recall)
	case r.Out != "":
		r.file, err = createJournal(r.Out)
	}
	return err
}

// recall counts what was recorded, so that it is not probed again. What is not
// of this scan is left alone.
func (r *surveying) recall(rec recorded) error {
	host, ok := r.Plan.Hosts.Index(rec.addr)
	port, has := r.portPlace(uint16(rec.Port))
	if !ok || !has || (rec.Proto == "udp") != r.Plan.UDP || !r.done.add(r.Plan.id(host, port)) {
		return nil
	}
	r.before++
	r.count(rec.state, rec.addr, uint16(rec.Port))
	if r.report != nil && (rec.state == Open || r.all) {
		if f, ok := recallFound(rec.line); ok {
			r.report.add(&f)
		}
	}
	return nil
}

func (r *surveying) portPlace(port uint16) (uint64, bool) {
	at := r.places[port]
	return uint64(at - 1), at > 0
}

func (r *surveying) count(s State, ip netip.Addr, port uint16) {
	r.counts[s]++
	if s == Open && r.Expect != nil {
		r.opens[ip] = append(r.opens[ip], port)
	}
}

// rehearse shows every probe and sends none.
func (r *surveying) rehearse(ctx context.Context) error {
	n := r.Plan.Len()
	for i := range n {
		host, port := r.Plan.At(i)
		res := Result{Addr: r.Plan.Hosts.At(host), Port: r.Plan.Ports[port], UDP: r.Plan.UDP, State: Planned}
		f := r.Plan.Hosts.found(&res)
		f.words = r.present.words(&f, &res)
		if !r.show(f) {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	r.show(beside(primitive.Summary, "%s on %s would be probed; nothing was sent",
		plural(n, "port"), plural(r.Plan.Hosts.Len(), "host")))
	return nil
}
