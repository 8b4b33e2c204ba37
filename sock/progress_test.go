package sock

import (
	"bytes"
	"context"
	"testing"

	"sosh/primitive"
)

// A large send and a receive of all tell how far they are; nobody is told of a
// small one.
func TestProgress(t *testing.T) {
	a, b := pair(t)
	data := bytes.Repeat([]byte("x"), 3<<20)
	var sent, got [][2]int64
	note := func(list *[][2]int64) context.Context {
		return primitive.WithProgress(t.Context(), func(done, total int64) { *list = append(*list, [2]int64{done, total}) })
	}
	done := make(chan error, 1)
	go func() {
		_, err := a.Send(note(&sent), data)
		if err == nil {
			err = a.Shutdown("write")
		}
		done <- err
	}()
	all, err := b.RecvAll(note(&got), 0)
	if err != nil || !bytes.Equal(all, data) {
		t.Fatalf("%d bytes, %v", len(all), err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	size := int64(len(data))
	if len(sent) < 3 || sent[len(sent)-1] != [2]int64{size, size} {
		t.Errorf("sending told %v", sent)
	}
	if len(got) < 3 || got[len(got)-2][0] > size || got[len(got)-1] != [2]int64{size, 0} {
		t.Errorf("receiving told %v", got)
	}
	var small [][2]int64
	if _, err := b.Send(note(&small), []byte("x")); err != nil || small != nil {
		t.Errorf("%v, %v", small, err)
	}
}
