package primitive

import (
	"encoding/base64"
	"encoding/json"
	"unicode/utf8"
)

// Bytes is data as it is on the wire: 8-bit clean, never re-encoded.
type Bytes []byte

// MarshalJSON writes text as a JSON string and anything that is no valid UTF-8
// as {"base64": "…"}, so that no byte is lost.
func (b Bytes) MarshalJSON() ([]byte, error) {
	if utf8.Valid(b) {
		return json.Marshal(string(b))
	}
	return json.Marshal(map[string]string{"base64": base64.StdEncoding.EncodeToString(b)})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (b *Bytes) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err == nil {
		*b = Bytes(text)
		return nil
	}
	var coded struct{ Base64 []byte }
	err := json.Unmarshal(data, &coded)
	*b = coded.Base64
	return err
}
