local lesson = require "lesson"
local step = lesson.step
local options = lesson.options(arg, {host = "127.0.0.1", port = 0})

local message = "a message of some length"
local half -- of the length, as it came first

return lesson {
  id = "whole-messages",
  title = "Whole messages: framing by length and by line",
  part = 5,
  order = 52,
  learn = "TCP carries bytes, not messages; how two programs agree where one ends",
  needs = "short-counts",
  run = "sosh run whole-messages [--port N]",

  steps = {
    step "A connection to work on: client and server are the two ends of it." (function()
      listener = assert(tcp.listen(options.host, options.port))
      client = assert(tcp.connect(listener.lhost, listener.lport))
      server = assert(listener:accept())
    end),
    step.client "Two messages sent one after the other …" (function()
      assert(client:send("one"))
      assert(client:send("two"))
    end),
    step.server "… are one row of bytes to the receiver. Nothing says where the first ended." (function()
      local bytes = assert(server:recv({exact = 6}))
      print("received " .. bytes)
      lesson.equal("what came", bytes, "onetwo")
    end),
    step.client [[
      Framing by length: four bytes say how many follow. ">I4" is a whole number in four bytes, the most significant
      one first, as networks write numbers. It may arrive in pieces as odd as these.
    ]] (function()
      framed = pack.pack(">I4", #message) .. message
      assert(client:send(framed:sub(1, 2)))
    end),
    step.server "Half of the length has come: recv gives that, and the receiver must ask again." (function()
      half = assert(server:recv(4))
      print(#half .. " of 4 bytes")
    end),
    step.client "The rest comes in two more pieces." (function()
      assert(client:send(framed:sub(3, 9)))
      assert(client:send(framed:sub(10)))
    end),
    step.server "Exactly what is missing of the length, then exactly as many bytes as it says." (function()
      local length = pack.unpack(">I4", half .. assert(server:recv({exact = 4 - #half})))
      local body = assert(server:recv({exact = length}))
      print("length " .. length .. ", message: " .. body)
      lesson.equal("the message", body, message)
    end),
    step.client "Framing by lines: a newline ends each message. Again, the pieces are not the messages." (function()
      assert(client:send("first line\nsecond "))
      assert(client:send("line\n"))
    end),
    step.server "recvline keeps what is left over for the next call." (function()
      local one, two = assert(server:recvline()), assert(server:recvline())
      print("received: " .. one .. "; " .. two)
      lesson.equal("the first line", one, "first line")
      lesson.equal("the second line", two, "second line")
    end),
  },

  try = "In the shell (s): send client abc, then recv server --line --timeout 1s, then peek server.",
  question = {
    ask = "A message may hold newlines. Which of the two framings can carry it as it is: length or line?",
    answer = {"length", "by length", "framing by length"},
    why = "A line ends at the first newline; a length counts any bytes.",
  },
}
