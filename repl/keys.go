package repl

import (
	"bytes"
	"context"
	"io"
	"sync"
	"sync/atomic"
)

// Keys are what readline reads: the input, without the keys that make v1.5.1
// fail.
type keys struct {
	in     *input
	ctx    context.Context
	cancel context.CancelFunc

	empty      atomic.Bool // the line is empty
	remembered atomic.Bool // there is a history to search

	mu   sync.Mutex
	wake context.CancelFunc // of a Read under way
	line int                // counts lines
	stop bool               // the next Read gives Ctrl-C
}

// Keys with a meaning here.
const (
	keyInterrupt  = 0x03 // Ctrl-C
	keySearchBack = 0x12 // Ctrl-R
	keySearch     = 0x13 // Ctrl-S
	keySuspend    = 0x1a // Ctrl-Z
)

func newKeys(in *input) *keys {
	k := &keys{in: in}
	k.empty.Store(true)
	k.ctx, k.cancel = context.WithCancel(context.Background())
	return k
}

// watch is told of every change of the line.
func (k *keys) watch(line []rune, _ int, _ rune) ([]rune, int, bool) {
	k.empty.Store(len(line) == 0)
	return nil, 0, false
}

// begin begins a line. The returned function makes it end as by Ctrl-C; it does
// nothing to a later line.
func (k *keys) begin() (interrupt func()) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.stop = false
	k.empty.Store(true)
	k.line++
	line := k.line
	return func() { k.interrupt(line) }
}

func (k *keys) interrupt(line int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.line != line {
		return
	}
	k.stop = true
	if k.wake != nil {
		k.wake()
	}
}

// Read gives keys. io.EOF after Close.
func (k *keys) Read(p []byte) (int, error) {
	for {
		ctx, stopped := k.reading()
		if stopped {
			return copy(p, []byte{keyInterrupt}), nil
		}
		n, err := k.in.read(ctx, p)
		k.mu.Lock()
		k.wake()
		k.wake = nil
		k.mu.Unlock()
		switch {
		case k.ctx.Err() != nil:
			return 0, io.EOF
		case err == context.Canceled:
			continue
		case err != nil:
			return 0, err
		}
		if n = k.filter(p[:n]); n > 0 {
			return n, nil
		}
	}
}

// reading begins a Read; stopped is whether it was interrupted before.
func (k *keys) reading() (ctx context.Context, stopped bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.stop {
		k.stop = false
		return nil, true
	}
	ctx, k.wake = context.WithCancel(k.ctx)
	return ctx, false
}

// deleteKey is what the Delete key sends.
var deleteKey = []byte("\x1b[3~")

// filter drops, in place: the Delete key on an empty line, which readline takes
// for the end; a search without a history, which makes it panic; Ctrl-Z, with
// which it stops the parent too; and NUL (Ctrl-Space), after which it never reads
// again.
func (k *keys) filter(p []byte) int {
	n, empty := 0, k.empty.Load()
	for i := 0; i < len(p); i++ {
		c := p[i]
		if empty && bytes.HasPrefix(p[i:], deleteKey) {
			i += len(deleteKey) - 1
			continue
		}
		search := c == keySearchBack || c == keySearch
		if c == 0 || c == keySuspend || search && !k.remembered.Load() {
			continue
		}
		empty = c == '\r' || c == '\n'
		p[n] = c
		n++
	}
	return n
}

// Close ends a Read under way and all later ones.
func (k *keys) Close() error {
	k.cancel()
	return nil
}
