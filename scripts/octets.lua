local lesson = require "lesson"
local step = lesson.step

-- The four octets of an address as one number, or nil and what is wrong.
function number_of(address)
  local octets = {}
  for part in (address .. "."):gmatch("([^.]*)%.") do
    if not part:match("^%d+$") then return nil, "an octet is a number, not \"" .. part .. "\"" end
    if #part > 1 and part:sub(1, 1) == "0" then return nil, "a leading zero: some programs read " .. part .. " as octal" end
    if tonumber(part) > 255 then return nil, "an octet is at most 255, the most that eight bits hold" end
    octets[#octets + 1] = tonumber(part)
  end
  if #octets ~= 4 then return nil, "there are four octets, not " .. #octets end
  return ((octets[1] * 256 + octets[2]) * 256 + octets[3]) * 256 + octets[4]
end

-- The address of a number.
function address_of(number)
  local octets = {}
  for i = 4, 1, -1 do
    octets[i] = number % 256
    number = math.floor(number / 256)
  end
  return table.concat(octets, ".")
end

local function bits(octet)
  local text = ""
  for _ = 1, 8 do
    text = octet % 2 .. text
    octet = math.floor(octet / 2)
  end
  return text
end

return lesson {
  id = "octets",
  title = "An address is one number",
  part = 0,
  order = 1,
  learn = "an IPv4 address is 32 bits, written as four octets; what is an address and what is none",

  steps = {
    step [[
      An IPv4 address is a number of 32 bits. People write it as four octets, 0 to 255, with dots between: dot-decimal
      notation. It goes from 0.0.0.0 to 255.255.255.255. Here is one as a number.
    ]] (function()
      print("192.168.1.10 is " .. ("%.0f"):format(number_of("192.168.1.10")))
      lesson.equal("the number", number_of("192.168.1.10"), 3232235786)
    end),
    step "Each octet counts 256 times what the one after it counts, as digits do with ten." (function()
      print("192*256^3 + 168*256^2 + 1*256 + 10 = " .. ("%.0f"):format(192 * 256 ^ 3 + 168 * 256 ^ 2 + 1 * 256 + 10))
      lesson.equal("the sum", 192 * 256 ^ 3 + 168 * 256 ^ 2 + 1 * 256 + 10, number_of("192.168.1.10"))
    end),
    step "The same in hexadecimal, two digits for an octet, and in bits, eight for one." (function()
      print(("%02x %02x %02x %02x"):format(192, 168, 1, 10))
      print(bits(192) .. " " .. bits(168) .. " " .. bits(1) .. " " .. bits(10))
      lesson.equal("192 in bits", bits(192), "11000000")
    end),
    step "On the wire it is these four bytes, the first one first: network byte order." (function()
      bytes = pack.pack(">I4", number_of("192.168.1.10"))
      print(hex.encode(bytes))
      lesson.equal("the bytes", hex.encode(bytes), "c0a8010a")
    end),
    step "And back: a number is an address." (function()
      print("2130706433 is " .. address_of(2130706433))
      lesson.equal("the address", address_of(2130706433), "127.0.0.1")
    end),
    step "How many there are: all but 4.3 billion, which is fewer than there are people." (function()
      print(("%.0f"):format(2 ^ 32))
      lesson.equal("the last address", number_of("255.255.255.255"), 2 ^ 32 - 1)
    end),
    step "What is no address, and why." (function()
      for _, wrong in ipairs {"256.1.1.1", "1.2.3", "1.2.3.4.5", "1..2.3", "010.0.0.1", "a.b.c.d"} do
        local number, why = number_of(wrong)
        print(wrong .. " is none: " .. tostring(why))
        lesson.check(wrong .. " is no address", number == nil, number)
      end
    end),
  },

  try = "In the shell (s), as Lua: number_of(\"10.0.0.1\"), and address_of(3232235786).",
  question = {
    ask = "Which address is the number 256?",
    answer = {"0.0.1.0"},
    hint = "256 is one more than the last octet can hold.",
    why = "It carries into the octet before.",
  },
}
