local lesson = require "lesson"
local step, point = lesson.step, lesson.point
local options = lesson.options(arg, {host = "127.0.0.1", port = 12345})

local client

-- For students.
local listener, data, host, port

return lesson {
  id = "udp-client",
  title = "A UDP client",
  part = 4,
  order = 41,
  side = "client",
  learn = "send without connecting; the socket gets its port with the first datagram",
  needs = "udp-server, which it talks to",
  run = "sosh run udp-server   and, in a second terminal: sosh run udp-client [--port N]",
  peers = {"udp-server"},
  says = {"server says hello I am UDP server"},

  steps = {
    step "Create a datagram socket. It has no port yet." (function()
      client = assert(socket.open("inet", "dgram"))
    end),
    step [[
      sendto names the receiver each time. Now the system also gives the socket a port, which is where the answer goes.
    ]] (function()
      assert(client:sendto(options.host, options.port, "hello UDP server"))
    end),
    step "Nobody promises an answer, nor that ours arrived: wait for a while only." (function()
      local data, why, kind = client:recvfrom(4096, {timeout = 5})
      if kind == "timeout" then lesson.fail(why, "start the server first: sosh run udp-server") end
      print("server says " .. assert(data, why))
    end),
    step "Close. The server learns nothing of it." (function()
      client:close()
    end),
  },

  finally = lesson.parting(function() return client end),

  try = "Run it while no server runs, and see how long it takes to find out.",
  question = {
    ask = "Which call gave the client its port?",
    answer = {"sendto", "sendto()"},
    hint = "There was no bind and no connect.",
    why = "An unbound socket gets a free port with its first datagram.",
  },

  grade = {
    point "sends a datagram to the port it is told" (function(student)
      listener = assert(udp.bind("127.0.0.1", student.port or 0))
      assert(student.start(listener.lport))
      data, host, port = listener:recvfrom(4096, {timeout = 8})
      lesson.check("a datagram comes", data, host)
    end) :must(),
    point "says hello UDP server" (function()
      lesson.equal("the datagram", data, "hello UDP server")
    end),
    point "prints the answer and ends with exit code 0" (function(student)
      assert(listener:sendto(host, port, "hello I am UDP server"))
      lesson.equal("its exit code", student.ended(8), 0)
      lesson.printed(student, "hello I am UDP server")
    end),
    point "does not wait for ever when no answer comes" (function(student)
      assert(student.start(listener.lport))
      assert(listener:recvfrom(4096, {timeout = 5}))
      lesson.check("it ends within eight seconds", student.ended(8))
    end),
  },
}
