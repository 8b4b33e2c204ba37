-- Title: What an IP address is
-- Order: 5
-- Part: 0
-- Learn: four octets are one 32-bit number; private ranges; what is no address
-- Run: sosh run addresses [--address A]
local lesson = require "lesson"
local options = lesson.options(arg, {address = "192.168.1.77"})

-- An IPv4 address is one number of 32 bits. People write it as four octets, eight
-- bits each and so 0 to 255, with dots between them: dot-decimal notation.
local address = options.address
local forms = ip.convert(address)
print("-- one number, written in four ways")
print(forms.address, forms.integer)
print(forms.hex, forms.binary)

-- The same by hand: each octet is worth 256 times the one behind it.
local number = 0
for octet in address:gmatch("%d+") do number = number * 256 + tonumber(octet) end
print("by hand: " .. string.format("%.0f", number))
lesson.equal("the number", string.format("%.0f", number), forms.integer)
lesson.equal("and back", ip.convert(forms.integer, {to = "address"}), address)

print("-- what is no address, and why")
for _, text in ipairs({"256.1.1.1", "1.2.3", "010.1.1.1"}) do
  local ok, problem = pcall(ip.info, text)
  lesson.check(text .. " is refused", not ok)
  print(tostring(problem))
end

-- Three ranges are for anybody's own network (RFC 1918). They are not reachable
-- from the internet, and so can be in use in many places at once.
print("-- private ranges")
for _, network in ipairs({"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"}) do
  local range = ip.range(network)
  local first, last = ip.info(range.first), ip.info(range.last)
  print(network .. ": " .. range.first .. " to " .. range.last .. ", " .. first.name .. ", " .. first.rfc)
  lesson.equal("the block of the first address", first.block, network)
  lesson.equal("the block of the last address", last.block, network)
end

print("-- and others with a meaning")
for _, text in ipairs({"127.0.0.1", "169.254.10.20", "100.64.0.1", "224.0.0.1", "203.0.113.5", "8.8.8.8"}) do
  local info = ip.info(text)
  print(text .. ": " .. info.name .. " (" .. info.rfc .. "): " .. info.meaning)
end

-- A network is what its addresses have in common: here the first 24 bits.
print("-- the network of " .. address .. "/24")
local net24 = ip.subnet(address .. "/24")
print(net24.network .. ": hosts " .. net24.first .. " to " .. net24.last .. ", to all of them " .. net24.broadcast)
lesson.equal("the number of hosts", net24.hosts, 254)
lesson.check("the address is in its network", ip.contains(net24.network, address))

-- The machine has addresses too, and chooses one of them for each way out.
print("-- this machine")
for _, line in ipairs(assert(net.interfaces())) do
  if line.address ~= "" then print(line.interface .. " " .. line.state .. ": " .. line.address .. " " .. line.assigned) end
end
local way = assert(net.route("127.0.0.1"))
print("to 127.0.0.1 by " .. way.interface .. ", from " .. way.source)
lesson.equal("the source address", way.source, "127.0.0.1")
