package main

import (
	"runtime"
	"testing"
)

// Scripts run on one processor, except while something uses them all.
func TestProcessors(t *testing.T) {
	before := runtime.GOMAXPROCS(4)
	defer runtime.GOMAXPROCS(before)
	p := newProcessors()
	p.fixed = false
	expect := func(after string, want int) {
		t.Helper()
		if got := runtime.GOMAXPROCS(0); got != want {
			t.Errorf("%d processors after %s, want %d", got, after, want)
		}
	}
	p.use(true)
	expect("a scan without scripts", 4)
	p.use(false)
	p.scripts()
	expect("the start of Lua", 1)
	p.use(true)
	p.use(true)
	p.use(false)
	expect("the end of one scan of two", 4)
	p.use(false)
	expect("the end of both", 1)
	p.fixed = true
	p.use(true)
	expect("a scan where the user chose", 1)
}
