local lesson = require "lesson"
local step = lesson.step

-- The words that RFC 6455 chose, so that no other server gives this answer by accident.
local magic = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
local key = base64.encode("sixteen bytes ok")

return lesson {
  id = "websocket-by-hand",
  title = "WebSocket, spoken by hand",
  part = 5,
  order = 77,
  learn = "a connection can change its protocol: from requests to messages in both directions",
  needs = "http-by-hand",

  steps = {
    step.server "A server that sends back each message." (function()
      server = assert(serve(0, "ws", {silent = true}))
    end),
    step.client "It begins as HTTP. The request asks for another protocol on the same connection." (function()
      client = assert(tcp.connect(server.laddr))
      for _, line in ipairs {
        "GET /chat HTTP/1.1", "Host: localhost", "Connection: Upgrade", "Upgrade: websocket",
        "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: " .. key, "",
      } do client:send(line, {crlf = true}) end
    end),
    step.client "101: the protocol is switched. The server proves that it understood: a hash of the key and a fixed text." (function()
      local header = assert(client:recv({delim = "\r\n\r\n", timeout = 2}))
      print(header)
      lesson.check("the status", header:find("^HTTP/1.1 101 "), header)
      local proof = base64.encode(hex.decode(hash.sha1(key .. magic)))
      lesson.equal("the proof", header:match("Sec%-Web[sS]ocket%-Accept: (%S+)"), proof)
    end),
    step.client [[
      From here there are frames. The first byte says what it is: 0x81 is a whole message of text. The second one has the
      length, and that a mask follows; a mask of zeros changes nothing.
    ]] (function()
      local text = "hello"
      assert(client:send("\129" .. string.char(128 + #text) .. "\0\0\0\0" .. text))
    end),
    step.client "The answer has no mask: only clients use one." (function()
      local frame = assert(client:recv({exact = 7, timeout = 2}))
      print(hexdump(frame))
      lesson.equal("the frame", frame, "\129\5hello")
    end),
    step.client "0x88 closes, with a code: 1000 is normal. The server says goodbye in the same way." (function()
      assert(client:send("\136\130\0\0\0\0" .. "\3\232"))
      lesson.equal("the goodbye", assert(client:recv({exact = 4, timeout = 2})), "\136\2\3\232")
      client:close()
    end),
    step.client "The commands do all of that." (function()
      chat = assert(ws.connect("ws://" .. server.laddr .. "/chat"))
      assert(chat:send("hello again"))
      local text, kind = assert(chat:recv({timeout = 2}))
      print(text, kind)
      lesson.equal("what came back", text, "hello again")
      lesson.equal("as", kind, "text")
    end),
    step.client "A ping asks whether the other side is still there." (function()
      print(chat:ping({timeout = 2}).rtt)
      chat:close()
    end),
    step.client "After the goodbye nothing can be sent." (function()
      assert(chat:send("too late"))
    end) :fails "closed",
  },

  try = "In the shell (s): ws connect ws://${server.laddr}/, then on data _ ws recv, and ws send hello.",
  question = {
    ask = "Which status says that the protocol is switched?",
    answer = {"101", "101 switching protocols"},
    why = "After it, the same connection speaks something else.",
  },
}
