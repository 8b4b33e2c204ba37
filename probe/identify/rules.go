package identify

import (
	"regexp"
	"strings"

	"sosh/internal/lazy"
	"sosh/primitive"
)

// Sure is how much an answer proves.
type Sure string

// Certain is what only that protocol says; Likely what others could say, too, and
// hardly do; Guess is a beginning to look at.
const (
	Certain Sure = "certain"
	Likely  Sure = "likely"
	Guess   Sure = "guess"
)

// A rule recognises an answer. It is of words (a pattern) or of bytes (a function);
// the first one that fits counts, so the narrower ones stand first.
type rule struct {
	protocol string
	to       string // the questions it answers, with blanks between; "" is any; "greeting" is unasked
	pattern  string // a regular expression over the answer as Latin-1
	match    func(answer, asked []byte) (product, version string, ok bool)
	sure     Sure
	why      string // what makes so sure
	product  string // $1 and the like are groups of the pattern
	version  string
}

// wordRules are about protocols of text.
func wordRules() []rule {
	return []rule{
		{protocol: "ssh", pattern: `^(?:[^\r\n]*\r?\n){0,9}?SSH-[\d.]+-([^\s_-]+)[_-]?(\S*)`, sure: Certain, why: "an SSH identification (RFC 4253)", product: "$1", version: "$2"},
		{protocol: "vnc", pattern: `^RFB (\d{3}\.\d{3})\n`, sure: Certain, why: "the version of the RFB protocol (RFC 6143)", version: "$1"},
		{protocol: "mongodb", pattern: `MongoDB over HTTP on the native driver port`, sure: Certain, why: "it says so"},
		{protocol: "http", pattern: `(?is)^HTTP/\d(?:\.\d)? \d{3}.*?\nserver: ([^\r\n/ ]+)(?:[/ ]v?(\d[^\s;]*))?`, sure: Certain, why: "an HTTP status line (RFC 9112)", product: "$1", version: "$2"},
		{protocol: "http", pattern: `^HTTP/\d(?:\.\d)? \d{3}`, sure: Certain, why: "an HTTP status line (RFC 9112)"},
		{protocol: "rtsp", pattern: `^RTSP/1\.0 \d{3}`, sure: Certain, why: "an RTSP status line (RFC 7826)"},
		{protocol: "sip", pattern: `(?is)^SIP/2\.0 \d{3}.*?\n(?:server|user-agent): ([^\r\n/]+)(?:/(\S+))?`, sure: Certain, why: "a SIP status line (RFC 3261)", product: "$1", version: "$2"},
		{protocol: "sip", pattern: `^SIP/2\.0 \d{3}`, sure: Certain, why: "a SIP status line (RFC 3261)"},
		{protocol: "dict", pattern: `^220 \S+ dictd ([\d.]+)`, sure: Certain, why: "the greeting of DICT (RFC 2229)", product: "dictd", version: "$1"},
		{protocol: "ftp", pattern: `(?i)^(?:220|500)[ -][^\n]*(vsFTPd|ProFTPD|Pure-FTPd|FileZilla Server|Microsoft FTP Service)[ ,v]*([\d.]+\w*)?`, sure: Certain, why: "a greeting that names a server of FTP", product: "$1", version: "$2"},
		{protocol: "ftp", pattern: `(?i)^220[ -][^\n]*\bftp`, sure: Certain, why: "a greeting 220 that says FTP"},
		{protocol: "smtp", pattern: `^220[ -]\S+ (?:ESMTP|SMTP|LMTP)\s+([A-Za-z]\w+)(?:[ /]([\d.]+))?`, sure: Certain, why: "the greeting of SMTP (RFC 5321)", product: "$1", version: "$2"},
		{protocol: "smtp", pattern: `(?i)^220[ -][^\n]*(?:smtp|lmtp)`, sure: Certain, why: "the greeting of SMTP (RFC 5321)"},
		{protocol: "smtp", to: "ehlo", pattern: `(?m)^250[ -]`, sure: Certain, why: "EHLO is answered by 250"},
		{protocol: "ftp", to: "ehlo", pattern: `(?s)^220[ -].*\n5(?:30|00|02)[ -]`, sure: Likely, why: "a greeting 220, and EHLO is not known"},
		{protocol: "imap", pattern: `^\* (?:OK|PREAUTH|BYE)[^\n]*(Dovecot|Courier-IMAP|Cyrus)`, sure: Certain, why: "an untagged greeting (RFC 9051) that names its server", product: "$1"},
		{protocol: "imap", pattern: `^\* (?:OK|PREAUTH|BYE)[ \r]`, sure: Certain, why: "an untagged greeting (RFC 9051)"},
		{protocol: "pop3", pattern: `(?i)^\+OK[^\n]*(Dovecot|POP3|<[^>]+@[^>]+>)`, sure: Certain, why: "the greeting of POP3 (RFC 1939)"},
		{protocol: "redis", pattern: `(?s)^\+PONG\r\n.*?(redis|valkey)_version:([\d.]+)`, sure: Certain, why: "PING is answered by PONG", product: "$1", version: "$2"},
		{protocol: "redis", to: "redis", pattern: `^(?:\+PONG\r\n|-NOAUTH |-DENIED Redis|-MASTERDOWN)`, sure: Certain, why: "the answer of RESP to PING"},
		{protocol: "redis", to: "http lines", pattern: `^-(?:ERR (?:unknown command|wrong number)|NOAUTH|DENIED Redis)`, sure: Certain, why: "an error as RESP writes it"},
		{protocol: "pop3", to: "greeting", pattern: `^\+OK[ \r]`, sure: Likely, why: "a greeting +OK, as POP3 has it"},
		{protocol: "managesieve", pattern: `^"IMPLEMENTATION" "([^"]+)"`, sure: Certain, why: "the greeting of ManageSieve (RFC 5804)", product: "$1"},
		{protocol: "nntp", pattern: `(?i)^20[01] [^\n]*(?:nntp|news|innd?)\b`, sure: Likely, why: "a greeting 200 that says news (RFC 3977)"},
		{protocol: "irc", pattern: `^(?::\S+ )?NOTICE (?:AUTH|\*) `, sure: Certain, why: "a notice of IRC before the login"},
		{protocol: "irc", pattern: `^ERROR :`, sure: Likely, why: "an error as IRC writes it"},
		{protocol: "rsync", pattern: `^@RSYNCD: ([\d.]+)`, sure: Certain, why: "the greeting of rsync", product: "rsyncd", version: "$1"},
		{protocol: "nats", pattern: `^INFO \{.*?"version":"([^"]+)"`, sure: Certain, why: "the INFO of NATS", product: "nats-server", version: "$1"},
		{protocol: "asterisk", pattern: `^Asterisk Call Manager/([\d.]+)`, sure: Certain, why: "the greeting of Asterisk's manager", product: "Asterisk", version: "$1"},
		{protocol: "svn", pattern: `^\( success \( \d`, sure: Certain, why: "the greeting of svnserve"},
		{protocol: "mpd", pattern: `^OK MPD ([\d.]+)`, sure: Certain, why: "the greeting of MPD", product: "MPD", version: "$1"},
		{protocol: "memcached", to: "memcached", pattern: `^VERSION (\S+)\r\n`, sure: Certain, why: "version is answered by VERSION", product: "memcached", version: "$1"},
		{protocol: "memcached", to: "http lines", pattern: `^(?:ERROR\r\n)+$`, sure: Likely, why: "ERROR alone, as memcached says it"},
		{protocol: "zookeeper", to: "zookeeper", pattern: `^(?:imok$|ruok is not executed)`, sure: Certain, why: "ruok is answered as ZooKeeper does"},
		{protocol: "daytime", to: "greeting", pattern: `^[^\n]{0,40}\b\d\d:\d\d:\d\d\b[^\n]{0,40}\r?\n?$`, sure: Guess, why: "a date and a time, unasked (RFC 867)"},
		{protocol: "chargen", to: "greeting", pattern: `^[ -~]{72}\r\n[ -~]{72}\r\n`, sure: Likely, why: "lines of 72 characters without an end (RFC 864)"},
		{protocol: "telnet", to: "greeting", pattern: `(?i)(?:login|username|user name|password): ?$`, sure: Guess, why: "it asks for a login in plain text"},
		{protocol: "ftp", to: "greeting", pattern: `^220[ -]`, sure: Guess, why: "a greeting 220: FTP or SMTP"},
	}
}

