package primitive

import "sync/atomic"

// A Handle is a live thing with a short name: a stream, a listener, a datagram
// socket, a socket made by raw steps, a task. All methods are safe for
// concurrent use.
type Handle interface {
	Prefix() string // the letter generated names begin with: "c" for c1
	Type() string   // what it is, in a word: "stream"
	Name() string   // the session's name for it; empty until adopted
	SetName(string) // called once, by the session that adopts it
	Info() any      // a result struct: what `info` shows, and the fields scripts see
	Closed() bool   // true once Close was called or the thing has ended for good
	Close() error   // frees it and wakes whoever waits on it; again is harmless
}

// A Roler is a handle that acts as another one: a socket made by raw steps is a
// listener after "socket listen" and a stream after "socket connect". Role is
// nil before.
type Roler interface {
	Role() Handle
}

// A Shaper is a type of handle that tells what its Info holds without a live
// one: Shape works on nil and gives an empty result struct.
type Shaper interface {
	Shape() any
}

// A Label is the name of a handle and its tap, to embed. The zero value has
// neither.
type Label struct {
	name atomic.Pointer[string]
	tap  atomic.Pointer[Tap]
}

// Tap is who hears of the handle; nil for nobody. It costs one load.
func (l *Label) Tap() *Tap { return l.tap.Load() }

// SetTap says who hears of the handle from now on; nil for nobody.
func (l *Label) SetTap(t *Tap) { l.tap.Store(t) }

// Name is the name given by the session, or "".
func (l *Label) Name() string {
	if p := l.name.Load(); p != nil {
		return *p
	}
	return ""
}

// SetName gives the name; the first one stays.
func (l *Label) SetName(name string) { l.name.CompareAndSwap(nil, &name) }
