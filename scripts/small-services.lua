local lesson = require "lesson"
local step = lesson.step

return lesson {
  id = "small-services",
  title = "The oldest services: echo, discard, daytime, chargen",
  part = 5,
  order = 56,
  learn = "four protocols without a word of protocol, over TCP and UDP, and why nobody offers them to everybody any more",
  needs = "echo",

  steps = {
    step.server "Each is a page in the first RFCs, and a service of serve. Port 0: the system chooses." (function()
      echo = assert(serve(0, "echo", {tcp = true, udp = true, silent = true}))
      discard = assert(serve(0, "discard", {silent = true}))
      daytime = assert(serve(0, "daytime", {tcp = true, udp = true, silent = true}))
      chargen = assert(serve(0, "chargen", {limit = 148, tcp = true, udp = true, silent = true}))
    end),
    step.client "Echo (RFC 862) sends back what comes. It is still how one finds out whether bytes arrive unchanged." (function()
      client = assert(tcp.connect("127.0.0.1", echo.lport))
      assert(client:send("hello\n"))
      lesson.equal("the echo", assert(client:recvline({timeout = 2})), "hello")
    end),
    step.client "Discard (RFC 863) takes everything and says nothing: a receive would wait for ever." (function()
      silent = assert(tcp.connect("127.0.0.1", discard.lport))
      assert(silent:send("is anybody there?"))
      assert(silent:recv(10, {timeout = "50ms"}))
    end) :fails "timeout",
    step.client "Daytime (RFC 867) says the time and closes. The end of the connection is the end of the message." (function()
      local clock = assert(tcp.connect("127.0.0.1", daytime.lport))
      local line = assert(clock:recvall({timeout = 2}))
      print((line:gsub("%s+$", "")))
      lesson.check("it has a time in it", line:find("%d%d:%d%d:%d%d"), line)
    end),
    step.client "Chargen (RFC 864) sends characters, each line turned by one. This one ends after two lines." (function()
      local lines = assert(assert(tcp.connect("127.0.0.1", chargen.lport)):recvall({timeout = 2}))
      print((lines:gsub("\r", "")))
      lesson.equal("the second line begins with", lines:sub(75, 77), '!"#')
    end),
    step.client "The same over UDP: one datagram asks, one answers. There is no connection that could end." (function()
      local ask = assert(udp.connect("127.0.0.1", echo.lport))
      assert(ask:send("ping"))
      lesson.equal("the answer", assert(ask:recv(100, {timeout = 2})), "ping")
      local clock = assert(udp.connect("127.0.0.1", daytime.lport))
      assert(clock:send(""))
      lesson.check("the time", assert(clock:recv(100, {timeout = 2})):find(":"))
    end),
    step.client [[
      Chargen over UDP was the trouble: one byte brought up to 512, and the sender's address can be false. So thousands of
      such servers sent their answers to somebody who had asked for nothing. This one gives no more than it was given.
    ]] (function()
      local ask = assert(udp.connect("127.0.0.1", chargen.lport))
      assert(ask:send("x"))
      answer = #assert(ask:recv(1000, {timeout = 2}))
      print("one byte brought " .. answer)
      lesson.equal("bytes", answer, 1)
    end),
  },

  try = "In the shell (s): serve 0 reply hello --udp &, then udp sendto ${t1.laddr} x; recvfrom",
  question = {
    ask = "Which of the four must never be told to answer another one of its kind over UDP: echo or discard?",
    answer = {"echo"},
    hint = "Let two of them talk to each other.",
    why = "Two echoes send the same datagram to and fro for ever; discard ends it.",
  },
}
