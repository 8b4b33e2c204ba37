package primitive

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// JSON writes a plain result as one line: records keep their order, durations
// are seconds, handles are what `info` shows of them. It may go to a terminal:
// characters that would not print are escaped, which JSON reads as the same.
func JSON(v any) ([]byte, error) {
	data, err := json.Marshal(jsonValue(v))
	return printable(data), err
}

// printable escapes what JSON may hold as it is and a terminal would obey or hide:
// DEL, C1, bidirectional and other format characters.
func printable(data []byte) []byte {
	hidden := func(r rune) bool { return r >= 0x7f && !unicode.IsPrint(r) }
	if bytes.IndexFunc(data, hidden) < 0 {
		return data
	}
	var b []byte
	for _, r := range string(data) {
		switch {
		case !hidden(r):
			b = utf8.AppendRune(b, r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			b = fmt.Appendf(b, `\u%04x\u%04x`, high, low)
		default:
			b = fmt.Appendf(b, `\u%04x`, r)
		}
	}
	return b
}

func jsonValue(v any) any {
	switch v := v.(type) {
	case time.Duration:
		return v.Seconds()
	case Handle:
		return jsonValue(Plain(v.Info()))
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = jsonValue(item)
		}
		return list
	}
	return v
}

// MarshalJSON writes the fields in their order.
func (r Record) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, f := range r {
		if i > 0 {
			b.WriteByte(',')
		}
		name, _ := json.Marshal(f.Name)
		value, err := JSON(f.Value)
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// MarshalJSON writes an error as every face shows it to programs: always the
// same six fields.
func (e *Error) MarshalJSON() ([]byte, error) {
	data, err := json.Marshal(struct {
		Op      string `json:"op"`
		Target  string `json:"target"`
		Kind    Kind   `json:"kind"`
		Errno   string `json:"errno"`
		Message string `json:"message"`
		Hint    string `json:"hint"`
	}{e.Op, e.Target, e.Kind, e.Errno, e.Error(), e.Hint})
	return printable(data), err
}
