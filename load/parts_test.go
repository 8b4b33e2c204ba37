package load

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
	"unicode/utf8"
)

func TestHistogram(t *testing.T) {
	var h histogram
	if h.percentile(0.5) != nil {
		t.Error("an empty one has a median")
	}
	random := rand.New(rand.NewPCG(1, 2))
	var all []time.Duration
	for range 10000 {
		d := time.Duration(random.ExpFloat64() * float64(time.Millisecond))
		all = append(all, d)
		h.add(d)
	}
	slices.Sort(all)
	for _, share := range []float64{0, 0.5, 0.9, 0.99, 0.999} {
		got, want := *h.percentile(share), millis(all[int(share*10000)])
		if got < want-0.001 || got > want*1.04+0.002 {
			t.Errorf("%v: %v, is %v", share, got, want)
		}
	}
	if *h.longest() != millis(all[9999]) {
		t.Errorf("the longest is %v, not %v", *h.longest(), all[9999])
	}
	var sum histogram
	h.take(&sum)
	if h.n != 0 || h.percentile(0.5) != nil || sum.n != 10000 {
		t.Error("taking did not move all")
	}
}

// Every time falls into the bucket that begins before it and ends behind it.
func TestBuckets(t *testing.T) {
	for d := time.Duration(1); d > 0 && d < 1<<62; d = d*3/2 + 1 {
		if i := bucket(d); floor(i) > d || floor(i+1) <= d {
			t.Fatalf("%d is in bucket %d, from %d to %d", d, i, floor(i), floor(i+1))
		}
	}
	if bucket(1<<63-1) >= 64*parts {
		t.Error("the longest time has no bucket")
	}
}

func TestPictures(t *testing.T) {
	for _, test := range []struct{ got, want string }{
		{Spark(nil), ""}, {Spark([]float64{0, 0}), "▁▁"}, {Spark([]float64{0, 1, 4, 8}), "▁▂▅█"},
		{bar(1, 2, 4), "██"}, {bar(5, 2, 4), "████"}, {bar(1, 0, 4), ""}, {bar(1, 16, 4), "▎"},
		{unit(0, "B"), "0 B"}, {unit(1500, "B"), "1.5 kB"}, {unit(999.9, "B"), "1 kB"}, {unit(2.5e9, "bit/s"), "2.5 Gbit/s"},
		{ms(nil), "-"}, {span(0, 1.25), "0.0-1.2 s"},
	} {
		if test.got != test.want {
			t.Errorf("%q, not %q", test.got, test.want)
		}
	}
}

// FuzzHeader holds that a client's first line is refused or asks for something that
// is bounded.
func FuzzHeader(f *testing.F) {
	for _, line := range []string{"sosh-bench/1 up 1", "sosh-bench/1 rr 1048576", "sosh-bench/1 rr -1", "GET / HTTP/1.1", ""} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		h, err := parseHeader(line)
		if err != nil && !utf8.ValidString(err.Error()) {
			t.Errorf("an error that is no text: %q", err.Error())
		}
		if err == nil && (h.size < 1 || h.size > MaxSize || h.mode == "") {
			t.Errorf("%q asks for %+v", line, h)
		}
	})
}
