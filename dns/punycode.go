package dns

import (
	"math"
	"strings"
	"unicode/utf8"
)

// Parameters of Punycode (RFC 3492 section 5).
const (
	punyBase, punyMin, punyMax = 36, 1, 26
	punySkew, punyDamp         = 38, 700
	punyBias, punyFirst        = 72, 128
)

// punycode spells each label that is not ASCII as xn--… (RFC 3492). It maps and
// checks nothing. False for what is no UTF-8, or too long for a label.
func punycode(name string) (string, bool) {
	labels := strings.Split(name, ".")
	for i, label := range labels {
		if !utf8.ValidString(label) || len(label) > 4*maxLabel {
			return "", false
		}
		if strings.ContainsFunc(label, func(r rune) bool { return r >= 0x80 }) {
			labels[i] = "xn--" + punyLabel([]rune(label))
		}
		if len(labels[i]) > maxLabel {
			return "", false
		}
	}
	return strings.Join(labels, "."), true
}

// punyLabel is the procedure of RFC 3492 section 6.3. A label is short, so that
// nothing overflows.
func punyLabel(label []rune) string {
	var out []byte
	for _, r := range label {
		if r < punyFirst {
			out = append(out, byte(r))
		}
	}
	basic := len(out)
	done := basic
	if basic > 0 {
		out = append(out, '-')
	}
	n, delta, bias := rune(punyFirst), 0, punyBias
	for done < len(label) {
		next := nextRune(label, n)
		delta += int(next-n) * (done + 1)
		n = next
		for _, r := range label {
			if r < n {
				delta++
			}
			if r == n {
				out = appendPuny(out, delta, bias)
				bias = adaptBias(delta, done+1, done == basic)
				delta = 0
				done++
			}
		}
		delta++
		n++
	}
	return string(out)
}

// nextRune is the least character of a label that is not below n.
func nextRune(label []rune, n rune) rune {
	least := rune(math.MaxInt32)
	for _, r := range label {
		if r >= n && r < least {
			least = r
		}
	}
	return least
}

// appendPuny writes a number in digits of varying weight.
func appendPuny(out []byte, q, bias int) []byte {
	for k := punyBase; ; k += punyBase {
		t := min(max(k-bias, punyMin), punyMax)
		if q < t {
			return append(out, punyDigit(q))
		}
		out = append(out, punyDigit(t+(q-t)%(punyBase-t)))
		q = (q - t) / (punyBase - t)
	}
}

func punyDigit(n int) byte {
	if n < 26 {
		return byte('a' + n)
	}
	return byte('0' + n - 26)
}

func adaptBias(delta, points int, first bool) int {
	if first {
		delta /= punyDamp
	} else {
		delta /= 2
	}
	delta += delta / points
	k := 0
	for delta > (punyBase-punyMin)*punyMax/2 {
		delta /= punyBase - punyMin
		k += punyBase
	}
	return k + (punyBase-punyMin+1)*delta/(delta+punySkew)
}
