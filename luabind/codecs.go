package luabind

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"sosh/primitive"
)

// openCodecs makes the libraries hex, base64, hash and bit.
func (s *State) openCodecs() {
	s.functions("hex", map[string]lua.LGFunction{
		"encode": onText(func(t string) string { return hex.EncodeToString([]byte(t)) }),
		"decode": s.decoder("hex.decode", hexDecode),
		"dump":   onText(func(t string) string { return hex.Dump([]byte(t)) }),
	})
	s.functions("base64", map[string]lua.LGFunction{
		"encode": onText(func(t string) string { return base64.StdEncoding.EncodeToString([]byte(t)) }),
		"decode": s.decoder("base64.decode", base64Decode),
	})
	s.functions("hash", map[string]lua.LGFunction{
		"md5":    onText(func(t string) string { return fmt.Sprintf("%x", md5.Sum([]byte(t))) }),
		"sha1":   onText(func(t string) string { return fmt.Sprintf("%x", sha1.Sum([]byte(t))) }),
		"sha256": onText(func(t string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(t))) }),
		"crc32":  onText(func(t string) string { return fmt.Sprintf("%08x", crc32.ChecksumIEEE([]byte(t))) }),
	})
	s.openBit()
}

// onText is a Lua function from text to text.
func onText(fn func(string) string) lua.LGFunction {
	return func(L *lua.LState) int {
		L.Push(lua.LString(fn(L.CheckString(1))))
		return 1
	}
}

// decoder is a Lua function whose input may be wrong: nil, message, kind.
func (s *State) decoder(op string, fn func(string) ([]byte, error)) lua.LGFunction {
	return func(L *lua.LState) int {
		data, err := fn(L.CheckString(1))
		if err != nil {
			return s.fail(L, nil, primitive.Newf(primitive.Failed, "%s: %s", op, primitive.Visible(err.Error())))
		}
		L.Push(lua.LString(data))
		return 1
	}
}

// hexDecode takes digits in pairs, with blanks, line ends and colons between.
func hexDecode(text string) ([]byte, error) {
	return hex.DecodeString(strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\r\n:", r) {
			return -1
		}
		return r
	}, text))
}

// base64Decode takes the standard and the URL alphabet, padded or not.
func base64Decode(text string) ([]byte, error) {
	text = strings.NewReplacer("-", "+", "_", "/", "\n", "", "\r", "", " ", "").Replace(text)
	return base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "="))
}

// openBit makes the library bit: operations on numbers of 32 bits; results are
// not negative.
func (s *State) openBit() {
	fold := func(op func(a, b uint32) uint32) lua.LGFunction {
		return func(L *lua.LState) int {
			n := bits(L, 1)
			for i := 2; i <= L.GetTop(); i++ {
				n = op(n, bits(L, i))
			}
			L.Push(lua.LNumber(n))
			return 1
		}
	}
	s.functions("bit", map[string]lua.LGFunction{
		"band":   fold(func(a, b uint32) uint32 { return a & b }),
		"bor":    fold(func(a, b uint32) uint32 { return a | b }),
		"bxor":   fold(func(a, b uint32) uint32 { return a ^ b }),
		"lshift": fold(func(a, b uint32) uint32 { return a << min(b, 32) }),
		"rshift": fold(func(a, b uint32) uint32 { return a >> min(b, 32) }),
		"bnot":   func(L *lua.LState) int { L.Push(lua.LNumber(^bits(L, 1))); return 1 },
	})
}

func bits(L *lua.LState, n int) uint32 { return uint32(int64(L.CheckNumber(n))) }
