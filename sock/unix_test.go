//go:build unix

package sock

import (
	"context"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"sosh/primitive"
)

// leftBehind is a path whose socket has ended without removing its file.
func leftBehind(t *testing.T, kind int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "s")
	fd := must(unix.Socket(unix.AF_UNIX, kind, 0))(t)
	check(t, unix.Bind(fd, &unix.SockaddrUnix{Name: path}))
	check(t, unix.Close(fd))
	return path
}

func TestUnixStale(t *testing.T) {
	for _, kind := range []int{unix.SOCK_STREAM, unix.SOCK_DGRAM} {
		l := must(ListenUnix(within(t), leftBehind(t, kind), UnixOptions{}))(t)
		if !l.replaced {
			t.Error("nothing was replaced")
		}
		c := must(DialStream(within(t), l.Addr(), DialOptions{}))(t)
		check(t, c.Close())
		check(t, l.Close())
		u := must(BindUnix(within(t), leftBehind(t, kind), UnixOptions{}))(t)
		check(t, u.Close())
	}
}

// TestUnixLive holds that what is in use, or is no socket, is never removed.
func TestUnixLive(t *testing.T) {
	for name, occupy := range map[string]func(t *testing.T, path string) func() error{
		"listening": func(t *testing.T, path string) func() error {
			return must(ListenUnix(within(t), path, UnixOptions{}))(t).Close
		},
		"datagram": func(t *testing.T, path string) func() error {
			return must(BindUnix(within(t), path, UnixOptions{}))(t).Close
		},
		"bound, not listening": func(t *testing.T, path string) func() error {
			s := must(Open(Unix, StreamType))(t)
			check(t, s.Bind(within(t), primitive.Addr{Path: path}))
			return s.Close
		},
		"a file": func(t *testing.T, path string) func() error {
			check(t, os.WriteFile(path, nil, 0o600))
			return func() error { return nil }
		},
		"a folder": func(t *testing.T, path string) func() error {
			check(t, os.Mkdir(path, 0o700))
			return func() error { return nil }
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "s")
			end := occupy(t, path)
			before := must(os.Lstat(path))(t)
			e := wantKind(t, second(ListenUnix(within(t), path, UnixOptions{})), primitive.InUse)
			if e.Hint == "" {
				t.Error("no hint")
			}
			wantKind(t, second(BindUnix(within(t), path, UnixOptions{})), primitive.InUse)
			wantKind(t, second(DialUnixDatagram(within(t), path, path)), primitive.InUse)
			if after, err := os.Lstat(path); err != nil || !os.SameFile(before, after) {
				t.Errorf("it is gone: %v", err)
			}
			check(t, end())
		})
	}
}

// TestUnixStaleOnce lets many replace one stale file: one does, and its socket is
// the one behind the path.
func TestUnixStaleOnce(t *testing.T) {
	path := leftBehind(t, unix.SOCK_STREAM)
	var won atomic.Pointer[Listener]
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			l, err := ListenUnix(t.Context(), path, UnixOptions{})
			if err == nil && won.Swap(l) != nil {
				t.Error("two have it")
			}
			if err != nil && primitive.KindOf(err) != primitive.InUse {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	l := won.Load()
	if l == nil {
		t.Fatal("nobody has it")
	}
	c := must(DialStream(within(t), primitive.Addr{Path: path}, DialOptions{}))(t)
	check(t, c.Close())
	check(t, second(l.Accept(within(t))))
	check(t, l.Close())
}

// TestUnixCloseRemovesItsOwn holds that Close leaves alone what has its name now.
func TestUnixCloseRemovesItsOwn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	l := must(ListenUnix(within(t), path, UnixOptions{}))(t)
	check(t, os.Remove(path))
	other := must(net.Listen("unix", path))(t)
	defer other.Close()
	check(t, l.Close())
	if _, err := os.Lstat(path); err != nil {
		t.Error("the other's file is gone")
	}
}

