package luabind

import "testing"

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
