package web

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"sosh/primitive"
	"sosh/sock"
	"sosh/tlsinfo"
)

// A Request is what to ask, and how. The zero value of every field but Method
// and URL is a good one.
type Request struct {
	Method string
	URL    *url.URL // of http or https; see ParseURL
	Header http.Header
	Body   []byte // nil for none
	User   string // NAME:PASSWORD (RFC 7617); sent to the first origin only

	Family     sock.Family
	Unix       string        // path of a Unix socket to connect to, whatever the host; "" for none
	Timeout    time.Duration // until the header of an answer, and of silence after it; 0 waits for ever
	Compressed bool          // accept gzip, and decode it
	MaxBody    int64         // bytes of a body, decoded; 0 is MaxInMemory, or MaxInFile with Output
	Follow     bool
	MaxHops    int // redirects that are followed

	tlsinfo.Trust // of https and wss

	Output string // file for the body; "" keeps it in memory
	Resume bool   // go on with what an earlier attempt left beside Output

	Show func(line string) // told each line of the protocol, escaped; nil for nobody
	Warn func(line string) // told what a person must know; nil for nobody
}

// Most bytes of a body unless MaxBody says otherwise.
const (
	MaxInMemory = 16 << 20
	MaxInFile   = 16 << 30
)

func (r *Request) maxBody() int64 {
	switch {
	case r.MaxBody > 0:
		return r.MaxBody
	case r.Output != "":
		return MaxInFile
	}
	return MaxInMemory
}

// ParseHeader reads lines of the form "Name: value". Host is one of them. Usage.
func ParseHeader(lines []string) (http.Header, error) {
	h := http.Header{}
	for _, line := range lines {
		name, value, ok := strings.Cut(line, ":")
		if value = strings.Trim(value, " \t"); !ok || !isToken(name) {
			return nil, primitive.Usagef("%s is no header line", primitive.Quote(line)).WithHint(`write --header "Name: value"`)
		}
		if strings.ContainsAny(value, "\r\n\x00") {
			return nil, primitive.Usagef("a header line has one line: %s", primitive.Quote(line))
		}
		h.Add(name, value)
	}
	return h, nil
}

// ParseMethod is a method as it is sent. Usage.
func ParseMethod(text string) (string, error) {
	if !isToken(text) {
		return "", primitive.Usagef("%s is no method", primitive.Quote(text)).WithHint("methods are GET, HEAD, POST, PUT, DELETE, OPTIONS, PATCH …")
	}
	if upper := strings.ToUpper(text); text == strings.ToLower(text) {
		return upper, nil // nobody means "get"; any other case is meant
	}
	return text, nil
}

// isToken is whether a text is a token (RFC 9110, 5.6.2).
func isToken(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte("\"(),/:;<=>?@[\\]{}", c) >= 0 {
			return false
		}
	}
	return s != ""
}

// make is the request of net/http for one hop.
func (r *Request) make(u *url.URL, method string, body []byte, first bool) *http.Request {
	req := &http.Request{
		Method: method, URL: u, Header: r.Header.Clone(), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Host: u.Host, Close: true,
	}
	if req.Header == nil {
		req.Header = http.Header{}
	}
	if host := req.Header.Get("Host"); host != "" && first {
		req.Host = host
	}
	req.Header.Del("Host") // net/http writes that of the request
	if _, given := req.Header["User-Agent"]; !given {
		req.Header.Set("User-Agent", "sosh")
	}
	if req.Header.Get("Accept") == "" {
		req.Header.Set("Accept", "*/*")
	}
	if r.Compressed {
		req.Header.Set("Accept-Encoding", "gzip")
	}
	if !first && !sameOrigin(r.URL, u) {
		for _, secret := range []string{"Authorization", "Cookie", "Proxy-Authorization"} {
			req.Header.Del(secret)
		}
	} else if name, password, ok := strings.Cut(r.User, ":"); ok {
		req.SetBasicAuth(name, password)
	}
	setBody(req, body)
	return req
}
