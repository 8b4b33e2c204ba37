package primitive

import (
	"bytes"
	"encoding/json"
	"time"
)

// JSON writes a plain result as one line: records keep their order, durations
// are seconds, handles are what `info` shows of them.
func JSON(v any) ([]byte, error) { return json.Marshal(jsonValue(v)) }

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
	return json.Marshal(struct {
		Op      string `json:"op"`
		Target  string `json:"target"`
		Kind    Kind   `json:"kind"`
		Errno   string `json:"errno"`
		Message string `json:"message"`
		Hint    string `json:"hint"`
	}{e.Op, e.Target, e.Kind, e.Errno, e.Error(), e.Hint})
}
