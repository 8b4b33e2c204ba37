package probe

// A window is how many probes of a worker may be in flight. It grows with the
// answers, as TCP's does (RFC 5681), and is halved when an answer came only to a
// second try: then something on the way was lost.
type window struct {
	open      float64
	threshold float64
	most      int
	fixed     bool // it does not react to losses: the loopback loses nothing
	bounded   bool // by what the system has
}

// Windows: what a scan begins with where nothing is known of the network, and
// the least that losses make of it.
const (
	firstWindow = 256
	leastWindow = 8
)

// Most probes in flight of all workers, unless told otherwise.
const (
	mostLocal  = 16384
	mostRemote = 1024
)

// newWindow is the share of one worker.
func (s *scanner) newWindow(workers int) window {
	most := mostRemote
	if s.local {
		most = mostLocal
	}
	if s.Parallel > 0 {
		most = s.Parallel
	}
	if s.descriptors == 0 {
		most = min(most, descriptors())
	}
	most = max(1, most/workers)
	w := window{open: float64(most), threshold: float64(most), most: most, fixed: s.local}
	if !s.local && s.Parallel == 0 {
		w.open = min(w.open, firstWindow)
	}
	return w
}

func (w *window) size() int { return min(int(w.open), w.most) }

// answer is one that came; late is whether to a second try.
func (w *window) answer(late bool) {
	switch {
	case w.fixed:
	case late:
		w.threshold = max(w.open/2, leastWindow)
		w.open = w.threshold
	case w.open < w.threshold:
		w.open++
	default:
		w.open += 1 / w.open
	}
	w.open = min(w.open, float64(w.most))
}

// bound makes n the most, and says whether that is the first time.
func (w *window) bound(n int) (first bool) {
	first, w.bounded = !w.bounded, true
	w.most = min(w.most, n)
	w.open = min(w.open, float64(w.most))
	return first
}
