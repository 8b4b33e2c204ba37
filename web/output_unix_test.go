//go:build unix

package web_test

import (
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
		t.Skip(err)
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
