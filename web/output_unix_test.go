//go:build unix

package web_test

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"sosh/web"
)

// A device stays what it is, whether the transfer goes well or not: a file in its
// place would be the end of /dev/null for a careless root.
func TestOutputDevice(t *testing.T) {
	device := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(device, 0o600); err != nil {
		t.Fatal(err)
	}
	reader, err := os.OpenFile(device, os.O_RDWR, 0) // so that writing to it does not wait
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	for _, answer := range []string{
		"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
	} {
		r := request(t, says(t, answer))
		r.Output = device
		_, err := web.Do(t.Context(), r)
		if info, gone := os.Lstat(device); gone != nil || info.Mode()&os.ModeNamedPipe == 0 {
			t.Fatalf("%q: the pipe is no pipe any more (%v)", answer, err)
		}
	}
}

// What goes to a device has no name to get at the end: it is there already, even
// where the name is gone by then, as that of a pipe whose reader has what it wants.
func TestOutputDeviceIsNotRenamed(t *testing.T) {
	device := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(device, 0o600); err != nil {
		t.Skip(err)
	}
	reader, err := os.OpenFile(device, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	r := request(t, answers(t, func(c net.Conn, _ string) { // the pipe is open by now
		if err := os.Remove(device); err != nil {
			t.Error(err)
		}
		io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
	}))
	r.Output = device
	if a, err := web.Do(t.Context(), r); err != nil || a.Size != 5 {
		t.Errorf("%+v, %v", a, err)
	}
	got := make([]byte, 5)
	if _, err := io.ReadFull(reader, got); err != nil || string(got) != "hello" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := os.Lstat(device); err == nil {
		t.Error("a file took the place of the pipe")
	}
}
