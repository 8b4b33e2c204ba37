package script

import (
	"fmt"
	"math"

	"sosh/primitive"
)

func (t *Target) address() string { return primitive.Addr{Host: t.Host, Port: t.Port}.String() }

// What a script may return at most.
const (
	maxOutput = 64 << 10 // bytes of text
	maxItems  = 2000
	maxNested = 8
)

// A table is a value that only the script's language understands, and can make
// plain data of.
type table interface{ Plain() (any, error) }

// plain makes data of what a script returned: nil, bool, float64,
// primitive.Bytes, []any and map[string]any of them. Too much of it is kind
// oversized, what is no data kind usage.
func plain(v any) (any, error) {
	b := budget{text: maxOutput, items: maxItems}
	return b.plain(v, 0)
}

// A budget is what is left of the room for an output.
type budget struct{ text, items int }

func (b *budget) plain(v any, depth int) (any, error) {
	if b.items--; b.items < 0 || depth > maxNested {
		return nil, primitive.Newf(primitive.Oversized, "it returns more than %d values, or deeper than %d tables", maxItems, maxNested)
	}
	switch v := v.(type) {
	case nil, bool:
		return v, nil
	case int64:
		return float64(v), nil
	case float64:
		return b.number(v)
	case string:
		return b.bytes([]byte(v))
	case primitive.Bytes:
		return b.bytes(v)
	case table:
		inner, err := v.Plain()
		if err != nil {
			return nil, err
		}
		if _, opaque := inner.(table); opaque {
			return nil, nil // json.null
		}
		return b.plain(inner, depth)
	case []any:
		return b.list(v, depth+1)
	case map[string]any:
		return b.fields(v, depth+1)
	}
	return nil, primitive.Usagef("it returns %s, which is no data", describe(v)).WithHint("scripts return text, numbers, true, false, and tables of them")
}

// number keeps what JSON has a form for.
func (b *budget) number(f float64) (any, error) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return b.bytes([]byte(primitive.FormatNumber(f)))
	}
	return f, nil
}

func (b *budget) bytes(data []byte) (any, error) {
	if b.text -= len(data); b.text < 0 {
		return nil, primitive.Newf(primitive.Oversized, "it returns more than %d bytes", maxOutput)
	}
	return primitive.Bytes(data), nil
}

func (b *budget) list(items []any, depth int) (any, error) {
	out := make([]any, 0, min(len(items), maxItems))
	for _, item := range items {
		v, err := b.plain(item, depth)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

func (b *budget) fields(m map[string]any, depth int) (any, error) {
	out := make(map[string]any, min(len(m), maxItems))
	for name, item := range m {
		if b.text -= len(name); b.text < 0 {
			return b.bytes(nil)
		}
		v, err := b.plain(item, depth)
		if err != nil {
			return nil, err
		}
		out[name] = v
	}
	return out, nil
}

// describe says what a value is, not what is in it.
func describe(v any) string {
	switch v := v.(type) {
	case primitive.Handle:
		return "the handle " + v.Name()
	case primitive.Callable:
		return "a " + v.String()
	}
	return fmt.Sprintf("a %T", v)
}
