package primitive

import (
	"bytes"
	"testing"
)

// TestRecorderBounds holds that what is kept is bounded in steps and in bytes,
// and that the newest stay.
func TestRecorderBounds(t *testing.T) {
	few := NewRecorder(3)
	for i := range 10 {
		few.Add(Call{Task: string(rune('a' + i))})
	}
	if calls := few.Calls(); len(calls) != 3 || calls[0].Task != "h" || few.Lost() != 7 {
		t.Errorf("%d kept, %d lost", len(calls), few.Lost())
	}
	large := NewRecorder(1000)
	data := Bytes(bytes.Repeat([]byte("x"), 1<<20))
	for range 40 {
		large.Add(Call{Given: []Given{{Param: &Param{}, Value: data}}, Result: data})
	}
	calls := large.Calls()
	if len(calls) == 0 || len(calls) > 16 || len(calls)+large.Lost() != 40 {
		t.Errorf("%d of 40 MiB kept, %d lost", len(calls), large.Lost())
	}
	if n := len(calls[0].Result.(Bytes)); n > maxResult {
		t.Errorf("%d bytes of a result kept", n)
	}
	large.Turn(false)
	if large.On() || (*Recorder)(nil).On() {
		t.Error("a recorder that is off, or none, is on")
	}
}
