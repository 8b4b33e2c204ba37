package explain

import (
	"strconv"
	"strings"
	"testing"

	"sosh/primitive"
	"sosh/sock"
)

// program is a client of a Unix socket with an abstract name, and of IPv6.
func TestAddresses(t *testing.T) {
	for _, c := range []struct {
		addr      primitive.Addr
		python, c string
	}{
		{primitive.Addr{Host: "::1", Port: 80}, `s.connect(("::1", 80))`, "sockaddr_in6"},
		{primitive.Addr{Host: "example.org", Port: 80}, `s.connect(("example.org", 80))`, `lookup("example.org", "80", AF_INET, SOCK_STREAM)`},
		{primitive.Addr{Path: "@name"}, `s.connect(b"\x00name")`, `memcpy(to`},
		{primitive.Addr{Path: `/tmp/a"b`}, `s.connect(b"/tmp/a\"b")`, `.sun_path = "/tmp/a\"b"`},
	} {
		steps := connected(c.addr, "")
		if got := Python(steps); !strings.Contains(got, c.python) {
			t.Errorf("%s in Python:\n%s", c.addr, got)
		}
		if got := C(steps); !strings.Contains(got, c.c) {
			t.Errorf("%s in C:\n%s", c.addr, got)
		}
	}
}

// TestBounds holds that a program does not carry megabytes.
func TestBounds(t *testing.T) {
	steps := []Step{{Op: Open, Family: sock.Inet, Type: sock.StreamType}, {Op: Send, Data: make([]byte, 1<<20)}}
	if n := len(Python(steps)) + len(C(steps)); n > 10*maxData {
		t.Errorf("%d bytes", n)
	}
}

// FuzzLiterals holds that a literal means the bytes it was made of: C's octal
// escapes have three digits, which is how Go reads them, and Python's \x two.
func FuzzLiterals(f *testing.F) {
	f.Add([]byte("hello\x00\xff\n\"\\?\x1b0"))
	f.Fuzz(func(t *testing.T, data []byte) {
		data = clipped(data)
		c := strings.ReplaceAll(cString(data), `\?`, "?")
		if got, err := strconv.Unquote(c); err != nil || got != string(data) {
			t.Errorf("C: %q became %q, %v", data, got, err)
		}
		python := strings.TrimPrefix(pythonBytes(data), "b")
		if got, err := strconv.Unquote(python); err != nil || got != string(data) {
			t.Errorf("Python: %q became %q, %v", data, got, err)
		}
	})
}

// FuzzCString is the same for what a call shows; there escapes are as short as
// strace(1) makes them.
func FuzzCString(f *testing.F) {
	f.Add([]byte("a\x001\x01\x7f9"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, want := unescaped(t, primitive.CString(data, len(data))), string(data)
		if got != want {
			t.Errorf("%q became %q", want, got)
		}
	})
}

// unescaped reads a C string: an octal escape has up to three digits.
func unescaped(t *testing.T, text string) string {
	var b strings.Builder
	for text = text[1 : len(text)-1]; text != ""; text = text[1:] {
		if text[0] != '\\' {
			b.WriteByte(text[0])
			continue
		}
		text = text[1:]
		if i := strings.IndexByte(`tnvfr"\`, text[0]); i >= 0 {
			b.WriteByte("\t\n\v\f\r\"\\"[i])
			continue
		}
		n := 0
		for n < len(text) && n < 3 && text[n] >= '0' && text[n] <= '7' {
			n++
		}
		v, err := strconv.ParseUint(text[:n], 8, 16)
		if err != nil {
			t.Fatal(err)
		}
		b.WriteByte(byte(v))
		text = text[n-1:]
	}
	return b.String()
}
