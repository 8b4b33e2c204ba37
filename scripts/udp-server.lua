local lesson = require "lesson"
local step, point = lesson.step, lesson.point
local options = lesson.options(arg, {host = "127.0.0.1", port = 12345})

local server

-- There is no connection that could end, so the loop does not either: Ctrl-C.
local function answer_for_ever()
  while true do
    local data, host, port = server:recvfrom(4096)
    assert(data, host) -- of a failure the second value is the reason
    print("received from " .. host .. " " .. port .. " " .. data)
    assert(server:sendto(host, port, "hello I am UDP server"))
  end
end

-- For students. A datagram sent before the program has bound its port is lost, so
-- the first one is sent again and again.
local port, peer
local function begin(student)
  port = student.port or lesson.free_port("dgram")
  assert(student.start(port))
  peer = assert(udp.connect("127.0.0.1", port))
  local last = os.time() + 8
  repeat
    peer:send("hello UDP server") -- refused while nobody has the port
    local answer, _, kind = peer:recv(4096, {timeout = "100ms"})
    if answer then return answer end
    if student.ended(0.02) then error("the program ended before it answered", 0) end
  until os.time() > last
  error("no answer from 127.0.0.1:" .. port .. " within eight seconds", 0)
end

return lesson {
  id = "udp-server",
  title = "A UDP server",
  part = 4,
  order = 40,
  side = "server",
  learn = "no listen and no accept; every datagram says who sent it",
  needs = "tcp-server",
  run = "sosh run udp-server [--port N]   then, in a second terminal: sosh run udp-client",
  peers = {"udp-client"},
  says = {"received from 127.0.0.1 ", "exited by the user"},

  steps = {
    step [[
      dgram is UDP (SOCK_DGRAM). TCP has ports of its own: a TCP server may use the same number at the same time.
    ]] (function()
      server = assert(socket.open("inet", "dgram"))
    end),
    step "Bind, and that is all: whoever sends to this port is heard." (function()
      assert(server:bind(options.host, options.port))
      lesson.here(server)
    end),
    step "Receive a datagram with its sender, and answer that sender; for ever." (function()
      answer_for_ever()
    end),
  },

  finally = lesson.parting(function() return server end),

  try = "From a second terminal: sosh -c 'udp sendto 127.0.0.1 12345 hi; recvfrom'",
  question = {
    ask = "Which call of a TCP server has no place here, because nothing is connected: bind, accept or recvfrom?",
    answer = {"accept", "accept()"},
    why = "One socket hears everybody; recvfrom says who it was.",
  },

  grade = {
    point "is bound to the port it is told, and answers hello I am UDP server" (function(student)
      lesson.equal("the answer", begin(student), "hello I am UDP server")
    end) :must(),
    point "answers each sender at its own address" (function()
      local one, two = assert(socket.open("inet", "dgram")), assert(socket.open("inet", "dgram"))
      assert(one:sendto("127.0.0.1", port, "first"))
      assert(two:sendto("127.0.0.1", port, "second"))
      for name, s in pairs({first = one, second = two}) do
        local data, why = s:recvfrom(4096, {timeout = 3})
        lesson.check("the " .. name .. " sender is answered", data, why)
      end
    end),
    point "survives an empty datagram" (function()
      assert(peer:send(""))
      peer:recv(4096, {timeout = "300ms"}) -- whether it is answered is a matter of taste
      assert(peer:send("still there?"))
      assert(peer:recv(4096, {timeout = 3}))
    end),
    point "takes a datagram of 4096 bytes whole, and prints it" (function(student)
      assert(peer:send(("x"):rep(4096)))
      assert(peer:recv(4096, {timeout = 3}))
      lesson.printed(student, ("x"):rep(4096))
    end),
    point "takes text that is more than English letters" (function()
      assert(peer:send("gr\195\188\195\159e"))
      assert(peer:recv(4096, {timeout = 3}))
    end),
    point "survives a sender that is gone before the answer" (function()
      local gone = assert(socket.open("inet", "dgram"))
      assert(gone:sendto("127.0.0.1", port, "bye"))
      gone:close()
      assert(peer:send("still there?"))
      assert(peer:recv(4096, {timeout = 3}))
    end),
  },
}