// rules are all of them, ready for use.
var rules = lazy.Value[[]compiled]{New: func() []compiled {
	var list []compiled
	for _, r := range append(byteRules(), wordRules()...) {
		c := compiled{rule: r}
		if r.pattern != "" {
			c.re = regexp.MustCompile(r.pattern)
		}
		list = append(list, c)
	}
	return list
}}

type compiled struct {
	rule
	re *regexp.Regexp
}

// Most bytes of an answer that are looked at.
const mostAnswer = 4 << 10

// recognise finds the first rule that an answer to a question fits.
func recognise(question string, answer, asked []byte) (Speaker, bool) {
	answer = answer[:min(len(answer), mostAnswer)]
	if len(answer) == 0 {
		return Speaker{}, false
	}
	text := latin1(answer)
	for _, r := range rules.Get() {
		if r.to != "" && !strings.Contains(" "+r.to+" ", " "+question+" ") {
			continue
		}
		if product, version, ok := r.fits(text, answer, asked); ok {
			return Speaker{
				Protocol: r.protocol, Sure: r.sure, Why: r.why, By: question, Product: bounded(product), Version: bounded(version), Evidence: answer,
			}, true
		}
	}
	return Speaker{}, false
}

func (c *compiled) fits(text string, answer, asked []byte) (product, version string, ok bool) {
	if c.re == nil {
		return c.match(answer, asked)
	}
	at := c.re.FindStringSubmatchIndex(text)
	if at == nil {
		return "", "", false
	}
	fill := func(form string) string { return strings.TrimSpace(string(c.re.ExpandString(nil, form, text, at))) }
	return fill(c.product), fill(c.version), true
}

// latin1 has a character for each byte, so that patterns see all of them.
func latin1(b []byte) string {
	runes := make([]rune, len(b))
	for i, c := range b {
		runes[i] = rune(c)
	}
	return string(runes)
}

// bounded is a name of a peer's, as long as names are, and escaped.
func bounded(s string) string {
	if r := []rune(s); len(r) > 80 {
		s = string(r[:80]) + "…"
	}
	return primitive.Escape(s, false)
}
