package history

import (
	"strings"
	"testing"
)

// Every hunter2 is a secret; what comes out still says what the line did.
func TestRedact(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"tls connect h 443 --password hunter2", "tls connect h 443 --password ***"},
		{"x --password=hunter2 --timeout 2s", "x --password=*** --timeout 2s"},
		{`x --password "hunter2 and more" --json`, `x --password "***" --json`},
		{`x --password 'hunter2`, `x --password '***`},
		{`x --password pa"hunter2 x"y z`, `x --password *** z`},
		{`x --password hunter2,(hunter2)`, `x --password ***`},
		{"x --token hunter2; y", "x --token ***; y"},
		{"x --auth user:hunter2", "x --auth ***"},
		{"x --proxy-auth hunter2 h", "x --proxy-auth *** h"},
		{"x --api-key=hunter2", "x --api-key=***"},
		{`send c1 "--password hunter2"`, `send c1 "--password ***"`},
		{"curl -sSL -u me:hunter2 host/x", "curl -sSL -u *** host/x"},
		{"curl -sume:hunter2 host/x", "curl -su*** host/x"},
		{"curl host --user=me:hunter2", "curl host --user=***"},
		{"curl -u @file host", "curl -u @file host"},
		{"curl http://me:hunter2@host/x?y", "curl http://***@host/x?y"},
		{"curl http://me:hunter2@hunter2@host/x", "curl http://***@host/x"},
		{"http get ftp://hunter2@host", "http get ftp://***@host"},
		{`login{password = "hunter2", user = "me"}`, `login{password = "***", user = "me"}`},
		{`t = {["password"] = 'hunter2'}`, `t = {["password"] = '***'}`},
		{`password = [[hunter2` + "\n" + `hunter2]]`, `password = ***`},
		{`t.db_password="hunter2"`, `t.db_password="***"`},
		{`send c1 "{\"password\": \"hunter2\"}"`, `send c1 "{\"password\": \"***\"}"`},
		{`if pw.password == "hunter2" then`, `if pw.password == "***" then`},
		{`c:password("hunter2")`, `c:password("***")`},
		{`ftp:login("me", "hunter2")`, `ftp:login("me", "***")`},
		{"send web password=hunter2&user=x", "send web password=***"},
		{`send c1 "PASS hunter2\r\n"`, `send c1 "PASS ***\r\n"`},
		{"send c1 PASS hunter2 hunter2", "send c1 PASS ***"},
		{`send c1 --crlf "AUTH PLAIN aHVudGVyMg=="`, `send c1 --crlf "AUTH PLAIN ***"`},
		{`send c1 "Authorization: Basic hunter2==\r\n"`, `send c1 "Authorization: ***\r\n"`},
		{`headers = {Authorization = "Bearer hunter2"}`, `headers = {Authorization = "***"}`},
		{`send c1 "Cookie: id=hunter2; b=hunter2"`, `send c1 "Cookie: ***; b=hunter2"`},
		{"send c1 the passphrase hunter2", "send c1 the passphrase ***"},
		{"SECRET_TOKEN=hunter2", "SECRET_TOKEN=***"},
	} {
		if got := Redact(c.line); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.line, got, c.want)
		}
		if again := Redact(Redact(c.line)); again != Redact(c.line) {
			t.Errorf("%s: not the same again: %s", c.line, again)
		}
	}
}

// Lines without a secret stay as they are, and those that say where it is.
func TestRedactKeeps(t *testing.T) {
	for _, line := range []string{
		"tcp connect 127.0.0.1 80", "x --password $pw", `x --password "$pw"`, "x --token @file.txt", "x --password ${cfg.pw}",
		"x --password $pw --auth @f", `password = ask("Password?")`, "token = c:recvline()", "if token then print(1) end",
		"for _, token in ipairs(list) do", "http://127.0.0.1:8080/users/@me", "send c1 EHLO x; send c1 AUTH LOGIN",
		"help auth", "key = 3", "print('basic structures')", "author = 3", "passed = true", "udp sendto [fe80::1]:7 x", "local secret",
	} {
		if got := Redact(line); got != line {
			t.Errorf("%s became %s", line, got)
		}
	}
}

func FuzzRedact(f *testing.F) {
	f.Add(`x --password "a`, "PASS")
	f.Add("://a@b@", `{"token": "x"}`)
	f.Fuzz(func(t *testing.T, a, b string) {
		Redact(a + b)
		secret := "Zq7" + strings.Repeat("k", 5)
		if got := Redact("x --password " + secret + " " + strings.ReplaceAll(b, secret, "")); strings.Contains(got, secret) {
			t.Errorf("%q is in %q", secret, got)
		}
	})
}

func BenchmarkRedact(b *testing.B) {
	for b.Loop() {
		Redact("tcp connect 127.0.0.1:80 --timeout 2s --password hunter2")
	}
}
