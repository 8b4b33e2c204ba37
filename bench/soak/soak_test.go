package main

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"time"
)

// TestSoak is a short soak; the output names its seed.
func TestSoak(t *testing.T) {
	var out bytes.Buffer
	err := soak(t.Context(), options{length: 3 * time.Second, seed: rand.Uint64(), clients: 8}, &out)
	if err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	t.Log(out.String())
}
