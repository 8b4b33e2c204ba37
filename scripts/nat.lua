local lesson = require "lesson"
local step = lesson.step

-- The translator: what comes from inside leaves by a port of its own, made for
-- that sender, and what comes back to that port goes to the sender.
local translations = {} -- by inside address: the outside socket
local order = {}        -- inside addresses as they came

local function translator(inside, server_host, server_port)
  while true do
    local data, host, port = inside:recvfrom(4096)
    if not data then break end -- closed
    local from = host .. ":" .. port
    if not translations[from] then
      local outside = assert(udp.bind("127.0.0.1", 0))
      translations[from] = outside
      order[#order + 1] = from
      task.spawn(function() -- the way back
        while true do
          local reply = outside:recvfrom(4096)
          if not reply then break end
          inside:sendto(host, port, reply)
        end
      end)
    end
    translations[from]:sendto(server_host, server_port, data)
  end
end

-- A server that tells each sender from where it was reached.
local function whoami(socket)
  while true do
    local data, host, port = socket:recvfrom(4096)
    if not data then break end
    socket:sendto(host, port, "you are " .. host .. ":" .. port)
  end
end

local answers = {}

return lesson {
  id = "nat",
  title = "NAT: many hosts behind one address",
  part = 0,
  order = 6,
  learn = "how private hosts share a public address: the table of translations",
  needs = "private-ranges",

  steps = {
    step [[
      Private addresses are not carried on the internet. A home router lends all hosts behind it its one public address
      (NAT). It tells the answers apart by ports, and keeps a table: which port outside stands for which host and port
      inside. Here is such a translator, a real one for UDP, with everything on 127.0.0.1: only the ports differ.
    ]],
    step.server "Far away: a server that says from where it was reached." (function()
      server = assert(udp.bind("127.0.0.1", 0))
      task.spawn(whoami, server)
    end),
    step.router "The router. Inside it listens; outside it opens a port for each new sender." (function()
      router = assert(udp.bind("127.0.0.1", 0))
      task.spawn(translator, router, server.lhost, server.lport)
    end),
    step.client "Two private hosts send to the server, by way of the router." (function()
      laptop, phone = assert(udp.connect("127.0.0.1", router.lport)), assert(udp.connect("127.0.0.1", router.lport))
      for name, host in pairs {laptop = laptop, phone = phone} do
        assert(host:send("who am I?"))
        answers[name] = assert(host:recv(4096, {timeout = 2}))
      end
      print("laptop, port " .. laptop.lport .. ", is told: " .. answers.laptop)
      print("phone, port " .. phone.lport .. ", is told: " .. answers.phone)
      lesson.check("the server does not see the laptop's own port", not answers.laptop:find(":" .. laptop.lport, 1, true))
      lesson.check("the server tells them apart", answers.laptop ~= answers.phone)
    end),
    step.router "Its table of translations." (function()
      print("inside                 outside")
      for _, from in ipairs(order) do print(("%-22s %s"):format(from, translations[from].laddr)) end
      lesson.equal("the number of translations", #order, 2)
    end),
    step.client "Another datagram of the laptop uses the same translation." (function()
      assert(laptop:send("and now?"))
      local again = assert(laptop:recv(4096, {timeout = 2}))
      print("laptop is told: " .. again)
      lesson.equal("what the laptop is told", again, answers.laptop)
    end),
    step.server [[
      The other way round: nobody outside can begin. A datagram to a port that is in no translation goes nowhere; the
      port is not even there. That protects, and it is why servers at home need a port forwarded.
    ]] (function()
      stranger = assert(udp.connect("127.0.0.1", lesson.free_port("dgram")))
      stranger:send("hello, laptop?")
      assert(stranger:recv(4096, {timeout = 2}))
    end) :fails "refused",
  },

  try = "In the shell (s): udp connect 127.0.0.1 ${router.lport}, send hi, recv. A third translation.",
  question = {
    ask = "By what does the router tell the answers for its hosts apart: by address or by port?",
    answer = {"port", "by port", "ports", "the port"},
    why = "The address outside is the same for all.",
  },
}
