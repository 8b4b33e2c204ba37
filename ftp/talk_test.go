package ftp

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sosh/dialogue"
	"sosh/internal/nettest"
	"sosh/primitive"
)

// A talk gives commands to a server by hand.
type talk struct {
	t *testing.T
	c *dialogue.Client
}

func talkTo(t *testing.T, addr primitive.Addr) *talk {
	t.Helper()
	k := &talk{t, dialogue.New(dialogue.Protocol{Name: "FTP", Words: words()}, dialogue.Options{Addr: addr})}
	if err := k.c.Open(t.Context(), func(context.Context) error { return nil }); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { k.c.Close() })
	return k
}

// says gives commands and compares the codes of the replies.
func (k *talk) says(pairs ...any) {
	k.t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		r, err := k.c.Command(k.t.Context(), pairs[i].(string))
		if err != nil || r.Code != pairs[i+1].(int) {
			k.t.Errorf("%q: %v, %v; want %d", pairs[i], r, err, pairs[i+1])
		}
	}
}

func (k *talk) login() *talk {
	k.t.Helper()
	k.says("USER anonymous", 331, "PASS x@", 230)
	return k
}

// Nothing outside the folder is reached: not above it, not by links, in whatever
// spelling.
func TestOutside(t *testing.T) {
	outside := write(t, t.TempDir(), map[string]string{"secret.txt": "secret", "sub/x": ""})
	dir := write(t, t.TempDir(), map[string]string{"in.txt": "fine", "sub/y": ""})
	links := map[string]string{"file": filepath.Join(outside, "secret.txt"), "folder": outside, "up": "..", "inside": "in.txt", "self": "self"}
	for name, to := range links {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			nettest.Missing(t, "links: "+err.Error())
		}
	}
	addr, _ := site(t, Config{Dir: dir, Write: true})
	base := filepath.Base(outside)
	for _, name := range []string{
		"file", "folder/secret.txt", "up/" + base + "/secret.txt", "../" + base + "/secret.txt", "/../../" + base + "/secret.txt",
		outside + "/secret.txt", "..%2f" + base + "%2fsecret.txt", `..\` + base + `\secret.txt`, "....//" + base + "/secret.txt", "sub/../../" + base + "/secret.txt",
		"..\xc0\xaf" + base + "\xc0\xafsecret.txt", "self", "folder", "up",
	} {
		k := talkTo(t, addr).login()
		k.says("TYPE I", 200, "EPSV", 229, "RETR "+name, 550, "SIZE "+name, 550, "MDTM "+name, 550, "MLST "+name, 550, "CWD "+name, 550, "LIST "+name, 550)
		k.says("EPSV", 229, "STOR "+name+"/new", 550, "MKD "+name+"/new", 550)
	}
	list, err := List(t.Context(), options(addr), "")
	if text := fmt.Sprint(list); err != nil || strings.Contains(text, "file 6") || strings.Contains(text, "folder") && strings.Contains(text, "{folder") {
		t.Errorf("%v, %v", list, err)
	}
	for _, e := range list {
		if e.Name == "file" || e.Name == "folder" || e.Name == "up" {
			t.Errorf("a link that leads out is listed: %+v", e)
		}
	}
	k := talkTo(t, addr).login()
	k.says("CWD ..", 250, "PWD", 257, "CDUP", 250, "DELE /", 550, "RMD /", 550, "RNFR /", 550, "RNFR in.txt", 350, "RNTO ../"+base+"/moved.txt", 550)
	k.says("SIZE inside", 213, "TYPE A", 200, "SIZE inside", 550)
	if got := read(t, filepath.Join(outside, "secret.txt")); got != "secret" {
		t.Errorf("%q", got)
	}
	if _, err := os.Stat(filepath.Join(outside, "moved.txt")); err == nil {
		t.Error("it was moved out")
	}
}

// The server connects to nobody but the client, and to no service of its system.
func TestNoBounce(t *testing.T) {
	addr, _ := site(t, Config{Dir: t.TempDir()})
	talkTo(t, addr).login().says("PORT 10,0,0,1,40,0", 504, "PORT 127,0,0,2,40,0", 504, "PORT 127,0,0,1,0,22", 504, "PORT 127,0,0,1", 501,
		"EPRT |1|10.0.0.1|4000|", 504, "EPRT |2|::1|4000|", 504, "EPRT |1|127.0.0.1|22|", 504, "EPRT |3|x|4000|", 522, "EPRT |1|127.0.0.1|70000|", 501,
		"EPSV 2", 522, "EPSV 1", 229, "EPSV ALL", 200, "PORT 127,0,0,1,200,0", 200)
}

// Commands that are wrong, early, or too many get an answer, and an end.
func TestTalk(t *testing.T) {
	dir := write(t, t.TempDir(), map[string]string{"a": "x", "sub/b": ""})
	addr, log := site(t, Config{Dir: dir, Write: true})
	k := talkTo(t, addr)
	k.says("PWD", 530, "RETR a", 530, "PASS x", 503, "USER root", 331, "PASS guess", 530, "SYST", 215, "FEAT", 211, "HELP", 214, "PROT P", 503)
	k.login().says("WHAT", 502, "RETR", 501, "RETR a", 425, "LIST", 425, "MODE S", 200, "MODE B", 504, "STRU F", 200, "STRU R", 504, "TYPE A", 200, "REST 5", 504,
		"TYPE I", 200, "REST -1", 501, "REST 5", 350, "TYPE X", 504, "RNTO x", 503, "CWD none", 550, "CWD a", 550, "CWD sub", 250, "PWD", 257, "RETR none", 425, "ABOR", 226, "\xff\xf4\xff\xf2ABOR", 226, "ä", 502)
	k.says("CDUP", 250, "MKD new", 257, "MKD new", 550, "RNFR new", 350, "RNTO old", 250, "RMD old", 250, "DELE sub", 550, "RMD a", 550, "RMD sub", 550, "DELE a", 250, "NOOP", 200, "STAT", 211, "AUTH KERBEROS", 504)
	k.says("QUIT", 221)
	if !strings.Contains(log.String(), " USER root 331 ") || strings.Contains(log.String(), "guess") {
		t.Errorf("the log is\n%s", log)
	}
	k = talkTo(t, addr)
	k.says("USER x", 331, "PASS x", 530, "PASS x", 530, "PASS x", 421)
	k = talkTo(t, addr)
	for range maxMistakes {
		k.says("WHAT", 502)
	}
	k.says("WHAT", 421)
}

// A client that is silent, or says a line without an end, is shown out.
func TestShownOut(t *testing.T) {
	addr, _ := site(t, Config{Dir: t.TempDir(), Idle: 50 * time.Millisecond})
	for says, want := range map[string]string{"": "421 silent", strings.Repeat("x", 10_000): "500 that is no command"} {
		conn, err := net.Dial("tcp", addr.String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := io.WriteString(conn, says); err != nil {
			t.Fatal(err)
		}
		if all, _ := io.ReadAll(conn); !strings.Contains(string(all), want) { // reset where it was not read
			t.Errorf("%.20q: %q", says, all)
		}
	}
}

// scripted is the address of a server that gives its answers one after another.
func scripted(t *testing.T, answers ...string) primitive.Addr {
	return at(t, nettest.Answers(t, answers...))
}

// A server that lies, floods or stops is an error that says so.
func TestHostileServers(t *testing.T) {
	begin := []string{"220 hi\r\n", "331 pw\r\n", "230 ok\r\n", "200 ok\r\n", "500 no FEAT\r\n"}
	for name, c := range map[string]struct {
		answers []string
		kind    primitive.Kind
		cause   string
	}{
		"no reply":      {[]string{"SSH-2.0-x\r\n"}, primitive.Failed, "that is no reply of FTP"},
		"endless line":  {[]string{"220 " + strings.Repeat("x", 10_000)}, primitive.Oversized, "more than 4096 bytes"},
		"endless reply": {[]string{"220-x\r\n" + strings.Repeat(" more\r\n", 2000)}, primitive.Oversized, "more than 1000 lines"},
		"no PASV":       {append(begin[:5:5], "500 no\r\n", "227 nowhere\r\n"), primitive.Failed, "no address in the reply to PASV"},
		"port 0":        {append(begin[:5:5], "229 (|||0|)\r\n", "227 (1,2,3,4,0,0)\r\n"), primitive.Failed, "no address"},
		"account":       {[]string{"220 hi\r\n", "331 pw\r\n", "332 account\r\n"}, primitive.Unsupported, "an account"},
		"bad text":      {[]string{"220 hi\r\n", "530 \x1b[2J\xff\x00\r\n"}, primitive.Denied, `530 not logged in: \x1b[2J\xff\x00`},
		"silence":       {[]string{"220 hi\r\n"}, primitive.Timeout, "no reply in time"},
	} {
		t.Run(name, func(t *testing.T) {
			o := options(scripted(t, c.answers...))
			if c.kind == primitive.Timeout {
				o.Timeout = 50 * time.Millisecond
			}
			_, err := List(t.Context(), o, "")
			if e := primitive.AsError(err); err == nil || e.Kind != c.kind || !strings.Contains(e.Error(), c.cause) || e.Hint == "" {
				t.Errorf("%v (%s), hint %q", err, e.Kind, e.Hint)
			}
		})
	}
}

// A server that names another machine for the data is not followed there.
func TestElsewhere(t *testing.T) {
	other := make(chan struct{}, 1)
	l := serve(t, func(conn net.Conn) {
		other <- struct{}{}
		_, _ = io.WriteString(conn, "-rw-r--r-- 1 a b 3 Jan  1 2025 x\r\n")
	})
	addr := scripted(t, "220 hi\r\n", "230 in\r\n", "200 ok\r\n", "500 no\r\n", "500 no\r\n",
		fmt.Sprintf("227 here (192,0,2,1,%d,%d)\r\n", l.Port>>8, l.Port&255), "150 go\r\n226 done\r\n")
	var shown nettest.Notes
	o := options(addr)
	o.Show = func(line string) { shown.Add("%s", line) }
	list, err := List(t.Context(), o, "")
	if err != nil || len(list) != 1 || list[0].Name != "x" || len(other) != 1 {
		t.Errorf("%v, %v", list, err)
	}
	if !strings.Contains(shown.String(), "* the server names 192.0.2.1; the data is taken from 127.0.0.1 all the same") {
		t.Errorf("shown was\n%s", shown.String())
	}
}
