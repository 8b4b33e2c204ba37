local function raises(want, fn, ...)
  local ok, message = pcall(fn, ...)
  assert(not ok and tostring(message):find(want, 1, true), tostring(message) .. "\nhas no: " .. want)
end

-- json
local function again(text) return json.encode(assert(json.decode(text))) end
for _, text in ipairs {'[]', '{}', '[1,2,[3,{"a":[]}]]', '{"a":null,"b":true,"c":"\\u0001é<>"}', '-1.5', '"x"', 'null',
  '9007199254740993', '[null,null]', '1e+300'} do
  local want = text:gsub("9007199254740993", "9007199254740992")
  assert(again(text) == want, again(text))
end
assert(json.encode({1, 2, 3}) == "[1,2,3]" and json.encode({}) == "{}" and json.encode(json.array({})) == "[]")
assert(json.encode({b = 1, a = {x = json.null}}) == '{"a":{"x":null},"b":1}')
assert(json.decode("null") == json.null and tostring(json.null) == "null")
assert(json.encode(2 ^ 53) == "9007199254740992" and json.encode(0.1) == "0.1")
local none, why, kind = json.decode("{")
assert(none == nil and kind == "failed" and why:find("json.decode"), why)
assert(json.decode("1 2") == nil and json.decode("") == nil and json.decode('"\255"') == nil)
assert(json.decode(("["):rep(100000)) == nil and json.decode(("["):rep(300) .. ("]"):rep(300)) == nil)
raises("UTF-8", json.encode, "\255")
raises("UTF-8", json.encode, {["\255"] = 1})
local cycle = {} cycle.me = cycle
raises("holds itself", json.encode, cycle)
raises("cannot be JSON", json.encode, print)
raises("cannot be JSON", json.encode, 0 / 0)
raises("neither array nor object", json.encode, {1, x = 2})
raises("names of an object", json.encode, {[true] = 2})

-- hex, base64, hash
local all = {}
for i = 0, 255 do all[i + 1] = string.char(i) end
all = table.concat(all)
assert(hex.decode(hex.encode(all)) == all and hex.encode("\1\255") == "01ff")
assert(hex.decode("DE:AD be\nef") == "\222\173\190\239" and hex.decode("0") == nil and select(3, hex.decode("xx")) == "failed")
assert(hex.dump("abc"):find("61 62 63"))
assert(base64.decode(base64.encode(all)) == all and base64.encode("a") == "YQ==" and base64.decode("YQ") == "a")
assert(base64.decode("-_8=") == base64.decode("+/8=") and base64.decode("!") == nil)
assert(hash.md5("") == "d41d8cd98f00b204e9800998ecf8427e" and hash.sha1("abc") == "a9993e364706816aba3e25717850c26c9cd0d89d")
assert(hash.sha256("abc"):sub(1, 8) == "ba7816bf" and hash.crc32("123456789") == "cbf43926")

-- bit
assert(bit.band(0xff, 0x0f) == 15 and bit.bor(1, 2, 4) == 7 and bit.bxor(5, 1) == 4 and bit.bnot(0) == 2 ^ 32 - 1)
assert(bit.lshift(1, 31) == 2 ^ 31 and bit.rshift(0xff00, 8) == 0xff and bit.lshift(1, 32) == 0)

-- pack
local p, u = pack.pack, pack.unpack
assert(p(">H", 258) == "\1\2" and p("<H", 258) == "\2\1" and p(">I3", 66051) == "\1\2\3" and p("b", -1) == "\255")
assert(p("z", "ab") == "ab\0" and p("s1", "ab") == "\2ab" and p(">s2", "ab") == "\0\2ab" and p("xB", 7) == "\0\7")
local function round(format, ...)
  local back = {u(format, p(format, ...))}
  for i, v in ipairs({...}) do assert(back[i] == v, format .. ": " .. tostring(back[i])) end
  assert(back[#back] == #p(format, ...) + 1)
end
round(">bBhHiIlLjJfdszx", -5, 200, -300, 60000, -7e8, 4e9, -2 ^ 53, 2 ^ 53, -1, 1, 0.5, 0.1, "str", "zero")
round("<i7I5 s3 >h", -2 ^ 40, 2 ^ 39, "abc", -2)
assert(select(2, u("B", "\1\2", 2)) == 3 and u("B", "\1\2", 2) == 2)
local none, why, kind = u(">I4", "abc")
assert(none == nil and kind == "failed" and why:find("too short"), why)
assert(u("s", "\255\255\255\255\255\255\255\127") == nil and u("z", "abc") == nil)
raises("does not fit", p, "B", 256)
raises("does not fit", p, "b", 128)
raises("whole number", p, "B", 1.5)
raises("no such format", p, "Q", 1)
raises("1 to 8", p, "I9", 1)
raises("no value", p, "BB", 1)
raises("takes a string", p, "z", 1)
raises("outside", u, "B", "a", 5)
