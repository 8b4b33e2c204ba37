local lesson = require "lesson"
local step = lesson.step

return lesson {
  id = "own-address",
  title = "My own address, and the way out",
  part = 0,
  order = 4,
  learn = "a machine has several addresses; where data goes decides which one it leaves from",
  needs = "addresses",

  steps = {
    step [[
      An address belongs to an interface: the cable, the radio, and one that is only inside, the loopback. The system keeps
      a table of routes, which says by which interface a destination is reached; the address of that interface is then
      the sender's. On Linux `ip addr` and `ip route` show both, on Windows `ipconfig /all`; sosh understands both words.
    ]],
    step "These are this machine's interfaces and addresses, and how each was given to it where the system says so." (function()
      for _, line in ipairs(assert(net.interfaces())) do
        if line.address ~= "" then print(line.interface .. " " .. line.state .. ": " .. line.address .. " " .. line.assigned) end
      end
    end),
    step "To this machine itself: by the loopback." (function()
      local way = assert(net.route("127.0.0.1"))
      print("to 127.0.0.1 by " .. way.interface .. ", from " .. way.source)
      lesson.equal("the source", way.source, "127.0.0.1")
    end),
    step [[
      To far away. A socket tells the same, and sends nothing for it: a UDP socket that is connected gets its own address,
      and that is all. A machine without a network says that there is no way.
    ]] (function()
      local u, why, kind = udp.connect("192.0.2.1", 9)
      print(u and "to 192.0.2.1 from " .. u.lhost or "no way to 192.0.2.1: " .. why)
      lesson.check("there is an address, or no way", u or kind == "unreachable", why)
    end),
    step "The table of routes says which way leads where; the longest prefix that fits is taken." (function()
      local list, why, kind = net.routes()
      for _, route in ipairs(list or {}) do
        print(route.destination .. " by " .. route.interface .. (route.gateway ~= "" and ", through " .. route.gateway or ""))
      end
      lesson.check("there is a list, or a system that has none to show", list or kind == "unsupported", why)
    end),
    step "Names become addresses by a file of hosts, and by name servers. These are the settings." (function()
      local list, why, kind = net.resolvers()
      for _, line in ipairs(list or {}) do print(line.setting .. " " .. line.value) end
      lesson.check("there are settings, or a system that does not show them", list or kind == "unsupported" or kind == "not-found", why)
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

  try = "In the shell (s): net route 8.8.8.8. Its source is what others at home know you by; the world sees your router's.",
  question = {
    ask = "To which address is a server bound that all interfaces reach?",
    answer = {"0.0.0.0"},
    why = "And 127.0.0.1 is for this machine only.",
  },
}
