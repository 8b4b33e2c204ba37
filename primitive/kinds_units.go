package primitive

import (
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"sosh/internal/lazy"
)

var decimalKind = &ValueKind{
	Name: "decimal", Lua: "number",
	Parse: func(p *Param, s string) (any, error) {
		f, err := strconv.ParseFloat(s, 64)
		if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
			return nil, p.wrong(Word(s), "a number, as 0.25")
		}
		return f, p.inBounds(f, s)
	},
	From: func(p *Param, v any) (any, error) {
		f, ok := v.(float64)
		if !ok || math.IsNaN(f) || math.IsInf(f, 0) {
			return nil, p.wrong(v, "a number")
		}
		return f, p.inBounds(f, FormatNumber(f))
	},
	Text: plainText, Literal: plainText,
}

var sizeKind = &ValueKind{
	Name: "size", Lua: "integer|string", Unit: "bytes",
	Parse: func(p *Param, s string) (any, error) {
		n, err := ParseSize(s)
		if err != nil {
			return nil, err
		}
		return n, p.inBounds(float64(n), s)
	},
	From: func(p *Param, v any) (any, error) {
		switch v := v.(type) {
		case string:
			return p.parse(v)
		case float64:
			if v >= 0 && v == math.Trunc(v) && v <= 1<<53 {
				return Size(v), p.inBounds(v, FormatNumber(v))
			}
		}
		return nil, p.wrong(v, "a number of bytes")
	},
	Quick: func(p *Param, field reflect.Value, v Value) bool { return v.number >= 0 && quickNumber(p, field, v) },
	Text:  plainText, Literal: plainText,
}

var sizeUnits = lazy.Value[map[string]float64]{New: func() map[string]float64 {
	return map[string]float64{
		"": 1, "b": 1, "k": 1 << 10, "kb": 1 << 10, "kib": 1 << 10, "m": 1 << 20, "mb": 1 << 20, "mib": 1 << 20,
		"g": 1 << 30, "gb": 1 << 30, "gib": 1 << 30,
	}
}}

// ParseSize reads a number of bytes with an optional unit of 1024s: 10, 64k,
// 1MiB.
func ParseSize(s string) (Size, error) {
	digits := strings.TrimRight(strings.ToLower(s), "bikmg")
	unit, ok := sizeUnits.Get()[strings.ToLower(s)[len(digits):]]
	n, err := strconv.ParseFloat(digits, 64)
	if !ok || err != nil || !(n >= 0) || n*unit > 1<<53 {
		return 0, Usagef("%s is no size", Quote(s)).WithHint("sizes are like 512, 64k, 1MiB")
	}
	return Size(n * unit), nil
}

var durationKind = &ValueKind{
	Name: "duration", Lua: "number|string", Unit: "seconds",
	Parse: func(p *Param, s string) (any, error) {
		d, err := ParseDuration(s)
		if err != nil {
			return nil, err
		}
		return d, p.inBounds(d.Seconds(), s)
	},
	From: func(p *Param, v any) (any, error) {
		switch v := v.(type) {
		case string:
			return p.parse(v)
		case float64:
			d, err := seconds(v, FormatNumber(v))
			if err != nil {
				return nil, err
			}
			return d, p.inBounds(v, FormatNumber(v))
		}
		return nil, p.wrong(v, "a number of seconds or text like \"500ms\"")
	},
	Quick: func(p *Param, field reflect.Value, v Value) bool {
		return v.form == numberForm && v.number >= 0 && v.number < maxQuickSeconds && p.within(v.number) && setInt(field, int64(v.number*1e9))
	},
	Text:    plainText,
	Literal: func(v any) string { return FormatNumber(v.(time.Duration).Seconds()) },
}

// ParseDuration reads 500ms, 2s, 1m30s, 14d; a bare number is seconds. It is never
// negative.
func ParseDuration(s string) (time.Duration, error) {
	if f, err := strconv.ParseFloat(s, 64); err == nil {
		return seconds(f, s)
	}
	if days, ok := strings.CutSuffix(s, "d"); ok {
		if f, err := strconv.ParseFloat(days, 64); err == nil {
			return seconds(f*24*60*60, s)
		}
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 {
		return 0, badDuration(s)
	}
	return d, nil
}

func seconds(f float64, text string) (time.Duration, error) {
	if !(f >= 0) || f > math.MaxInt64/1e9 {
		return 0, badDuration(text)
	}
	return time.Duration(f * 1e9), nil
}

func badDuration(s string) error {
	return Usagef("%s is no duration", Quote(s)).WithHint("durations are like 500ms, 2s, 1m30s, 14d; a bare number is seconds")
}

var addrKind = &ValueKind{
	Name: "address", Lua: "string",
	Parse: func(p *Param, s string) (any, error) {
		if p.Port != "" && wantsPort(s, p.Listen) {
			s = joinHostPort(strings.Trim(s, "[]"), p.Port)
		}
		return ParseAddr(s, p.Listen)
	},
	From: func(p *Param, v any) (any, error) {
		switch v := v.(type) {
		case string:
			return p.parse(v)
		case float64:
			if p.Listen {
				return p.parse(FormatNumber(v))
			}
		}
		return nil, p.wrong(v, "an address like \"127.0.0.1:80\"")
	},
	Text: plainText, Literal: quotedText,
	Pair: addrOfPair, QuickPair: quickAddr,
}

// addrOfPair joins a host and the port that follows it.
func addrOfPair(p *Param, first, second any) (v any, ok bool, err error) {
	host, ok := textOf(first)
	if !ok || !wantsPort(host, p.Listen) {
		return nil, false, nil
	}
	if n, isNumber := second.(float64); isNumber {
		port, err := portNumber(n, p.Listen)
		return Addr{Host: strings.Trim(host, "[]"), Port: port}, true, err
	}
	port, ok := textOf(second)
	if !ok {
		return nil, false, nil
	}
	v, err = ParseAddr(joinHostPort(host, port), p.Listen)
	return v, true, err
}

var handleKind = &ValueKind{
	Name: "handle", Lua: "userdata",
	Parse: func(p *Param, s string) (any, error) { return nil, p.wrong(Word(s), "a live handle") },
	From: func(p *Param, v any) (any, error) {
		h, ok := v.(Handle)
		if !ok {
			return nil, p.wrong(v, "a handle")
		}
		if fit := p.Fits(h); fit != nil {
			return fit, nil
		}
		return nil, misfit(p, h)
	},
	Text:    func(v any) string { return v.(Handle).Name() },
	Literal: func(v any) string { return v.(Handle).Name() },
}

// misfit says why a live handle is not what the parameter takes.
func misfit(p *Param, h Handle) error {
	if r, ok := h.(Roler); ok && r.Role() == nil {
		return Newf(NotReady, "%s has not taken that step yet", h.Name()).
			WithHint("socket connect %[1]s HOST PORT makes it a stream; socket bind and socket listen make it a listener", h.Name())
	}
	return Usagef("%s is a %s, not a %s", h.Name(), h.Type(), strings.ReplaceAll(p.Name, "_", " "))
}
