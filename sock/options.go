package sock

import (
	"fmt"
	"strconv"
	"strings"

	"sosh/primitive"
)

// OptionInfo describes one socket option.
type OptionInfo struct {
	Name string `help:"what to write after opt"`
	Help string `help:"what it does, and the system's name for it"`
	Unit string `help:"what its value is: on/off, a unit, or an address"`
}

// The units of options.
const (
	unitSwitch  = "on/off"
	unitBytes   = "bytes"
	unitSeconds = "seconds or off"
	unitHops    = "hops"
	unitNumber  = "0 to 255"
	unitGroup   = "group address"
)

// An option is where the system keeps one: the level and number of
// setsockopt(2), and those for IPv6 where they differ. Level 0 of an IPv4
// option is SOL_IP on Linux, so absence is the number -1.
type option struct {
	OptionInfo
	level, num   int
	level6, num6 int
}

// at is the level and number for a socket of the family.
func (o option) at(family Family) (level, num int) {
	if family == Inet6 && o.num6 != 0 {
		return o.level6, o.num6
	}
	return o.level, o.num
}

// controller is every handle with a descriptor behind it.
type controller interface {
	control(call func(fd uintptr) error) error
	family() Family
}

func (c *Stream) control(call func(fd uintptr) error) error { return controlOf(c.conn, call) }
func (c *Stream) family() Family                            { return familyIn(c.conn) }

// Options lists the options in the order to show them (socket(7), tcp(7),
// ip(7), ipv6(7)).
func Options() []OptionInfo {
	var out []OptionInfo
	for _, o := range options {
		out = append(out, o.OptionInfo)
	}
	return out
}

// GetOption gives the value that the system has now: a bool, a number in the
// option's unit, or "off" for linger. Usage for an unknown name, Unsupported
// where the socket has no such option, Closed.
func GetOption(h primitive.Handle, name string) (any, error) {
	o, c, err := find(h, name)
	if err != nil {
		return nil, err
	}
	if o.Unit == unitGroup {
		return nil, primitive.Newf(primitive.Unsupported, "%s can be set but not read", name).On(h.Name())
	}
	var value any
	level, num := o.at(c.family())
	t := tracesOf(h)
	err = c.control(func(fd uintptr) error {
		if o.Unit == unitSeconds {
			return traced0(t, "getsockopt", func() string { return o.setCall(fd, c.family(), fmt.Sprintf("%v, [8]", value)) },
				func() (err error) { value, err = getLinger(fd); return err })
		}
		n := 0
		err := traced0(t, "getsockopt", func() string { return o.setCall(fd, c.family(), o.value(n)+", [4]") },
			func() (err error) { n, err = getInt(fd, level, num); return err })
		value = n
		if o.Unit == unitSwitch {
			value = n != 0
		}
		return err
	})
	if err != nil {
		return nil, fault(err, h.Name())
	}
	return value, nil
}

// SetOption sets an option from text: on or off, a number in its unit (sizes
// may end in k or M), or a multicast group. Usage for an unknown name or a
// value that does not fit; else as GetOption.
func SetOption(h primitive.Handle, name, value string) error {
	o, c, err := find(h, name)
	if err != nil {
		return err
	}
	if o.Unit == unitGroup {
		err = c.control(func(fd uintptr) error {
			return traced0(tracesOf(h), "setsockopt", func() string { return o.setCall(fd, c.family(), "{"+value+"}") },
				func() error { return setGroup(fd, o.Name == "join", value) })
		})
		return fault(err, h.Name())
	}
	n, err := o.parse(value)
	if err != nil {
		return err
	}
	level, num := o.at(c.family())
	err = c.control(func(fd uintptr) error {
		return traced0(tracesOf(h), "setsockopt", func() string { return o.setCall(fd, c.family(), o.value(n)+", "+strconv.Itoa(o.size())) }, func() error {
			if o.Unit == unitSeconds {
				return setLinger(fd, n)
			}
			return setInt(fd, level, num, n)
		})
	})
	return fault(err, h.Name())
}

// tracesOf is who records the calls on a handle that have no context.
func tracesOf(h primitive.Handle) *primitive.Trace {
	if t, ok := h.(interface{ Tap() *primitive.Tap }); ok {
		return traceNow(t.Tap())
	}
	return nil
}

// find gives the option of that name and the descriptor to use it on.
func find(h primitive.Handle, name string) (option, controller, error) {
	var names []string
	for _, o := range options {
		if names = append(names, o.Name); o.Name != name {
			continue
		}
		if c, ok := h.(controller); ok && o.num >= 0 {
			return o, c, nil
		}
		return o, nil, primitive.Newf(primitive.Unsupported, "no option %s here", name).On(h.Name())
	}
	e := primitive.Usagef("no option %s", primitive.Quote(name))
	if near := primitive.DidYouMean(name, names); near != "" {
		return option{}, nil, e.WithHint("%s", near)
	}
	return option{}, nil, e.WithHint("the options are %s", strings.Join(names, " "))
}

// parse gives the number to set; -1 is linger off.
func (o option) parse(value string) (int, error) {
	n, ok := 0, false
	switch o.Unit {
	case unitSwitch:
		n, ok = parseSwitch(value)
	case unitSeconds:
		if n, ok = parseNumber(strings.TrimSuffix(value, "s")); strings.EqualFold(value, "off") {
			n, ok = -1, true
		}
	case unitNumber, unitHops:
		n, ok = parseNumber(value)
		ok = ok && n <= 255
	default:
		n, ok = parseSize(value)
	}
	if !ok {
		return 0, primitive.Usagef("%s is no value for %s", primitive.Quote(value), o.Name).WithHint("its value is %s", o.Unit)
	}
	return n, nil
}

func parseSwitch(value string) (int, bool) {
	switch strings.ToLower(value) {
	case "on", "true", "yes", "1":
		return 1, true
	case "off", "false", "no", "0":
		return 0, true
	}
	return 0, false
}

func parseNumber(value string) (int, bool) {
	n, err := strconv.ParseInt(value, 10, 32)
	return int(n), err == nil && n >= 0
}

func parseSize(value string) (int, bool) {
	low := strings.TrimSuffix(strings.TrimSuffix(strings.ToLower(value), "b"), "i")
	for suffix, factor := range map[string]int{"k": 1 << 10, "m": 1 << 20} {
		if number, ok := strings.CutSuffix(low, suffix); ok {
			n, ok := parseNumber(number)
			return n * factor, ok && n <= 1<<31/factor-1
		}
	}
	return parseNumber(low)
}
