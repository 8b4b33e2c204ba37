package leak

import (
	"os"
	"strings"
	"testing"
	"time"
)

func TestWait(t *testing.T) {
	before := Now()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	go func() { <-stop }()
	if before.Descriptors != nil {
		if err := before.Wait(time.Millisecond); err == nil || !strings.Contains(err.Error(), "pipe:") {
			t.Errorf("a pipe is open: %v", err)
		}
	}
	r.Close()
	w.Close()
	if err := before.Wait(time.Millisecond); err == nil || !strings.Contains(err.Error(), "goroutines") {
		t.Errorf("a goroutine is left: %v", err)
	}
	close(stop)
	if err := before.Wait(10 * time.Second); err != nil {
		t.Error(err)
	}
}
