package ftp

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sosh/dialogue"
	"sosh/internal/nettest"
	"sosh/primitive"
	"sosh/sock"
	"sosh/tlsinfo"
)

// patience bounds what a test waits for.
const patience = 20 * time.Second

// site serves a folder as long as the test lives.
func site(t *testing.T, c Config) (primitive.Addr, *nettest.Notes) {
	t.Helper()
	log := &nettest.Notes{}
	config, err := tlsinfo.Offer{AdHoc: true}.Config()
	if err != nil {
		t.Fatal(err)
	}
	c.Log, c.TLS = log.Add, config
	s, err := NewSite(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	ctx, cancel := context.WithCancel(context.Background())
	addr := serve(t, func(conn net.Conn) { _ = s.Serve(ctx, sock.NewStream(conn)) })
	t.Cleanup(cancel) // before the server waits for its clients
	return addr, log
}

func serve(t *testing.T, handle func(net.Conn)) primitive.Addr {
	return at(t, nettest.Serve(t, handle))
}

func at(t *testing.T, address string) primitive.Addr {
	t.Helper()
	a, err := primitive.ParseAddr(address, false)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func options(addr primitive.Addr) Options {
	return Options{Options: dialogue.Options{Addr: addr, Trust: tlsinfo.Trust{Insecure: true}, Timeout: patience}}
}

// write makes files below a folder.
func write(t *testing.T, dir string, files map[string]string) string {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// modes are the ways a transfer can go.
func modes(addr primitive.Addr) map[string]Options {
	active, secured, both := options(addr), options(addr), options(addr)
	active.Active = true
	secured.TLS = true
	both.Active, both.TLS = true, true
	return map[string]Options{"passive": options(addr), "active": active, "TLS": secured, "active over TLS": both}
}

// Lists, files fetched and files stored are the same on both sides, whichever way
// the data comes.
func TestThereAndBack(t *testing.T) {
	big := strings.Repeat("0123456789abcdef\r\n\x00\xff\n", 40_000)
	dir := write(t, t.TempDir(), map[string]string{"a.txt": "hello\n", "sub/b b.txt": "", "big": big})
	addr, log := site(t, Config{Dir: dir, Write: true})
	for name, o := range modes(addr) {
		t.Run(name, func(t *testing.T) {
			list, err := List(t.Context(), o, "")
			if err != nil || len(list) < 3 || list[0].Name != "a.txt" || list[0].Size != 6 || list[0].Type != "file" || list[0].Modified == "" {
				t.Fatalf("%+v, %v", list, err)
			}
			if list, err = List(t.Context(), o, "sub"); err != nil || len(list) != 1 || list[0].Name != "b b.txt" {
				t.Errorf("%+v, %v", list, err)
			}
			here := filepath.Join(t.TempDir(), "got")
			got, err := Get(t.Context(), o, "/big", here, false)
			if err != nil || got.Size != int64(len(big)) || got.Code != 226 || read(t, here) != big || (got.TLS != "") != o.TLS || (got.Mode == "active") != o.Active {
				t.Errorf("%+v, %v", got, err)
			}
			if _, err := os.Stat(here + ".part"); err == nil {
				t.Error("the part is left")
			}
			put, err := Put(t.Context(), o, here, "stored", false)
			if err != nil || put.Bytes != int64(len(big)) || read(t, filepath.Join(dir, "stored")) != big {
				t.Errorf("%+v, %v", put, err)
			}
		})
	}
	if want := " RETR /big 226 "; !strings.Contains(log.String(), want) || strings.Contains(log.String(), "anonymous@") {
		t.Errorf("the log is\n%s", log)
	}
}

// What broke off is gone on with, in both directions.
func TestResume(t *testing.T) {
	dir := write(t, t.TempDir(), map[string]string{"a": "0123456789", "stored": "0123"})
	addr, _ := site(t, Config{Dir: dir, Write: true})
	here := write(t, t.TempDir(), map[string]string{"x.part": "01234", "y": "012", "z": "0123456789and more"})
	for name, offset := range map[string]int64{"x": 5, "y": 3} {
		file := filepath.Join(here, name)
		got, err := Get(t.Context(), options(addr), "a", file, true)
		if err != nil || got.Offset != offset || got.Bytes != 10-offset || got.Size != 10 || read(t, file) != "0123456789" {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	if _, err := Get(t.Context(), options(addr), "a", filepath.Join(here, "z"), true); !strings.Contains(fmt.Sprint(err), "another file") {
		t.Errorf("%v", err)
	}
	put, err := Put(t.Context(), options(addr), filepath.Join(here, "x"), "stored", true)
	if err != nil || put.Offset != 4 || put.Bytes != 6 || read(t, filepath.Join(dir, "stored")) != "0123456789" {
		t.Errorf("%+v, %v", put, err)
	}
	if words := put.Words().Line; !strings.Contains(words, "from byte 4 on; 10 in all") {
		t.Errorf("%s", words)
	}
}

// A failure leaves no file, and says why in the server's words.
func TestFailures(t *testing.T) {
	addr, _ := site(t, Config{Dir: t.TempDir(), User: "ann", Password: "very secret"})
	here := filepath.Join(t.TempDir(), "x")
	_, err := Get(t.Context(), options(addr), "none", here, false)
	if e := primitive.AsError(err); e.Kind != primitive.Denied || !strings.Contains(e.Cause, "530 not logged in") {
		t.Errorf("%v", err)
	}
	var shown nettest.Notes
	o := options(addr)
	o.User, o.Password, o.Show = "ann", "very secret", func(line string) { shown.Add("%s", line) }
	_, err = Get(t.Context(), o, "none", here, false)
	if e := primitive.AsError(err); e.Kind != primitive.NotFound || !strings.Contains(e.Cause, "550 no such file, or no access to it: there is no such file") || e.Hint == "" {
		t.Errorf("%v", err)
	}
	if files, _ := filepath.Glob(here + "*"); len(files) > 0 {
		t.Errorf("left behind: %v", files)
	}
	_, err = Put(t.Context(), o, write(t, t.TempDir(), map[string]string{"f": "x"})+"/f", "f", false)
	if !strings.Contains(fmt.Sprint(err), "the folder is for reading only") {
		t.Errorf("%v", err)
	}
	if text := shown.String(); strings.Contains(text, "secret") || !strings.Contains(text, "> PASS ***\n< 230 welcome") {
		t.Errorf("shown was\n%s", text)
	}
	_, err = Get(t.Context(), o, "a\r\nDELE b", here, false)
	if primitive.KindOf(err) != primitive.Usage {
		t.Errorf("two commands: %v", err)
	}
}

// What is stored has a bound.
func TestStoreLimit(t *testing.T) {
	dir := t.TempDir()
	addr, _ := site(t, Config{Dir: dir, Write: true, MaxSize: 100_000})
	file := write(t, t.TempDir(), map[string]string{"f": string(bytes.Repeat([]byte("x"), 300_000))}) + "/f"
	_, err := Put(t.Context(), options(addr), file, "f", false)
	if e := primitive.AsError(err); e.Kind != primitive.Oversized || !strings.Contains(e.Cause, "552 more than may be stored") {
		t.Errorf("%v", err)
	}
	if info, err := os.Stat(filepath.Join(dir, "f")); err != nil || info.Size() > 100_000 {
		t.Errorf("%v %v", info, err)
	}
}

// Settings that cannot be are refused before anything is served.
func TestSiteUsage(t *testing.T) {
	if _, err := NewSite(Config{Dir: t.TempDir(), User: "ann"}); primitive.KindOf(err) != primitive.Usage {
		t.Errorf("%v", err)
	}
	if _, err := NewSite(Config{Dir: filepath.Join(t.TempDir(), "none")}); primitive.KindOf(err) != primitive.NotFound || primitive.AsError(err).Hint == "" {
		t.Errorf("%v", err)
	}
}
