package netstat

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"sosh/primitive"
)

// word is four bytes of an address as /proc shows them on this machine.
func word(b ...byte) string { return fmt.Sprintf("%08X", binary.NativeEndian.Uint32(b)) }

func TestInetSocket(t *testing.T) {
	local, none := word(127, 0, 0, 1), word(0, 0, 0, 0)
	mapped := none + none + word(0, 0, 255, 255) + local
	for _, c := range []struct {
		proto, line string
		want        Socket
	}{
		{"tcp", "   0: " + local + ":1F90 " + none + ":0000 0A 00000000:00000003 00:00000000 00000000     0        0 17 1 0000 100 0 0 10 0",
			Socket{Proto: "tcp", State: "LISTEN", Local: primitive.Addr{Host: "127.0.0.1", Port: 8080}, RecvQ: 3, inode: "17"}},
		{"tcp", "  10: " + mapped + ":0016 " + mapped + ":C350 01 00000010:00000020 00:00000000 00000000     0        0 18 1",
			Socket{Proto: "tcp", State: "ESTABLISHED", Local: primitive.Addr{Host: "127.0.0.1", Port: 22}, Peer: primitive.Addr{Host: "127.0.0.1", Port: 50000}, RecvQ: 32, SendQ: 16, inode: "18"}},
		{"udp", "1: " + none + none + none + word(0, 0, 0, 1) + ":0035 " + none + none + none + none + ":0000 07 00000000:00000000 00:00000000 00000000 0 0 19 2",
			Socket{Proto: "udp", State: "bound", Local: primitive.Addr{Host: "::1", Port: 53}, inode: "19"}},
	} {
		if got, ok := inetSocket(c.proto, c.line); !ok || got != c.want {
			t.Errorf("%s:\n got %+v\nwant %+v", c.line, got, c.want)
		}
	}
}

func TestUnixSocket(t *testing.T) {
	for line, want := range map[string]Socket{
		"0000000000000000: 00000002 00000000 00010000 0001 01 12345 /run/a b.sock": {Proto: "unix-stream", State: "listening", Local: primitive.Addr{Path: "/run/a b.sock"}, inode: "12345"},
		"0000000000000000: 00000002 00000000 00000000 0002 01    45 @name":         {Proto: "unix-dgram", State: "bound", Local: primitive.Addr{Path: "@name"}, inode: "45"},
		"0000000000000000: 00000003 00000000 00000000 0005 03  1245 /x":            {Proto: "unix-seqpacket", State: "connected", Local: primitive.Addr{Path: "/x"}, inode: "1245"},
	} {
		if got, ok := unixSocket(line); !ok || got != want {
			t.Errorf("%s:\n got %+v\nwant %+v", line, got, want)
		}
	}
	for _, line := range []string{"Num       RefCount Protocol Flags    Type St Inode Path", "0000000000000000: 00000002 00000000 00010000 0001 01 12345", ""} {
		if s, ok := unixSocket(line); ok {
			t.Errorf("%q is %+v", line, s)
		}
	}
}

// FuzzTables holds that no line makes the parsers panic.
func FuzzTables(f *testing.F) {
	f.Add("0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 17 1")
	f.Add("0: 00000002 00000000 00010000 0001 01 12345 /x")
	f.Fuzz(func(t *testing.T, line string) {
		inetSocket("tcp", line)
		if s, ok := unixSocket(line); ok && !strings.HasSuffix(line, s.Local.Path) {
			t.Errorf("%q: %+v", line, s)
		}
	})
}

func TestAddressFlags(t *testing.T) {
	for _, c := range []struct {
		prefix       string
		flags, valid int
		want         string
	}{
		{"192.0.2.1/24", unix.IFA_F_PERMANENT, forever, "static 0s []"},
		{"192.0.2.1/24", 0, 300, "dynamic 5m0s []"},
		{"192.0.2.2/24", unix.IFA_F_SECONDARY | unix.IFA_F_PERMANENT, forever, "static 0s []"},
		{"192.0.2.2/24", unix.IFA_F_SECONDARY, 300, "dynamic 5m0s []"},
		{"2001:db8::1/64", unix.IFA_F_TEMPORARY | unix.IFA_F_DEPRECATED, 60, "temporary 1m0s [deprecated]"},
		{"2001:db8::1/64", unix.IFA_F_TENTATIVE | unix.IFA_F_DADFAILED | unix.IFA_F_PERMANENT, forever, "static 0s [tentative duplicate]"},
		{"fe80::1/64", unix.IFA_F_PERMANENT, forever, "automatic 0s []"},
	} {
		a := address(netip.MustParsePrefix(c.prefix), c.flags, c.valid)
		if got := fmt.Sprint(a.Assigned, " ", a.Lifetime, " ", a.Notes); got != c.want {
			t.Errorf("%s %x: %s, want %s", c.prefix, c.flags, got, c.want)
		}
	}
}
