local lesson = require "lesson"
local step = lesson.step

-- Blocks of addresses with a purpose of their own: where they begin, how many
-- leading bits are the same in all of them, what they are for, and who says so.
local blocks = {
  {"10.0.0.0", 8, "private", "RFC 1918"},
  {"172.16.0.0", 12, "private", "RFC 1918"},
  {"192.168.0.0", 16, "private", "RFC 1918"},
  {"127.0.0.0", 8, "loopback: this machine", "RFC 1122"},
  {"169.254.0.0", 16, "link-local: chosen by oneself, for this network only", "RFC 3927"},
  {"100.64.0.0", 10, "shared: between a provider's NAT and its customers", "RFC 6598"},
  {"192.0.2.0", 24, "documentation", "RFC 5737"},
  {"198.51.100.0", 24, "documentation", "RFC 5737"},
  {"203.0.113.0", 24, "documentation", "RFC 5737"},
  {"224.0.0.0", 4, "multicast: groups", "RFC 5771"},
}

local function number_of(address)
  local a, b, c, d = address:match("^(%d+)%.(%d+)%.(%d+)%.(%d+)$")
  return ((a * 256 + b) * 256 + c) * 256 + d
end

local function address_of(number)
  local d, c, b = number % 256, math.floor(number / 256) % 256, math.floor(number / 65536) % 256
  return math.floor(number / 16777216) .. "." .. b .. "." .. c .. "." .. d
end

-- First and last address of a block.
local function range(block)
  local first = number_of(block[1])
  return first, first + 2 ^ (32 - block[2]) - 1
end

-- What an address is for, and who says so.
function purpose(address)
  for _, block in ipairs(blocks) do
    local first, last = range(block)
    local number = number_of(address)
    if number >= first and number <= last then return block[3], block[4] end
  end
  return "public"
end

return lesson {
  id = "private-ranges",
  title = "Private, public, and other ranges",
  part = 0,
  order = 2,
  learn = "who gives out addresses, and which ones anybody may use at home",
  needs = "octets",

  steps = {
    step [[
      Addresses must be unique where they are used. IANA gives large blocks to five regional registries (RIRs), those
      give smaller ones to providers and organisations, and those to you. Some blocks are kept back, for purposes that
      the RFCs name.
    ]],
    step [[
      A block is written as its first address and how many leading bits are fixed: 10.0.0.0/8 fixes 8 and leaves 24
      bits free. Three blocks are private: every home may use them, and no router of the internet carries them.
    ]] (function()
      for i = 1, 3 do
        local first, last = range(blocks[i])
        print(("%s/%d: %s to %s, %.0f addresses"):format(blocks[i][1], blocks[i][2], address_of(first), address_of(last), last - first + 1))
      end
      local _, last = range(blocks[2])
      lesson.equal("the last one of the second block", address_of(last), "172.31.255.255")
    end),
    step "Others are kept back, too." (function()
      for i = 4, #blocks do
        print(("%s/%d is %s (%s)"):format(blocks[i][1], blocks[i][2], blocks[i][3], blocks[i][4]))
      end
    end),
    step "sosh has the whole registries, IPv6 too. An address may be in several blocks: the smallest one counts." (function()
      local list = assert(ip.special("192.0.0.9"))
      for _, block in ipairs(list) do print(block.block .. " " .. block.name .. " (" .. block.rfc .. ")") end
      lesson.equal("the block around it", list[#list - 1].block, "192.0.0.0/24")
      lesson.equal("the smallest block", list[#list].block, "192.0.0.9/32")
    end),
    step "So any address can be told what it is for." (function()
      for address, want in pairs {
        ["10.1.2.3"] = "private", ["172.15.255.255"] = "public", ["172.16.0.0"] = "private", ["172.31.255.255"] = "private",
        ["172.32.0.0"] = "public", ["192.168.0.1"] = "private", ["8.8.8.8"] = "public",
      } do
        local what, rfc = purpose(address)
        print(address .. " is " .. what .. (rfc and " (" .. rfc .. ")" or ""))
        lesson.equal(address, what, want)
      end
    end),
  },

  try = "In the shell (s), as Lua: purpose(\"100.64.1.1\")",
  question = {
    ask = "Is 172.20.1.1 private or public?",
    answer = {"private"},
    hint = "The middle block goes from 172.16.0.0 to 172.31.255.255.",
    why = "The first 12 bits are those of 172.16.0.0.",
  },
}
