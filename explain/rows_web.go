package explain

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"time"

	"sosh/primitive"
	"sosh/web"
)

// many are the values of a flag that may be given again.
func (c Command) many(name string) []string {
	m, _ := c.Args.Value(name).(primitive.Many)
	return m
}

// seconds is --timeout as an argument in Python, empty for none.
func (c Command) seconds() string {
	d, _ := c.Args.Value("timeout").(time.Duration)
	if d <= 0 {
		return ""
	}
	return fmt.Sprintf(", timeout=%g", d.Seconds())
}

// socketURL is what a WebSocket is connected to.
func (c Command) socketURL() string {
	h, _ := c.Args.Value("ws").(*web.Socket)
	if h == nil {
		return "ws://127.0.0.1/"
	}
	info, _ := h.Info().(web.SocketInfo)
	return info.URL
}

// target is a URL taken apart; what is wrong the command itself says.
func target(text string, schemes ...string) (u *url.URL, a primitive.Addr, secure bool) {
	u, err := web.ParseURL(text, schemes...)
	if err != nil {
		return &url.URL{Path: "/"}, primitive.Addr{Host: "127.0.0.1", Port: 80}, false
	}
	secure = u.Scheme == schemes[1]
	a = primitive.Addr{Host: u.Hostname(), Port: map[bool]int{false: 80, true: 443}[secure]}
	if port, err := primitive.ParsePort(u.Port(), false); err == nil {
		a.Port = port
	}
	return u, a, secure
}

// below are the steps to a server: TLS is not for a few lines of C.
func (c Command) below(a primitive.Addr, secure bool, steps ...Step) []Step {
	all := append([]Step{stream(a, "")}, c.patience()...)
	all = append(all, Step{Op: Connect, Addr: a})
	if secure {
		steps = []Step{{Op: Word, Name: "over TLS from here on: in C with a library, as OpenSSL: SSL_set_fd(3) and SSL_connect(3)"}}
	}
	return append(append(all, steps...), Step{Op: Close})
}

// fields are lines of the header, as given, and those that the body needs.
func (c Command) fields() (list [][2]string) {
	has := map[string]bool{}
	for _, line := range c.many("header") {
		name, value, _ := strings.Cut(line, ":")
		if has[strings.ToLower(name)] {
			continue // a second one of a name: left out
		}
		has[strings.ToLower(name)] = true
		list = append(list, [2]string{name, strings.TrimSpace(value)})
	}
	if _, kind := c.body(); kind != "" && !has["content-type"] {
		list = append(list, [2]string{"Content-Type", kind})
	}
	return list
}

// body is what is sent; a form with files is not.
func (c Command) body() (data []byte, kind string) {
	form := url.Values{}
	for _, field := range c.many("form") {
		name, value, _ := strings.Cut(field, "=")
		form.Add(name, value)
	}
	switch {
	case c.Args.Value("data") != nil && c.bytes("data") != nil:
		return c.bytes("data"), "application/octet-stream"
	case c.bytes("json-data") != nil:
		return c.bytes("json-data"), "application/json"
	case len(form) > 0:
		return []byte(form.Encode()), "application/x-www-form-urlencoded"
	}
	return nil, ""
}

// leftOut are the flags that the programs do without, in a comment.
func (c Command) leftOut(names ...string) string {
	var given []string
	for _, g := range c.Args.Given() {
		for _, name := range names {
			if g.Param.Name == name {
				given = append(given, "--"+name)
			}
		}
	}
	if given == nil {
		return ""
	}
	return "left out here: " + strings.Join(given, ", ")
}

// remark is a step for what is left out, if anything is.
func remark(text string) []Step {
	if text == "" {
		return nil
	}
	return []Step{{Op: Word, Name: text}}
}

func httpSteps(c Command, method string) []Step {
	u, a, secure := target(c.text("url"), "http", "https")
	left := c.leftOut("user", "follow", "resume", "unix", "compressed", "show")
	steps := []Step{{Op: Library, Name: httpPython(c, method, u, a, secure, left)}}
	if path := c.text("unix"); path != "" {
		a = primitive.Addr{Path: path}
	}
	steps = append(steps, remark(left)...)
	return append(steps, c.below(a, secure,
		Step{Op: Send, Data: httpRequest(c, method, u)},
		Step{Op: Word, Name: "the body may come in chunks, each with its size before it (RFC 9112 section 7.1)"},
		Step{Op: Code, Uses: "copy", Name: "copy(s, stdout);", Told: "read fd, the bytes, 4096\n-- as often as it takes"},
	)...)
}

// httpRequest is a request as it is sent (RFC 9112).
func httpRequest(c Command, method string, u *url.URL) []byte {
	body, _ := c.body()
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n", method, u.RequestURI(), u.Host)
	for _, f := range c.fields() {
		fmt.Fprintf(&b, "%s: %s\r\n", f[0], f[1])
	}
	if body != nil || method == "POST" || method == "PUT" {
		fmt.Fprintf(&b, "Content-Length: %d\r\n", len(clipped(body)))
	}
	return append([]byte(b.String()+"\r\n"), clipped(body)...)
}

