package verbs

import (
	"strings"

	"sosh/primitive"
)

// letterHint is hint for what speaks SMTP or FTP; "" for the usual one.
func letterHint(op string, kind primitive.Kind) string {
	family, _, _ := strings.Cut(op, " ")
	if family != "smtp" && family != "ftp" {
		return ""
	}
	switch kind {
	case primitive.Timeout:
		return "it is slow, or a filter drops the packets; to wait longer: --timeout 120s"
	case primitive.Reset, primitive.EOF, primitive.Closed, primitive.BrokenPipe:
		return "the server crashed, or does not want to talk; what was said before: --show"
	case primitive.Refused:
		return "nobody has that port there; here it would be: serve PORT " + family
	case primitive.NotFound:
		return "is the name right? an address needs no name service: " + op + " 127.0.0.1:2525"
	case primitive.Denied:
		return "who is there says --user NAME --password-file FILE"
	case primitive.Untrusted:
		return "what is wrong with it: tls info HOST --starttls " + family + "; an authority to trust: --cacert FILE; to do without: --insecure"
	case primitive.Unsupported:
		return "to see what the server says: --show"
	case primitive.Oversized:
		return "it is more than the other side takes; to see the talk: --show"
	}
	return ""
}
