package dns

import (
	"strings"

	"sosh/primitive"
)

// Bounds of a name (RFC 1035 section 2.3.4).
const (
	maxLabel = 63  // bytes of a label
	maxName  = 255 // bytes of a name on the wire: labels, their lengths, and the final zero
)

// ParseName reads a name as a master file has it (RFC 1035 section 5.1): labels
// with dots between, "\." and "\DDD" for bytes that could not stand there. It is
// given back absolute, with the dot at its end. What is wrong with a bad one is an
// error of kind usage.
func ParseName(text string) (string, error) {
	if text == "" {
		return "", primitive.Usagef("the name is empty").WithHint("the root of all names is written as a dot: .")
	}
	if text == "." {
		return text, nil
	}
	lengths, err := labelLengths(text)
	if err != nil {
		return "", primitive.AsError(err).On(shown(text))
	}
	last := len(lengths) - 1
	if absolute := last > 0 && lengths[last] == 0; absolute {
		lengths, text = lengths[:last], text[:len(text)-1]
	}
	if err := fitting(lengths); err != nil {
		return "", primitive.AsError(err).On(shown(text))
	}
	return text + ".", nil
}

// labelLengths is how many bytes each label has.
func labelLengths(name string) ([]int, error) {
	lengths := []int{0}
	for i := 0; i < len(name); {
		switch c := name[i]; {
		case c == '.':
			lengths = append(lengths, 0)
			i++
		case c == '\\':
			n, err := escapeLength(name[i:])
			if err != nil {
				return nil, err
			}
			lengths[len(lengths)-1]++
			i += n
		case c >= 0x80:
			return nil, notASCII(name)
		case c <= ' ' || c == 0x7f:
			return nil, primitive.Usagef("a blank or a control character stands in it").WithHint(`a byte of a name that cannot be typed is written as \DDD, a blank as \032`)
		default:
			lengths[len(lengths)-1]++
			i++
		}
	}
	return lengths, nil
}

// escapeLength is how long the escape is that a text begins with.
func escapeLength(text string) (int, error) {
	if len(text) > 3 && isDigits(text[1:4]) {
		if text[1:4] > "255" {
			return 0, primitive.Usagef("%s is no byte", text[:4]).WithHint(`\DDD is a byte in decimal, \000 to \255`)
		}
		return 4, nil
	}
	if len(text) < 2 || text[1] <= ' ' || text[1] >= 0x7f {
		return 0, primitive.Usagef("nothing that could be escaped follows the backslash").WithHint(`\. is a dot within a label, \DDD a byte in decimal`)
	}
	return 2, nil
}

func isDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }

// fitting is what is wrong with labels of these lengths.
func fitting(lengths []int) error {
	total := 1
	for i, n := range lengths {
		total += n + 1
		switch {
		case n == 0 && i == 0:
			return primitive.Usagef("it begins with a dot: the first label is empty").WithHint("leave the first dot out")
		case n == 0:
			return primitive.Usagef("two dots stand together: label %d is empty", i+1).WithHint("only the root has an empty label, at the end")
		case n > maxLabel:
			return primitive.Usagef("label %d has %d bytes, at most %d", i+1, n, maxLabel).WithHint("its length has six bits on the wire (RFC 1035)")
		}
	}
	if total > maxName {
		return primitive.Usagef("the name has %d bytes on the wire, at most %d", total, maxName).WithHint("each label takes its length and one byte more, the end another (RFC 1035)")
	}
	return nil
}

// notASCII says what to type for a name in another script. Which characters are
// allowed, and how they are folded (IDNA 2008, RFC 5891), takes large tables; the
// spelling is easy.
func notASCII(name string) error {
	e := primitive.Usagef("it is not ASCII, and names in other scripts (IDNA, RFC 5891) are not translated here")
	ascii, ok := punycode(strings.ToLower(name))
	if !ok {
		return e.WithHint("write its ASCII form, whose labels begin with xn--")
	}
	return e.WithHint("write its ASCII form; of this one, as it is spelled, that is %s", ascii)
}

// shown is a name for an error: escaped, and cut where it is endless.
func shown(name string) string {
	if len(name) > 80 {
		name = name[:77] + "..."
	}
	return safe(name)
}

// safe makes text of a peer or a file fit for a terminal, in one line. The
// backslashes of the DNS's own escapes stay single.
func safe(text string) string {
	return strings.ReplaceAll(primitive.Escape(text, false), `\\`, `\`)
}
