package ipaddr

import (
	"fmt"
	"strings"
)

// reason says why a text is no address, and what to type instead. It is asked
// only about texts that netip refused.
func reason(text string) (cause, hint string) {
	switch {
	case text == "":
		return "there is no address", "IPv4 is like 192.0.2.1, IPv6 like 2001:db8::1"
	case strings.ContainsAny(text, " \t\r\n"):
		return "there is a blank in it", ""
	case strings.Contains(text, "/"):
		return "this is a network, not an address", "ip subnet " + shortened(text) + ", or leave out the / and what follows"
	case strings.HasPrefix(text, "["):
		return "brackets stand around an address that has a port", "leave out the brackets and the port"
	case strings.Contains(text, "%"):
		return zoneReason(text)
	case strings.Contains(text, ":"):
		return reason6(text)
	}
	return reason4(text)
}

func zoneReason(text string) (cause, hint string) {
	host, zone, _ := strings.Cut(text, "%")
	switch {
	case zone == "":
		return "the zone behind the % is missing", "a zone is an interface: fe80::1%eth0"
	case !strings.Contains(host, ":"):
		return "only an IPv6 address has a zone (%" + zone + ")", "leave out the % and what follows"
	}
	return reason6(host)
}

var numerals = []string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"}

// counted is a small number as a word.
func counted(n int, thing string) string {
	word := fmt.Sprint(n)
	if n < len(numerals) {
		word = numerals[n]
	}
	if n == 1 {
		return word + " " + thing
	}
	return word + " " + thing + "s"
}

const digits = "0123456789"

// reason4 is for texts without a colon.
func reason4(text string) (cause, hint string) {
	parts := strings.Split(text, ".")
	switch {
	case strings.Trim(text, digits) == "":
		return "a number, not an address", "to see which address it is: ip convert " + shortened(text)
	case looksLikeName(parts):
		return "a name, not an address", "an IPv4 address is four numbers: 192.0.2.1; tcp connect takes names too"
	}
	for i, p := range parts {
		if cause, hint := octetReason(i+1, p); cause != "" {
			return cause, hint
		}
	}
	return counted(len(parts), "octet") + ", an IPv4 address has four", shortForm(parts)
}

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

// looksLikeName is whether this was meant as a host's name.
func looksLikeName(parts []string) bool {
	last := parts[len(parts)-1]
	return last != "" && strings.Contains(letters, last[:1]) && strings.Trim(last, letters+digits+"-") == ""
}

// shortForm tells that some programs take fewer than four octets (inet_aton(3)).
func shortForm(parts []string) string {
	if len(parts) > 3 {
		return ""
	}
	return "some programs take the last number for all the octets that are missing; write all four"
}

// octetReason says what is wrong with one octet; nothing if it is a good one.
func octetReason(n int, text string) (cause, hint string) {
	octet := fmt.Sprintf("octet %d", n)
	switch {
	case text == "":
		return octet + " is empty", "an IPv4 address is four numbers with three dots between them"
	case strings.HasPrefix(text, "0x") || strings.HasPrefix(text, "0X"):
		return octet + " is hexadecimal", "octets are decimal, 0 to 255; for numbers in other forms: ip convert"
	case strings.HasPrefix(text, "-"):
		return octet + " is negative", "octets are 0 to 255"
	case strings.Trim(text, digits) != "":
		return fmt.Sprintf("%s is %q, not a number", octet, shortened(text)), "octets are decimal, 0 to 255"
	case len(text) > 1 && text[0] == '0':
		return octet + " begins with a zero: " + shortened(text), "write it without; some programs read such a number as octal"
	case len(text) > 3 || text > "255" && len(text) == 3:
		return octet + " is " + shortened(text) + ", at most 255", "eight bits hold 0 to 255"
	}
	return "", ""
}

// reason6 is for texts with a colon.
func reason6(text string) (cause, hint string) {
	host, port, _ := strings.Cut(text, ":")
	switch {
	case strings.Contains(host, ".") && !strings.Contains(port, ":"):
		return "an address with a port", "leave out the colon and what follows"
	case strings.Contains(text, ":::"):
		return "three colons in a row", "two colons stand for a run of zero groups"
	case strings.Count(text, "::") > 1:
		return "more than one ::", ":: may stand once, or nobody knows how many zero groups each means"
	case strings.HasPrefix(text, ":") && !strings.HasPrefix(text, "::"):
		return "it begins with a single colon", "two colons stand for a run of zero groups: ::1"
	case strings.HasSuffix(text, ":") && !strings.HasSuffix(text, "::"):
		return "it ends with a single colon", "two colons stand for a run of zero groups: 2001:db8::"
	}
	return groupsReason(text)
}

// groupsReason looks at the groups between the colons.
func groupsReason(text string) (cause, hint string) {
	have, n := 0, 0
	for part := range strings.SplitSeq(text, ":") {
		if n++; part == "" {
			continue
		}
		if cause, hint := groupReason(n, part); cause != "" {
			return cause, hint
		}
		if have++; strings.Contains(part, ".") {
			have++ // an IPv4 address stands for two
		}
	}
	switch gap := strings.Contains(text, "::"); {
	case gap && have > 7:
		return "eight groups and a ::, which stands for at least one", "leave out the ::"
	case have > 8:
		return counted(have, "group") + ", an IPv6 address has eight", ""
	case have < 8 && !gap:
		return counted(have, "group") + ", an IPv6 address has eight", ":: stands for the groups that are zero"
	}
	return "an IPv4 address can only be the end of an IPv6 one", "as in ::ffff:192.0.2.1"
}

const hexDigits = digits + "abcdefABCDEF"

func groupReason(n int, text string) (cause, hint string) {
	switch {
	case strings.Contains(text, "."):
		parts := strings.Split(text, ".")
		for i, p := range parts {
			if cause, hint := octetReason(i+1, p); cause != "" {
				return "in the IPv4 address at its end " + cause, hint
			}
		}
		if len(parts) != 4 {
			return "in the IPv4 address at its end " + counted(len(parts), "octet") + ", an IPv4 address has four", ""
		}
	case strings.Trim(text, hexDigits) != "":
		return fmt.Sprintf("group %d is %q, not a hexadecimal number", n, shortened(text)), "groups are 0 to ffff"
	case len(text) > 4:
		return fmt.Sprintf("group %d is %s, at most four digits", n, shortened(text)), "groups are 0 to ffff: sixteen bits"
	}
	return "", ""
}
