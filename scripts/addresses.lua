local lesson = require "lesson"
local step = lesson.step
local options = lesson.options(arg, {address = "192.168.1.77"})

address = options.address

return lesson {
  id = "addresses",
  title = "Addresses and networks, looked up",
  part = 0,
  order = 3,
  learn = "what the ip commands tell of an address, and what a network is",
  needs = "private-ranges",
  run = "sosh run addresses [--address A]",

  steps = {
    step "One number of 32 bits, written in every way." "ip convert $address",
    step "The same by hand, and back: each octet is worth 256 times the one behind it." (function()
      local number = 0
      for octet in address:gmatch("%d+") do number = number * 256 + tonumber(octet) end
      local integer = ip.convert(address).integer
      print("by hand: " .. string.format("%.0f", number))
      lesson.equal("the number", string.format("%.0f", number), integer)
      lesson.equal("and back", ip.convert(integer, {to = "address"}), address)
    end),
    step "What is no address: an octet is at most 255." "ip info 256.1.1.1" :fails "usage",
    step "There are four of them." "ip info 1.2.3" :fails "usage",
    step "A leading zero is refused: some programs take it for octal, others do not." "ip info 010.1.1.1" :fails "usage",
    step "Three ranges are for anybody's own network (RFC 1918), and so can be in use in many places at once." (function()
      for _, network in ipairs {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"} do
        local range = ip.range(network)
        local first, last = ip.info(range.first), ip.info(range.last)
        print(network .. ": " .. range.first .. " to " .. range.last .. ", " .. first.name .. ", " .. first.rfc)
        lesson.equal("the block of the first address", first.block, network)
        lesson.equal("the block of the last address", last.block, network)
      end
    end),
    step "Others have a meaning, too." (function()
      for _, text in ipairs {"127.0.0.1", "169.254.10.20", "100.64.0.1", "224.0.0.1", "203.0.113.5", "8.8.8.8"} do
        local info = ip.info(text)
        print(text .. ": " .. info.name .. " (" .. info.rfc .. "): " .. info.meaning)
      end
    end),
    step [[
      A network is what its addresses have in common: here the first 24 bits. The first address names the network, the
      last one means all of its hosts.
    ]] (function()
      local net24 = ip.subnet(address .. "/24")
      print(net24.network .. ": hosts " .. net24.first .. " to " .. net24.last .. ", to all of them " .. net24.broadcast)
      lesson.equal("the number of hosts", net24.hosts, 254)
      lesson.check("the address is in its network", ip.contains(net24.network, address))
    end),
  },

  try = "In the shell (s): ip info 100.64.1.1, and ip subnet 10.0.0.0/30.",
  question = {
    ask = "How many hosts fit into a network whose first 30 bits are fixed?",
    answer = {"2", "two"},
    hint = "Two bits are free, which makes four addresses.",
    why = "Of four addresses the first names the network and the last means everybody in it.",
  },
}
