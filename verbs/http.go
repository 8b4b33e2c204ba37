package verbs

import (
	"context"
	"strings"
	"time"

	"sosh/primitive"
	"sosh/serve"
	"sosh/session"
	"sosh/web"
)

const httpDoc = "Asks once, over HTTP/1.1 and a connection of its own. What comes is shown, or with --output kept in a file, which gets its name " +
	"when it is whole. --show tells each line of the protocol, as it is sent (>) and received (<), and how long each phase took. " +
	"An answer of 4xx or 5xx is an answer, and an error only with --fail or --output."

func httpRows() []*primitive.Row {
	row := func(method, short, more, example string) primitive.Spec {
		return primitive.Spec{
			Name: "http " + method, Short: short, Doc: strings.TrimSpace(httpDoc + " " + more),
			Example: "serve 12345 http --body hello &; " + example,
			Raises: []primitive.Kind{primitive.Refused, primitive.Timeout, primitive.Unreachable, primitive.NotFound, primitive.Untrusted, primitive.Denied,
				primitive.Reset, primitive.Oversized},
			Offers: map[string]func() []primitive.Candidate{"header": offerHeaders},
		}
	}
	return []*primitive.Row{
		primitive.New(row("get", "Fetch what a URL names", "In Lua a table: http.get(url).status, .body, .headers[\"content-type\"].",
			"http get http://127.0.0.1:12345/hello"), httpGet),
		primitive.New(row("head", "Fetch the header of what a URL names", "Shown is the header of the answer.",
			"http head http://127.0.0.1:12345/hello"), httpHead),
		primitive.New(row("post", "Send something to a URL", "What is sent is one of --data, --json-data and --form; @FILE is what a file holds.",
			"http post http://127.0.0.1:12345/form --form name=Ada --form born=1815"), httpPost),
		primitive.New(row("request", "Send a request of any method", "",
			"http request DELETE http://127.0.0.1:12345/hello"), httpRequest),
	}
}

// offerHeaders lists usual fields of requests for completion.
func offerHeaders() (list []primitive.Candidate) {
	for _, f := range [][2]string{
		{"Accept: ", "media types that are wanted"}, {"Accept-Language: ", "languages that are wanted"}, {"Authorization: ", "who asks"},
		{"Content-Type: ", "what the body is"}, {"Cookie: ", "what the server gave before"}, {"Host: ", "another name than that of the URL"},
		{"If-Modified-Since: ", "only if it is newer"}, {"If-None-Match: ", "only if it is another"}, {"Range: bytes=0-99", "a part of it"},
		{"Referer: ", "where the URL was found"}, {"User-Agent: ", "what asks"},
	} {
		list = append(list, primitive.Candidate{Text: f[0], Help: f[1]})
	}
	return list
}

// reachOptions are how to reach a server of the web.
type reachOptions struct {
	Header  primitive.Many `help:"a line of the header, as \"Name: value\"; again for more"`
	User    string         `secret:"" help:"NAME:PASSWORD for the server, or @FILE that holds it"`
	Timeout time.Duration  `default:"30s" help:"give up after this long without an answer; 0 is never"`
	trustOptions
	Unix   string `help:"connect to this Unix socket, whatever the host"`
	Family string `default:"any" enum:"any,inet,inet6" alias:"4=inet,6=inet6,AF_INET=inet,AF_INET6=inet6" help:"address family to use"`
	Show   bool   `help:"tell each line of the protocol, and the timing"`
}

// httpOptions are what is sent, and what becomes of the answer.
type httpOptions struct {
	Data         primitive.Bytes `help:"body to send, as it stands"`
	JSONData     primitive.Bytes `name:"json-data" help:"body to send, said to be JSON"`
	Form         primitive.Many  `help:"field of a form, as name=value or name=@file"`
	Output       string          `help:"file for the body"`
	Resume       bool            `with:"output" help:"go on with what an earlier --output left"`
	Follow       bool            `help:"go where redirects lead"`
	MaxRedirects int             `with:"follow" default:"10" min:"0" max:"100" help:"redirects that are followed"`
	MaxSize      primitive.Size  `max:"1099511627776" help:"most bytes of a body; 0 is 16m, or 16g to a file"`
	Compressed   bool            `help:"ask for gzip, and unpack it"`
	Fail         bool            `help:"take 4xx and 5xx for errors"`
}

type httpArgs struct {
	URL string `arg:"" help:"what to ask for"`
	httpOptions
	reachOptions
}

type requestArgs struct {
	Method string `arg:"" help:"GET, PUT, DELETE, OPTIONS …"`
	URL    string `arg:"" help:"what to ask for"`
	httpOptions
	reachOptions
}

func httpGet(ctx context.Context, s *session.Session, a httpArgs) (web.Answer, error) {
	return exchange(ctx, s, "GET", a.URL, a.httpOptions, a.reachOptions)
}

func httpHead(ctx context.Context, s *session.Session, a httpArgs) (web.Answer, error) {
	return exchange(ctx, s, "HEAD", a.URL, a.httpOptions, a.reachOptions)
}

func httpPost(ctx context.Context, s *session.Session, a httpArgs) (web.Answer, error) {
	return exchange(ctx, s, "POST", a.URL, a.httpOptions, a.reachOptions)
}