func httpPython(c Command, method string, u *url.URL, a primitive.Addr, secure bool, left string) string {
	w := &writer{}
	class, context := "HTTPConnection", ""
	if w.line("import http.client"); secure {
		w.line("import ssl")
		class, context = "HTTPSConnection", ", context=context"
	}
	w.line("")
	w.left(left)
	w.context(c, secure)
	w.line("c = http.client.%s(%s, %d%s%s)", class, pythonText(a.Host), a.Port, c.seconds(), context)
	w.line("c.request(%s, %s%s)", pythonText(method), pythonText(u.RequestURI()), httpMore(c))
	w.line("answer = c.getresponse()\nprint(answer.status, answer.reason)")
	w.line("for name, value in answer.getheaders():\n    print(f\"{name}: {value}\")")
	if output := c.text("output"); output != "" {
		w.line("with open(%s, \"wb\") as file:\n    file.write(answer.read())", pythonText(output))
	} else {
		w.line("print(answer.read())")
	}
	return w.b.String()
}

// httpMore are the body and the header of a request in Python.
func httpMore(c Command) (text string) {
	if body, _ := c.body(); body != nil {
		text = ", body=" + pythonBytes(body)
	}
	var fields []string
	for _, f := range c.fields() {
		fields = append(fields, pythonText(f[0])+": "+pythonText(f[1]))
	}
	if fields != nil {
		text += ", headers={" + strings.Join(fields, ", ") + "}"
	}
	return text
}

func (w *writer) left(text string) {
	if text != "" {
		w.line("# %s", text)
	}
}

// context is whom a program in Python trusts.
func (w *writer) context(c Command, secure bool) {
	switch {
	case !secure:
		return
	case c.text("cacert") != "":
		w.line("context = ssl.create_default_context(cafile=%s)", pythonText(c.text("cacert")))
	default:
		w.line("context = ssl.create_default_context()")
	}
	if c.on("insecure") {
		w.line("context.check_hostname = False\ncontext.verify_mode = ssl.CERT_NONE  # anybody may be the server")
	}
}

// wsSteps shake hands, and do what the command does with a message (RFC 6455).
func wsSteps(c Command, text string) []Step {
	u, a, secure := target(text, "ws", "wss")
	key := base64.StdEncoding.EncodeToString([]byte("sixteen bytes ok"))
	request := fmt.Sprintf("GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\n", u.RequestURI(), u.Host, key)
	if offers := c.many("protocol"); len(offers) > 0 {
		request += "Sec-WebSocket-Protocol: " + strings.Join(offers, ", ") + "\r\n"
	}
	request += "\r\n"
	steps := []Step{{Op: Library, Name: wsPython(c, a, secure, request)},
		{Op: Word, Name: "the key should be random, and its answer be checked: base64 of a SHA-1 (RFC 6455 section 4)"}}
	talk := []Step{{Op: Send, Data: []byte(request)}, {Op: RecvUntil, Data: []byte("\r\n\r\n")}}
	return append(steps, c.below(a, secure, append(talk, wsFrames(c)...)...)...)
}

// wsFrames are the frames of a command, behind the handshake.
func wsFrames(c Command) []Step {
	recv := Step{Op: Recv, N: 65536}
	switch c.Row.Name {
	case "ws send":
		return []Step{{Op: Send, Data: frame(wsOpcode(c), clipped(c.bytes("data")))}}
	case "ws ping":
		return []Step{{Op: Send, Data: frame(0x9, nil)}, recv}
	case "ws recv":
		return []Step{recv}
	}
	return nil
}

func wsOpcode(c Command) byte {
	if c.on("binary") {
		return 2
	}
	return 1
}

// frame is a whole message of a client, with a mask of zeros: a real client
// takes random ones (RFC 6455 section 5.3).
func frame(opcode byte, data []byte) []byte {
	const final, masked, two = 0x80, 0x80, 126
	f := []byte{final | opcode, masked | byte(len(data))}
	if len(data) >= two {
		f = []byte{final | opcode, masked | two, byte(len(data) >> 8), byte(len(data))}
	}
	return append(append(f, 0, 0, 0, 0), data...)
}

func wsPython(c Command, a primitive.Addr, secure bool, request string) string {
	w := &writer{}
	if w.line("import socket"); secure {
		w.line("import ssl")
	}
	w.line("")
	w.context(c, secure)
	w.line("s = socket.create_connection((%s, %d)%s)", pythonText(a.Host), a.Port, c.seconds())
	if secure {
		w.line("s = context.wrap_socket(s, server_hostname=%s)", pythonText(a.Host))
	}
	w.line("# the key should be random; its answer is base64 of a SHA-1 (RFC 6455 section 4)")
	w.line("s.sendall(%s)", pythonBytes([]byte(request)))
	w.line("data = b\"\"\nwhile not data.endswith(b\"\\r\\n\\r\\n\"):\n    piece = s.recv(1)\n    if not piece:\n        raise EOFError(\"the peer ended its side\")\n    data += piece\nprint(data.decode(errors=\"replace\"))")
	for _, s := range wsFrames(c) {
		if s.Op == Send {
			w.line("s.sendall(%s)  # a frame: opcode, length, mask, data", pythonBytes(s.Data))
		} else {
			w.line("print(s.recv(65536))  # a frame: opcode, length, data")
		}
	}
	w.line("s.close()")
	return w.b.String()
}
