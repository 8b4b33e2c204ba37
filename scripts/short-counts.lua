local lesson = require "lesson"
local step = lesson.step
local options = lesson.options(arg, {host = "127.0.0.1", port = 0})

local data = ("0123456789abcdef"):rep(512 * 1024) -- 8 MiB, more than the buffers hold
local taken, calls

return lesson {
  id = "short-counts",
  title = "Receiving less, sending less",
  part = 5,
  order = 50,
  learn = "recv may give less than asked for, and send may take less than given: repeat until done",
  needs = "tcp-server, tcp-client",
  run = "sosh run short-counts [--port N]",

  steps = {
    step "A connection to work on." (function()
      listener = assert(tcp.listen(options.host, options.port))
      client = assert(tcp.connect(listener.lhost, listener.lport))
      server = assert(listener:accept())
    end),
    step.client "The client sends a part of a word, and waits until it has been received." (function()
      assert(client:send("hel"))
    end),
    step.server "recv(1024) asks for at most 1024 bytes. It gives what is there, and does not wait for more." (function()
      part = assert(server:recv(1024))
      print("asked for 1024 bytes, got " .. #part .. ": " .. part)
      lesson.equal("what came", part, "hel")
    end),
    step.client "The rest of the word." (function()
      assert(client:send("lo"))
    end),
    step.server "Only a second recv has it. A program must repeat, and put the parts together." (function()
      local rest = assert(server:recv(1024))
      print("then " .. rest .. ": together " .. part .. rest)
      lesson.equal("both parts", part .. rest, "hello")
    end),
    step.server "recv --exact is that loop: it gives so many bytes, however they come." (function()
      task.spawn(function()
        for c in ("world"):gmatch(".") do client:send(c) end
      end)
      print(assert(server:recv({exact = 5})))
    end),
    step.client [[
      send can take less, too: the system copies into a buffer, and when that is full and nobody receives, the rest is
      not taken. send --once is a single call of the system; here are 8 MiB.
    ]] (function()
      taken, calls = assert(client:send(data, {once = true})), 1
      print("of " .. #data .. " bytes not all were taken while nobody received")
      lesson.check("fewer were taken", taken < #data, taken)
    end),
    step.server "Now the server receives all there is, in a task beside." (function()
      reader = task.spawn(function() return server:recvall() end)
    end),
    step.client "The client repeats until all is taken, and ends its side. A send without --once is that loop." (function()
      while taken < #data do
        taken = taken + assert(client:send(data:sub(taken + 1), {once = true}))
        calls = calls + 1
      end
      client:shutdown("write")
      print("it took more than one send")
      lesson.check("one send is not enough", calls > 1, calls)
    end),
    step.server "Everything has arrived, in order." (function()
      local all = assert(reader:join())
      print(#all .. " bytes")
      lesson.check("it is what was sent", all == data)
    end),
  },

  try = "In the shell (s), before the server receives: opt client sndbuf.",
  question = {
    ask = "In Python, s.send(data) returned 1000 and data has 3000 bytes. How many are still to be sent?",
    answer = {"2000"},
    why = "send says how many bytes were taken; the rest is the program's to send. sendall does that.",
  },
}
