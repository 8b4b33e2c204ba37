package dialogue

import (
	"fmt"
	"strings"

	"sosh/primitive"
)

// A Reply is what a server answers: a number for programs, and lines for people.
type Reply struct {
	Code  int      // 100 to 699
	Lines []string // without the number; at least one, which may be empty
}

// Positive is whether the server did, or will go on with, what was asked.
func (r Reply) Positive() bool { return r.Code >= 100 && r.Code < 400 }

// Text is the last line, which says it all where there is only one.
func (r Reply) Text() string {
	if len(r.Lines) == 0 {
		return ""
	}
	return r.Lines[len(r.Lines)-1]
}

// String is "250 ok", escaped.
func (r Reply) String() string {
	return strings.TrimSpace(fmt.Sprintf("%03d %s", r.Code, primitive.Escape(r.Text(), false)))
}

// A parser puts the lines of one reply together.
type parser struct {
	reply Reply
	begun bool
}

// line takes the next line; done is whether it was the last one, ok whether it
// can be part of a reply. Between the first line and the last, FTP allows any
// text; SMTP has the number before each.
func (p *parser) line(text string) (done, ok bool) {
	code, mark, rest := cut(text)
	switch {
	case !p.begun && code == 0:
		return false, false
	case !p.begun:
		p.begun = true
		p.reply.Code = code
	case code != p.reply.Code:
		p.reply.Lines = append(p.reply.Lines, strings.TrimPrefix(text, " "))
		return false, true
	}
	p.reply.Lines = append(p.reply.Lines, rest)
	return mark != '-', true
}

// cut reads "250-text" or "250 text" or "250"; code is 0 where it is none.
func cut(text string) (code int, mark byte, rest string) {
	if len(text) < 3 || len(text) > 3 && text[3] != ' ' && text[3] != '-' {
		return 0, 0, ""
	}
	for _, c := range []byte(text[:3]) {
		if c < '0' || c > '9' {
			return 0, 0, ""
		}
		code = code*10 + int(c-'0')
	}
	if code < 100 || code > 699 {
		return 0, 0, ""
	}
	if len(text) == 3 {
		return code, ' ', ""
	}
	return code, text[3], text[4:]
}

// Refused makes an error of a reply that says no: "550 mailbox unavailable: no
// such user". The kind is Denied where the server wants a login or a better one,
// Oversized where it has no room for so much, Timeout where it gave up waiting,
// else Failed.
func (c *Client) Refused(r Reply, what string) *primitive.Error {
	cause := c.refusedText(r)
	if what != "" {
		cause = "the server refuses " + c.hidden(primitive.Escape(what, false)) + ": " + cause
	}
	return primitive.Newf(kindOf(r.Code), "%s", cause).On(c.target())
}

// refusedText is the code, what it means, and what the server says to it.
func (c *Client) refusedText(r Reply) string {
	text := fmt.Sprintf("%03d", r.Code)
	if words := c.protocol.Words[r.Code]; words != "" {
		text += " " + words
	}
	if said := primitive.Escape(shorten(r.Text()), false); said != "" {
		text += ": " + said
	}
	return c.hidden(text)
}

func kindOf(code int) primitive.Kind {
	switch code {
	case 530, 532, 534, 535, 538, 523:
		return primitive.Denied
	case 552:
		return primitive.Oversized
	case 421:
		return primitive.Reset
	case 500, 502, 504:
		return primitive.Unsupported
	}
	return primitive.Failed
}
