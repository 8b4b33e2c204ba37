package main

import (
	"os"
	"runtime"
	"sync"
)

// Processors decides how many processors run Go code at once (GOMAXPROCS). Lua
// runs on one at a time; with more of them, tasks wake on another one only to find
// Lua taken, and go back to sleep. That was a third of what a Lua server did, so
// scripts have one, unless something is going on that uses them all: a scan, a
// built-in server. GOMAXPROCS of the environment overrides it.
type processors struct {
	mu     sync.Mutex
	all    int  // how many the runtime chose
	fixed  bool // by the user
	lua    bool // scripts may run
	spread int  // how much is going on that uses them all
}

func newProcessors() *processors {
	return &processors{all: runtime.GOMAXPROCS(0), fixed: os.Getenv("GOMAXPROCS") != ""}
}

// scripts is told when Lua starts.
func (p *processors) scripts() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lua = true
	p.set()
}

// use is told when something begins or ends that uses all processors.
func (p *processors) use(all bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if all {
		p.spread++
	} else {
		p.spread--
	}
	p.set()
}

func (p *processors) set() {
	if p.fixed || !p.lua {
		return
	}
	want := 1
	if p.spread > 0 {
		want = p.all
	}
	if runtime.GOMAXPROCS(0) != want { // setting it stops the world
		runtime.GOMAXPROCS(want)
	}
}
