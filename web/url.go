package web

import (
	"net/url"
	"slices"
	"strings"

	"sosh/primitive"
)

// ParseURL reads an absolute URL of one of the schemes; without a scheme it is
// of the first one. Usage.
func ParseURL(text string, schemes ...string) (*url.URL, error) {
	if !strings.Contains(text, "://") {
		text = schemes[0] + "://" + text
	}
	u, err := url.Parse(text)
	if err != nil {
		return nil, primitive.Usagef("%s is no URL", primitive.Quote(text)).WithHint("write %s://127.0.0.1:8080/path", schemes[0])
	}
	u.Scheme = strings.ToLower(u.Scheme)
	switch {
	case !slices.Contains(schemes, u.Scheme):
		return nil, primitive.Usagef("a URL of %s is not for this command", primitive.Quote(u.Scheme)).
			WithHint("it takes %s", strings.Join(schemes, " and "))
	case u.Hostname() == "":
		return nil, primitive.Usagef("%s has no host", primitive.Quote(text)).WithHint("write %s://127.0.0.1:8080/path", schemes[0])
	case u.User != nil:
		return nil, primitive.Usagef("a password in a URL ends up in histories and logs").WithHint("give it beside: --user NAME:PASSWORD")
	}
	u.Fragment, u.RawFragment = "", "" // it never leaves the client
	_, err = portOf(u)
	return u, err
}

// portOf is the port of a URL, or the usual one of its scheme.
func portOf(u *url.URL) (int, error) {
	if text := u.Port(); text != "" {
		return primitive.ParsePort(text, false)
	}
	if secure(u) {
		return 443, nil
	}
	return 80, nil
}

// secure is whether a URL asks for TLS.
func secure(u *url.URL) bool { return u.Scheme == "https" || u.Scheme == "wss" }

// sameOrigin is whether secrets for one URL may go to the other (RFC 6454).
func sameOrigin(a, b *url.URL) bool {
	pa, _ := portOf(a) // both were parsed
	pb, _ := portOf(b)
	return a.Scheme == b.Scheme && strings.EqualFold(a.Hostname(), b.Hostname()) && pa == pb
}
