local lesson = require "lesson"
local step = lesson.step

-- The address of this machine that a datagram to a destination would leave from.
-- Connecting a UDP socket only looks up the way: nothing is sent.
function source(destination)
  local u, why, kind = udp.connect(destination, 9)
  if not u then return nil, why, kind end
  local address = u.lhost
  u:close()
  return address
end

return lesson {
  id = "own-address",
  title = "My own address, and the way out",
  part = 0,
  order = 3,
  learn = "a machine has several addresses; where data goes decides which one it leaves from",
  needs = "private-ranges",

  steps = {
    step [[
      An address belongs to an interface: the cable, the radio, and one that is only inside, the loopback. The system keeps
      a table of routes, which says by which interface a destination is reached; the address of that interface is then
      the sender's. On Linux `ip addr` and `ip route` show both, on Windows `ipconfig /all`.
    ]],
    step "To this machine itself: by the loopback." (function()
      print("to 127.0.0.1 from " .. source("127.0.0.1"))
      lesson.equal("the source", source("127.0.0.1"), "127.0.0.1")
    end),
    step [[
      To far away. Asking the system sends nothing: a UDP socket that is connected gets its own address, and that is all.
      A machine without a network says that there is no way.
    ]] (function()
      local address, why, kind = source("192.0.2.1")
      print(address and "to 192.0.2.1 from " .. address or "no way to 192.0.2.1: " .. why)
      lesson.check("there is an address, or no way", address or kind == "unreachable", why)
    end),
    step "All of 127.0.0.0/8 is this machine, and a server can be bound to just one address of it." (function()
      server = assert(udp.bind("127.0.0.1", 0))
      print("bound to " .. server.laddr)
    end),
    step "0.0.0.0 as one's own address means: all that this machine has. That is what a server for others is bound to." (function()
      everywhere = assert(udp.bind("0.0.0.0", 0))
      local u = assert(udp.connect("127.0.0.1", everywhere.lport))
      u:send("found")
      local data, host = everywhere:recvfrom(100, {timeout = 2})
      print("bound to " .. everywhere.laddr .. ", and reached at 127.0.0.1: " .. tostring(data))
      lesson.equal("what came", data, "found")
      lesson.equal("the sender", host, "127.0.0.1")
    end),
  },

  try = "In the shell (s), as Lua: source(\"8.8.8.8\"). It is what others at home know you by; the world sees your router's.",
  question = {
    ask = "To which address is a server bound that all interfaces reach?",
    answer = {"0.0.0.0"},
    why = "And 127.0.0.1 is for this machine only.",
  },
}
