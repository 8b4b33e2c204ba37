package netstat

import (
	"net"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"sosh/primitive"
)

func TestHolder(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	u, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "s")
	x, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer u.Close()
	defer x.Close()
	tcp := primitive.Addr{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port}
	for proto, addr := range map[string]primitive.Addr{"tcp": tcp, "udp": {Host: "127.0.0.1", Port: u.LocalAddr().(*net.UDPAddr).Port}, "unix": {Path: path}} {
		pid, program, ok := Holder(addr, proto)
		if ok != (runtime.GOOS == "linux") || ok && (pid != os.Getpid() || program == "") {
			t.Errorf("%s: %d %q %v", proto, pid, program, ok)
		}
	}
	l.Close()
	if pid, _, ok := Holder(tcp, "tcp"); ok {
		t.Errorf("%d holds port %d", pid, tcp.Port)
	}
}
