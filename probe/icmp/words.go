package icmp

import "strconv"

// Exceeded is whether the probe ran out of hops on its way: what a route is found
// by.
func (c Code) Exceeded() bool {
	return c.Type == exceeded4 && !c.V6 || c.Type == exceeded6 && c.V6
}

// PortUnreachable is whether the probe arrived at a host that has nobody at its
// port.
func (c Code) PortUnreachable() bool {
	return c.Type == unreachable4 && c.Code == 3 && !c.V6 || c.Type == unreachable6 && c.Code == 4 && c.V6
}

// TooBig is whether the packet did not fit through a link.
func (c Code) TooBig() bool {
	return c.Type == tooBig6 && c.V6 || c.Type == unreachable4 && c.Code == 4 && !c.V6
}

// A word is a code as traceroute marks it, and in full.
type word struct{ mark, text string }

// Mark is the mark that traceroute sets behind such a hop: !H, !N, !X; empty where
// there is none.
func (c Code) Mark() string { return c.word().mark }

// String says in words what it means.
func (c Code) String() string {
	text := c.word().text
	if c.TooBig() && c.MTU > 0 {
		text += ", the next link takes " + strconv.Itoa(c.MTU) + " bytes"
	}
	return text
}

func (c Code) word() word {
	switch {
	case c.Exceeded() && c.Code == 1:
		return word{"", "fragments did not all arrive"}
	case c.Exceeded():
		return word{"", "time to live exceeded"}
	}
	if w, ok := words(c.V6)[[2]uint8{c.Type, c.Code}]; ok {
		return w
	}
	return word{"!<" + strconv.Itoa(int(c.Type)) + "-" + strconv.Itoa(int(c.Code)) + ">",
		"ICMP type " + strconv.Itoa(int(c.Type)) + ", code " + strconv.Itoa(int(c.Code))}
}

// words are by type and code: RFC 792, 1122 and 1812, or RFC 4443.
func words(v6 bool) map[[2]uint8]word {
	if v6 {
		return words6()
	}
	return map[[2]uint8]word{
		{3, 0}:  {"!N", "network unreachable"},
		{3, 1}:  {"!H", "host unreachable"},
		{3, 2}:  {"!P", "protocol unreachable"},
		{3, 3}:  {"", "port unreachable"},
		{3, 4}:  {"!F", "too big, and not to be fragmented"},
		{3, 5}:  {"!S", "source route failed"},
		{3, 6}:  {"!N", "network unknown"},
		{3, 7}:  {"!H", "host unknown"},
		{3, 8}:  {"!N", "source host isolated"},
		{3, 9}:  {"!X", "network administratively prohibited"},
		{3, 10}: {"!X", "host administratively prohibited"},
		{3, 11}: {"!N", "network unreachable for this type of service"},
		{3, 12}: {"!H", "host unreachable for this type of service"},
		{3, 13}: {"!X", "administratively prohibited by a filter"},
		{3, 14}: {"!V", "host precedence violation"},
		{3, 15}: {"!C", "precedence cut off"},
		{12, 0}: {"!<12-0>", "a header field is wrong"},
		{12, 1}: {"!<12-1>", "a required option is missing"},
		{12, 2}: {"!<12-2>", "wrong length"},
	}
}

func words6() map[[2]uint8]word {
	return map[[2]uint8]word{
		{1, 0}: {"!N", "no route to the destination"},
		{1, 1}: {"!X", "administratively prohibited"},
		{1, 2}: {"!S", "beyond the scope of the source address"},
		{1, 3}: {"!H", "address unreachable"},
		{1, 4}: {"", "port unreachable"},
		{1, 5}: {"!X", "the source address fails a policy"},
		{1, 6}: {"!X", "the route to the destination rejects it"},
		{2, 0}: {"!F", "too big"},
		{4, 0}: {"!<4-0>", "a header field is wrong"},
		{4, 1}: {"!P", "protocol unreachable"},
		{4, 2}: {"!<4-2>", "unknown option"},
	}
}