func httpRequest(ctx context.Context, s *session.Session, a requestArgs) (web.Answer, error) {
	method, err := web.ParseMethod(a.Method)
	if err != nil {
		return web.Answer{}, err
	}
	return exchange(ctx, s, method, a.URL, a.httpOptions, a.reachOptions)
}

// exchange makes the request that the arguments describe.
func exchange(ctx context.Context, s *session.Session, method, url string, o httpOptions, reach reachOptions) (web.Answer, error) {
	r, err := reach.request(s, url, "http", "https")
	if err != nil {
		return web.Answer{}, err
	}
	r.Method, r.Output, r.Resume, r.MaxBody = method, o.Output, o.Resume, int64(o.MaxSize)
	r.Follow, r.MaxHops, r.Compressed = o.Follow, o.MaxRedirects, o.Compressed
	if err := o.body(&r); err != nil {
		return web.Answer{}, err
	}
	a, err := web.Do(ctx, r)
	if err != nil {
		return web.Answer{}, about(err, r.URL.Redacted())
	}
	if failed := a.Failure(); o.Fail && failed != nil {
		return web.Answer{}, about(failed, r.URL.Redacted())
	}
	return *a, nil
}

// about says which URL an error is about.
func about(err error, url string) error {
	e := primitive.AsError(err)
	if e.Kind == primitive.Usage {
		return e
	}
	return e.On(primitive.Escape(url, false))
}

// request is how to reach a URL.
func (o reachOptions) request(s *session.Session, url string, schemes ...string) (r web.Request, err error) {
	if r.URL, err = web.ParseURL(url, schemes...); err != nil {
		return r, err
	}
	if r.Header, err = web.ParseHeader(o.Header); err != nil {
		return r, err
	}
	if r.Trust, err = o.trust(); err != nil {
		return r, err
	}
	if o.User = strings.TrimRight(o.User, "\r\n"); o.User != "" && !strings.Contains(o.User, ":") {
		return r, primitive.Usagef("--user needs a name and a password").WithHint("write --user NAME:PASSWORD, or --user @FILE")
	}
	if o.Unix != "" {
		path, err := primitive.ParsePath(o.Unix)
		if err != nil {
			return r, err
		}
		r.Unix = string(path)
	}
	say := func(line string) { s.Note(session.Note{What: "shown", Text: line, Asked: true}) }
	if r.Warn = say; o.Show {
		r.Show = say
	}
	r.User, r.Timeout, r.Family = o.User, o.Timeout, familyOf(o.Family)
	return r, nil
}

// body is what is sent, and what it is said to be.
func (o httpOptions) body(r *web.Request) error {
	kind := ""
	switch given := btoi(o.Data != nil) + btoi(o.JSONData != nil) + btoi(o.Form != nil); {
	case given > 1:
		return primitive.Usagef("one of --data, --json-data and --form")
	case o.Data != nil:
		r.Body, kind = o.Data, "application/octet-stream"
	case o.JSONData != nil:
		r.Body, kind = o.JSONData, "application/json"
	case o.Form != nil:
		var err error
		if r.Body, kind, err = web.Form(o.Form); err != nil {
			return err
		}
	}
	if kind != "" && r.Header.Get("Content-Type") == "" {
		r.Header.Set("Content-Type", kind)
	}
	return nil
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// webServices are the services of serve that speak HTTP.
func webServices() []*primitive.Row {
	return []*primitive.Row{
		serve.New(serve.Spec{
			Name: "http", Short: "Serve a folder, a text, or a mirror over HTTP",
			Doc: "With a folder its files, and nothing outside of it: GET and HEAD, parts of files, lists of folders. With --body the same answer to every request. " +
				"With neither each request is answered with itself. --status is for every request, or for those that --every and --chance choose. " +
				"With --tls it speaks HTTPS, with a certificate made for the moment; --cert-out keeps that for clients: http get URL --cacert FILE.",
			Example: "serve 12345 http --body hello &; http get http://127.0.0.1:12345/",
		}, serveHTTP),
		serve.New(serve.Spec{
			Name: "ws", Short: "Send back each message of a WebSocket",
			Doc:     "Text comes back as text, bytes as bytes; messages have at most 1 MiB.",
			Example: "serve 12345 ws &; ws connect ws://127.0.0.1:12345/; ws send w1 hello; ws recv w1",
		}, func(_ context.Context, host serve.Host, _ noArgs) (serve.Runner, error) {
			return serve.Runner{Client: web.NewEcho(host.Log).Serve}, nil
		}),
	}
}

type serveHTTPArgs struct {
	Dir    string          `arg:"" optional:"" help:"folder to serve"`
	Body   primitive.Bytes `help:"answer to every request"`
	Header primitive.Many  `help:"a line of every answer's header; again for more"`
	Status int             `min:"200" max:"599" help:"status of the answers, as 503"`
	certificateOptions
}

func serveHTTP(_ context.Context, host serve.Host, a serveHTTPArgs) (serve.Runner, error) {
	header, err := web.ParseHeader(a.Header)
	if err != nil {
		return serve.Runner{}, err
	}
	spec := web.SiteSpec{Dir: a.Dir, Body: a.Body, Header: header, Status: a.Status, Hit: host.Hit, Log: host.Log}
	if spec.TLS, err = a.config("http/1.1"); err != nil {
		return serve.Runner{}, err
	}
	site, err := web.NewSite(spec)
	if err != nil {
		return serve.Runner{}, err
	}
	return serve.Runner{Client: site.Serve, Close: site.Close}, nil
}
