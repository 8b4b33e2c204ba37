package luabind

import (
	"net"
	"runtime"
	"testing"
)

// perIteration runs a chunk that does something b.N times.
func perIteration(b *testing.B, body string) {
	f := newFixture(b, Options{})
	f.Set("n", b.N)
	b.ReportAllocs()
	b.ResetTimer()
	if _, err := f.Run(b.Context(), `local c = line.open("127.0.0.1:7") for i = 1, n do `+body+` end`, "bench"); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkCallFunction(b *testing.B) { perIteration(b, `nap(0)`) }
func BenchmarkCallMethod(b *testing.B)   { perIteration(b, `c:send("x") c:recv()`) }
func BenchmarkCallOptions(b *testing.B)  { perIteration(b, `c:send("x") c:recv(10, {upper = true})`) }
func BenchmarkField(b *testing.B)        { perIteration(b, `local _ = c.id`) }
func BenchmarkLoop(b *testing.B)         { perIteration(b, `local x = i + 1`) }
func BenchmarkSpawnJoin(b *testing.B)    { perIteration(b, `task.spawn(function() end):join()`) }
func BenchmarkCoroutine(b *testing.B)    { perIteration(b, `coroutine.wrap(function() end)()`) }

// BenchmarkIdleTask is the memory of a task that waits.
func BenchmarkIdleTask(b *testing.B) {
	f := newFixture(b, Options{})
	f.Set("n", b.N)
	before := memory()
	if _, err := f.Run(b.Context(), `q = task.queue(1) for i = 1, n do task.spawn(function() q:get() end) end task.sleep(0)`, "bench"); err != nil {
		b.Fatal(err)
	}
	for waiting := 0; waiting < b.N; runtime.Gosched() {
		f.take()
		waiting = len(f.waiting)
		f.give()
	}
	b.ReportMetric(float64(memory()-before)/float64(b.N), "B/task")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkTenThousand spawns, wakes and joins ten thousand tasks.
func BenchmarkTenThousand(b *testing.B) {
	for range b.N {
		f := newFixture(b, Options{})
		if err := f.RunFile(b.Context(), "testdata/tenthousand.lua", []string{"10000"}); err != nil {
			b.Fatal(err)
		}
	}
}

// memory is what the heap and the stacks use.
func memory() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc + m.StackInuse
}

// BenchmarkClient is the memory of a client that a Lua server waits for, with
// the test's own end of the connection.
func BenchmarkClient(b *testing.B) {
	const clients = 500
	needDescriptors(b, 2*clients+100)
	f := newReal(b)
	f.eval(b, `server = serve(0, function(c) while true do local d = c:recv() if not d then return end c:send(d) end end)`)
	port := int(f.eval(b, `server.lport`)[0].(float64))
	for range b.N {
		before := memory()
		conns := make([]net.Conn, clients)
		for i := range conns {
			conns[i] = dialEcho(b, port)
			defer conns[i].Close()
			roundTrip(b, conns[i])
		}
		b.ReportMetric(float64(memory()-before)/clients, "B/client")
	}
	b.ReportMetric(0, "ns/op")
}
