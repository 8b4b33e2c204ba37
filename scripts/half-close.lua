local lesson = require "lesson"
local step = lesson.step
local options = lesson.options(arg, {host = "127.0.0.1", port = 0})

return lesson {
  id = "half-close",
  title = "Half a close: shutdown",
  part = 3,
  order = 37,
  learn = "a connection is two streams; ending one side says: that was all, now you",
  needs = "tcp-server, tcp-client",

  steps = {
    step.server "A server that must have all before it can answer: it counts bytes until the end." (function()
      server = serve(options.host, options.port, function(c)
        local all = c:recvall() or ""
        c:send("that were " .. #all .. " bytes\n")
      end)
    end),
    step.client "The client sends, and could go on sending. The server cannot know, and waits." (function()
      client = assert(tcp.connect(options.host, server.lport))
      assert(client:send("hello "))
      assert(client:send("server"))
      local _, why, kind = client:recvline({timeout = "100ms"})
      print("no answer yet: " .. tostring(why))
      lesson.equal("the kind", kind, "timeout")
    end),
    step.client "close would end both directions, and with them the answer. shutdown ends one: no more will come from here."
      "shutdown client write",
    step.client "The other direction is whole: the answer comes." (function()
      local line = assert(client:recvline({timeout = 2}))
      print("received: " .. line)
      lesson.equal("the answer", line, "that were 12 bytes")
    end),
    step.client "Sending is over; trying it is a broken pipe." "send client more" :fails "broken-pipe",
    step.client "Then the server ends its side, too, and the connection is over." (function()
      assert(client:recv(10, {timeout = 2}))
    end) :fails "eof",
    step [[
      shutdown(0), SHUT_RD, ends receiving; shutdown(1), SHUT_WR, ends sending and tells the peer; shutdown(2), SHUT_RDWR,
      does both and keeps the socket. close gives the socket back.
    ]],
  },

  try = "sosh tcp connect does this at the end of its input: printf hello | sosh tcp connect HOST PORT waits for the answer.",
  question = {
    ask = "Which shutdown tells the other side that it has heard everything: read, write or both? The client still wants the answer.",
    answer = {"write", "shut_wr", "1"},
    why = "Only the sending side is ended; receiving goes on.",
  },
}
