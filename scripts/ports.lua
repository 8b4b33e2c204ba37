local lesson = require "lesson"
local step = lesson.step

return lesson {
  id = "ports",
  title = "Addresses find machines, ports find programs",
  part = 0,
  order = 7,
  learn = "what a port is, and what TCP promises and UDP does not",
  needs = "octets",

  steps = {
    step [[
      An address brings data to a machine. Many programs run there; the port, a number from 1 to 65535, says which one is
      meant. Two servers on one machine: the same address, two ports.
    ]],
    step.server "One that greets, and one that echoes." (function()
      greeter = serve(0, function(c) c:send("I greet\n") end)
      echoer = serve(0, function(c) c:send(c:recv(1024) or "") end)
      print("greeter on port " .. greeter.lport .. ", echo on port " .. echoer.lport)
    end),
    step.client "The port alone decides who answers." (function()
      a = assert(tcp.connect("127.0.0.1", greeter.lport))
      b = assert(tcp.connect("127.0.0.1", echoer.lport))
      a:send("hello\n")
      b:send("hello\n")
      local one, two = assert(a:recvline()), assert(b:recvline())
      print("one says: " .. one .. "; the other: " .. two)
      lesson.equal("the first answer", one, "I greet")
      lesson.equal("the second answer", two, "hello")
    end),
    step.client "The client has a port too: the system chose it. Four numbers name a connection: both addresses, both ports." (function()
      print(b.laddr .. " to " .. b.raddr)
      c = assert(tcp.connect("127.0.0.1", echoer.lport))
      print(c.laddr .. " to " .. c.raddr .. ": the same server, another connection")
      lesson.check("the clients have different ports", b.lport ~= c.lport)
    end),
    step "The system lists all sockets and their states. The port is there as listening, and with each connection." (function()
      local list, why, kind = net.sockets {port = echoer.lport}
      local states = {}
      for _, socket in ipairs(list or {}) do
        states[socket.state] = (states[socket.state] or 0) + 1
        print(socket.laddr .. " " .. socket.raddr .. " " .. socket.state)
      end
      lesson.check("it listens, or the system does not show it", states.LISTEN or kind == "unsupported", why)
    end),
    step "A port belongs to one program at a time. The system says so to the second one." (function()
      assert(tcp.listen("127.0.0.1", echoer.lport))
    end) :fails "in-use",
    step.server "UDP has ports of its own: the same number is free there." (function()
      u = assert(udp.bind("127.0.0.1", echoer.lport))
      print("both have port " .. u.lport)
    end),
    step [[
      TCP makes a connection and promises that every byte arrives, once and in order, or that you are told. UDP sends
      datagrams: each may be lost, doubled or late, and nobody says so; for that it costs less, and needs no connection.
    ]],
  },

  try = "In the shell (s): listen ${echoer.lport}. The hint says who has the port.",
  question = {
    ask = "How many numbers, addresses and ports together, name a TCP connection?",
    answer = {"4", "four"},
    why = "So one server port can have thousands of connections: they differ at the other end.",
  },
}
