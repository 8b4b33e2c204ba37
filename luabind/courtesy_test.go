package luabind

import "testing"

func TestCourtesy(t *testing.T) {
	var c courtesy
	tries := func(paid bool) (n int) {
		for range 10 * tryCourtesy {
			if c.pays() {
				n++
				c.learn(paid)
			}
		}
		return n
	}
	if n := tries(false); n != 10 {
		t.Errorf("tried %d times of %d although it never paid", n, 10*tryCourtesy)
	}
	for range 5 {
		tries(true)
	}
	if n := tries(true); n != 10*tryCourtesy {
		t.Errorf("tried %d times of %d although it always paid", n, 10*tryCourtesy)
	}
	if n := tries(false); n > 2*mostCourtesy {
		t.Errorf("tried %d times before it was given up", n)
	}
}