func TestUnixMode(t *testing.T) {
	before := syscall.Umask(0o022)
	defer syscall.Umask(before)
	for mode, want := range map[fs.FileMode]fs.FileMode{0: 0o755, 0o600: 0o600, 0o666: 0o666} {
		path := filepath.Join(t.TempDir(), "s")
		l := must(ListenUnix(within(t), path, UnixOptions{Mode: mode}))(t)
		if got := must(os.Lstat(path))(t).Mode().Perm(); got != want {
			t.Errorf("%o: %o, want %o", mode, got, want)
		}
		check(t, l.Close())
		u := must(BindUnix(within(t), path, UnixOptions{Mode: mode}))(t)
		if got := must(os.Lstat(path))(t).Mode().Perm(); got != want {
			t.Errorf("datagram %o: %o, want %o", mode, got, want)
		}
		check(t, u.Close())
	}
}

func TestUnixDatagrams(t *testing.T) {
	dir := t.TempDir()
	server := must(BindUnix(within(t), filepath.Join(dir, "server"), UnixOptions{}))(t)
	defer server.Close()
	nameless := must(DialUnixDatagram(within(t), server.Addr().Path, ""))(t)
	defer nameless.Close()
	if a := nameless.Addr(); a != (primitive.Addr{}) {
		t.Errorf("it has the address %v", a)
	}
	check(t, second(nameless.Send(within(t), []byte("one"))))
	if p := must(server.RecvFrom(within(t), 0))(t); string(p.Data) != "one" || p.Host != "" {
		t.Errorf("%+v", p)
	}
	client := must(DialUnixDatagram(within(t), server.Addr().Path, filepath.Join(dir, "client")))(t)
	check(t, second(client.Send(within(t), []byte("two"))))
	p := must(server.RecvFrom(within(t), 0))(t)
	check(t, second(server.SendTo(within(t), primitive.Addr{Path: p.Host}, []byte("answer"))))
	got, err := client.Recv(within(t), 0)
	wantBytes(t, got, err, "answer")
	check(t, client.Close())
	if _, err := os.Lstat(filepath.Join(dir, "client")); err == nil {
		t.Error("the client's file is still there")
	}
	e := wantKind(t, second(DialUnixDatagram(within(t), filepath.Join(dir, "nobody"), filepath.Join(dir, "client"))), primitive.NotFound)
	if e.Target != "unix:"+filepath.Join(dir, "nobody") {
		t.Errorf("the error is about %s", e.Target)
	}
	if _, err := os.Lstat(filepath.Join(dir, "client")); err == nil {
		t.Error("the file of a client without a server is still there")
	}
}

func TestUnixPeer(t *testing.T) {
	l := must(ListenUnix(within(t), filepath.Join(t.TempDir(), "s"), UnixOptions{}))(t)
	defer l.Close()
	c := must(DialStream(within(t), l.Addr(), DialOptions{}))(t)
	defer c.Close()
	s := must(l.Accept(within(t)))(t)
	defer s.Close()
	want := ""
	if onLinux {
		want = "pid " + strconv.Itoa(os.Getpid()) + " uid " + strconv.Itoa(os.Getuid()) + " gid " + strconv.Itoa(os.Getgid())
	}
	if infoOf(s).Peer != want || infoOf(c).Peer != want {
		t.Errorf("%q, %q, want %q", infoOf(s).Peer, infoOf(c).Peer, want)
	}
}

func TestUnixAbstract(t *testing.T) {
	name := "@sosh-test-" + strconv.Itoa(os.Getpid())
	l, err := ListenUnix(within(t), name, UnixOptions{})
	if !onLinux {
		wantKind(t, err, primitive.Unsupported)
		return
	}
	check(t, err)
	wantKind(t, second(ListenUnix(context.Background(), name, UnixOptions{})), primitive.InUse)
	c := must(DialStream(within(t), l.Addr(), DialOptions{}))(t)
	check(t, c.Close())
	check(t, l.Close())
	wantKind(t, second(DialStream(within(t), primitive.Addr{Path: name}, DialOptions{})), primitive.Refused)
}
