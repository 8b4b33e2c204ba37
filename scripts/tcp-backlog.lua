local lesson = require "lesson"
local step = lesson.step
local options = lesson.options(arg, {host = "127.0.0.1", port = 0})

local connected = {} -- clients, each waiting to be accepted

return lesson {
  id = "tcp-backlog",
  title = "How many may wait: the backlog",
  part = 3,
  order = 35,
  learn = "listen(5) is a queue; what happens to the client that finds it full",
  needs = "tcp-server",
  run = "sosh run tcp-backlog [--port N]",

  steps = {
    step.server [[
      The lecture says: with a backlog of 5 a sixth client that waits is refused. Systems differ. Linux completes six
      handshakes for a queue of 5, and lets the seventh client's first packet fall, so that it waits until its
      patience ends; others refuse it. Nothing is accepted here yet.
    ]] (function()
      server = assert(tcp.listen(options.host, options.port, {backlog = 5}))
      lesson.here(server)
    end),
    step.client [[
      Clients connect all the same: the system does the handshake, and accept only fetches what is ready.
    ]] (function()
      for i = 1, 30 do
        local client, why, kind = tcp.connect(server.lhost, server.lport, {timeout = "500ms"})
        if not client then
          print("client " .. i .. " is not connected: " .. why)
          lesson.check("the queue is full", kind == "timeout" or kind == "refused", kind)
          break
        end
        print("client " .. i .. " is connected, and waits to be accepted")
        connected[i] = client
      end
      lesson.check("at least five are connected, and not all", #connected >= 5 and #connected < 30, #connected)
    end),
    step.client "A connected client may send before anyone has accepted it." (function()
      assert(connected[1]:send("are you there?"))
    end),
    step.server "Accept takes the one that has waited longest." (function()
      first = assert(server:accept())
      local early = assert(first:recv(1024))
      print("the first one accepted had already sent: " .. early)
      lesson.equal("what was sent before accept", early, "are you there?")
    end),
    step.client "Accepting one made room for one." (function()
      late = assert(tcp.connect(server.lhost, server.lport, {timeout = 5}))
      print("and now there is room for one more")
    end),
  },

  try = "In the shell (s): accept server a few times, and connect again: tcp connect 127.0.0.1 ${server.lport} --timeout 1s",
  question = {
    ask = "How many clients were connected before one found the queue full?",
    answer = function() return tostring(#connected) end,
    hint = "Count the lines that say: is connected.",
    why = "On Linux it is one more than the backlog says.",
  },
}
