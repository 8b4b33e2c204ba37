package verbs

import (
	"strings"

	"sosh/primitive"
)

// webHint is hint for what speaks HTTP; "" for the usual one.
func webHint(op string, kind primitive.Kind) string {
	family, _, _ := strings.Cut(op, " ")
	if family != "http" && family != "ws" {
		return ""
	}
	switch kind {
	case primitive.Timeout:
		return "it is slow, or a filter drops the packets; to wait longer: --timeout 120s"
	case primitive.EOF:
		return "no more will come; open another one: ws connect URL"
	case primitive.Closed, primitive.BrokenPipe:
		return "open another one: ws connect URL"
	case primitive.Reset:
		return "the server crashed, or does not want to talk; what was said before: --show"
	case primitive.NotFound:
		return "is the name right? an address needs no name service: " + op + " http://127.0.0.1:8080/"
	case primitive.Denied:
		return "who may ask says --user NAME:PASSWORD"
	case primitive.Oversized:
		return "to allow more: --max-size 1g"
	}
	return ""
}
