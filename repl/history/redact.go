package history

import (
	"regexp"
	"slices"
	"strings"

	"sosh/internal/lazy"
)

// Redacted is what stands in the place of a secret.
const Redacted = "***"

// Redact takes the secrets out of a line: the value of a flag, field, variable
// or header with the name of a secret, the user and password of a URL, and
// credentials of protocols ("PASS x", "AUTH PLAIN x", "Bearer x"). A value that
// is none itself stays: $name, ${expr}, @file, a call, a keyword of Lua.
func Redact(line string) string {
	if !suspicious(line) {
		return line
	}
	for _, r := range rules.Get() {
		line = r.apply(line)
	}
	return line
}

// Parts of which at least one is in every line that holds a secret that the
// rules would find: most lines need no rule.
var marks = []string{"pass", "pwd", "secret", "token", "auth", "key", "credential", "://", "bearer", "basic", "cookie", "login", "sign", "curl"}

func suspicious(line string) bool {
	text := strings.ToLower(line)
	return slices.ContainsFunc(marks, func(m string) bool { return strings.Contains(text, m) })
}

// A rule finds secrets: the group named s.
type rule struct {
	pattern  *regexp.Regexp
	harmless func(value, rest string) bool // a match that is no secret; or nil
}

const (
	secretName = `(?:[\w-]*(?:password|passwd|passphrase|secret|token|api[-_]?key|private[-_]?key|access[-_]?key|credentials?)|[\w-]*auth|authorization|pass|pwd|cookie)`
	quotedText = `"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?`
	shellWord  = `(?P<s>(?:` + quotedText + `|\\.|[^\s"';])+)`                                            // a word of the shell
	luaValue   = `(?P<s>\\"(?:[^"\\]|\\[^"])*\\"|` + quotedText + `|\[=*\[(?s:.*?)\]=*\]|[^\s"',;)}\]]+)` // or of Lua, or JSON
	restOfLine = `(?P<s>[^"'\r\n\\;]+)`
	joined     = `\s*(?:==?|~=|:)\s*`
)

var rules = lazy.Value[[]rule]{New: func() []rule {
	list := []struct {
		expr     string
		harmless func(value, rest string) bool
	}{
		{`://(?P<s>[^\s/"'?#@]*(?:@[^\s/"'?#@]*)*)@`, nil},                                    // URLs: user:password@
		{`(?i)\b(?:proxy-)?authorization["']?\s*[:=]\s*["']?` + restOfLine, nil},              // HTTP
		{`(?i)\b(?:set-)?cookie:\s*` + restOfLine, nil},                                       // HTTP
		{`\bcurl\b[^;|]*?\s(?:-[A-Za-z]*u\s*|--user(?:=|\s+))` + shellWord, elsewhere},        // curl -u name:password
		{`(?i)\b(?:bearer|basic)\s+(?P<s>[A-Za-z0-9+/=._~-]{6,})`, prose},                     // HTTP
		{`(?i)\bauth\s+(?:plain|login|xoauth2|cram-md5|digest-md5)\s+(?P<s>[^\s"'\\]+)`, nil}, // SMTP
		{`\b(?:PASS|AUTH|LOGIN)[ \t]+` + restOfLine, method},                                  // FTP, POP3, IMAP, Redis
		{`(?i)(?:^|[\s"'])--?` + secretName + `(?:=|\s+)` + shellWord, elsewhere},
		{`(?i)\b` + secretName + `\b\\?["']?\]?` + joined + luaValue, code},
		{`(?i)\b` + secretName + `\s*\(\s*(?P<s>` + quotedText + `)`, nil},                                             // password("x")
		{`(?i)\b(?:login|auth\w*|sign_?in)\s*\(\s*(?:` + quotedText + `|[\w.]+)\s*,\s*(?P<s>` + quotedText + `)`, nil}, // login(user, "x")
		{`(?i)(?:^|[\s"'])(?:pass|password|passwd|passphrase|auth|token|secret)[ \t]+` + luaValue, code},
	}
	made := make([]rule, len(list))
	for i, r := range list {
		made[i] = rule{regexp.MustCompile(r.expr), r.harmless}
	}
	return made
}}

// apply replaces what the rule finds.
func (r rule) apply(line string) string {
	group := r.pattern.SubexpIndex("s")
	var b strings.Builder
	end := 0
	for at := 0; at <= len(line); {
		m := r.pattern.FindStringSubmatchIndex(line[at:])
		if m == nil {
			break
		}
		from, to := at+m[2*group], at+m[2*group+1]
		to = from + len(withoutStray(line[from:to]))
		at = max(to, at+1)
		if from == to || r.harmless != nil && r.harmless(line[from:to], line[to:]) {
			continue
		}
		b.WriteString(line[end:from] + masked(line[from:to]))
		end = to
	}
	return b.String() + line[end:]
}

// withoutStray leaves out a quote at the end that ends a text around the value.
func withoutStray(value string) string {
	if n := len(value); n > 1 && value[n-1] == '"' && strings.Count(value, `"`)%2 == 1 ||
		n > 1 && value[n-1] == '\'' && strings.Count(value, "'")%2 == 1 {
		return value[:n-1]
	}
	return strings.TrimRight(value, " \t")
}

// masked keeps the quotes of a value, so that the line stays one.
func masked(secret string) string {
	if strings.HasPrefix(secret, `\"`) {
		return `\"` + Redacted + `\"`
	}
	if c := secret[0]; c == '"' || c == '\'' {
		if len(secret) > 1 && secret[len(secret)-1] == c {
			return string(c) + Redacted + string(c)
		}
		return string(c) + Redacted
	}
	return Redacted
}

// method is whether what follows AUTH only says how, and the secret comes later.
func method(value, _ string) bool {
	switch strings.ToUpper(value) {
	case "PLAIN", "LOGIN", "XOAUTH2", "CRAM-MD5", "DIGEST-MD5", "TLS", "SSL", "PLAIN " + Redacted, "LOGIN " + Redacted:
		return true
	}
	return strings.HasSuffix(value, Redacted) || strings.HasPrefix(value, Redacted+`\`)
}

// prose is whether what follows Basic or Bearer is a word of a sentence.
func prose(value, _ string) bool {
	return len(value) < 16 && strings.Trim(value, "abcdefghijklmnopqrstuvwxyz.-") == ""
}

// elsewhere is whether a value only says where the secret comes from.
func elsewhere(value, _ string) bool {
	value = strings.Trim(value, `"`)
	return value == Redacted || value == "''" || reference.Get().MatchString(value)
}

var reference = lazy.Value[*regexp.Regexp]{New: func() *regexp.Regexp { return regexp.MustCompile(`^(?:@[\w./~-]+|\$\w+|\$\{[\w.]+\})$`) }}

// code is elsewhere, or what Lua may have there: a call, a keyword, an operator.
func code(value, rest string) bool {
	if elsewhere(value, rest) || method(value, rest) || slices.Contains(words, value) {
		return true
	}
	return call.Get().MatchString(value) || strings.HasPrefix(value, "--")
}

// A call whose arguments are none, or begin with a text: ask("Password?").
var call = lazy.Value[*regexp.Regexp]{New: func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z_]\w*(?:[.:]\w+)*\($`) }}

// Words of Lua and of the shell that are no secrets.
var words = []string{"and", "or", "not", "then", "do", "end", "nil", "true", "false", "function", "in", "is", "=", "==", "~=", "..", "|", ">", ">>", "&", "+", "-"}
