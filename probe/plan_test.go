package probe

import (
	"math/rand/v2"
	"testing"
)

func planOf(t testing.TB, targets string, ports string) Plan {
	t.Helper()
	h, err := resolved(t, targets, "")
	if err != nil {
		t.Fatal(err)
	}
	list, err := ParsePorts(ports, false)
	if err != nil {
		t.Fatal(err)
	}
	return Plan{Hosts: h, Ports: list, Order: ByPort}
}

// Shards together probe every port of every address exactly once, whatever the
// order, the seed and the sizes are.
func TestShardsCoverOnce(t *testing.T) {
	for seed := range uint64(300) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		p := planOf(t, "10.0.0.0/24,192.168.1.7,::1", "1-1000")
		p.Hosts.runs, p.Hosts.total = p.Hosts.runs[:1], 0
		p.Hosts.runs[0].n = 1 + rnd.Uint64N(40)
		p.Hosts.total = p.Hosts.runs[0].n
		p.Ports = p.Ports[:1+rnd.IntN(60)]
		p.Seed = seed
		p.Order = []Order{ByPort, ByHost, Random}[rnd.IntN(3)]
		count := 1 + rnd.IntN(9)
		if seed%2 == 0 {
			count = 7
		}
		coverOnce(t, p, count)
	}
}

func coverOnce(t *testing.T, p Plan, count int) {
	t.Helper()
	times := make([]int, p.total())
	for i := range count {
		p.Shard = Shard{i + 1, count}
		for k := range p.Len() {
			host, port := p.At(k)
			times[p.id(host, port)]++
			if !p.covers(host, port) {
				t.Fatalf("shard %v does not know that it probes %d:%d", p.Shard, host, port)
			}
		}
	}
	for id, n := range times {
		if n != 1 {
			t.Fatalf("%d hosts, %d ports, order %s, seed %d, %d shards: probe %d comes %d times",
				p.Hosts.Len(), len(p.Ports), p.Order, p.Seed, count, id, n)
		}
	}
}

// The random order is a permutation, differs with the seed, and can be undone.
func TestPermute(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		n := 1 + rnd.Uint64N(1<<(1+rnd.UintN(47)))
		k, seed := rnd.Uint64N(n), rnd.Uint64()
		at := permute(k, n, seed)
		if at >= n || unpermute(at, n, seed) != k {
			t.Fatalf("%d of %d with seed %d becomes %d, and that %d", k, n, seed, at, unpermute(at, n, seed))
		}
	}
	same := 0
	for k := range uint64(1000) {
		if permute(k, 1000, 1) == permute(k, 1000, 2) {
			same++
		}
	}
	if same > 20 {
		t.Errorf("%d of 1000 have the same place with another seed", same)
	}
}

func TestDoneSet(t *testing.T) {
	d := doneSet{}
	for _, id := range []uint64{0, 1, 63, 64, 4095, 4096, 1 << 47} {
		if d.has(id) || !d.add(id) || d.add(id) || !d.has(id) {
			t.Errorf("%d", id)
		}
	}
	if d.has(2) || d.has(1<<46) || len(d) != 3 {
		t.Errorf("%d pages", len(d))
	}
}
