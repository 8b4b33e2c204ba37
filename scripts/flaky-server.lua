local lesson = require "lesson"
local step = lesson.step

local function fetch(port)
  local c, why, kind = tcp.connect("127.0.0.1", port, {timeout = 2})
  if not c then return nil, why, kind end
  local text, why, kind = c:recvall({timeout = 2})
  c:close()
  return text, why, kind
end

return lesson {
  id = "flaky-server",
  title = "Servers that fail, on purpose",
  part = 5,
  order = 58,
  learn = "a client is done when it survives late, cut and torn answers; a mock makes them every time",
  needs = "whole-messages, errors",

  steps = {
    step.server "Real servers fail now and then, which cannot be tested. A mock fails when it is told to: here every third client is cut after five bytes." (function()
      cut = assert(serve(0, "reply", "length 12\nhello world\n", {truncate = 15, every = 3, iterative = true, silent = true}))
    end),
    step.client "Two are served well, the third gets less. No error says so: the connection ends in order." (function()
      lengths = {}
      for i = 1, 3 do
        local text = assert(fetch(cut.lport))
        lengths[i] = #text
        print(i .. ": " .. #text .. " bytes")
      end
      lesson.equal("the third", lengths[3], 15)
      lesson.equal("the second", lengths[2], 22)
    end),
    step.client "Only who knows how long the message is notices: the length came first, as in whole-messages." (function()
      for i = 4, 6 do
        local text = assert(fetch(cut.lport))
        local n, body = text:match("^length (%d+)\n(.*)$")
        whole = #body == tonumber(n)
        print(i .. (whole and ": whole" or ": not whole, ask again"))
      end
      lesson.equal("the sixth is whole", whole, false)
    end),
    step.server "A server that tears every connection down, as a crashing program or a firewall does." (function()
      torn = assert(serve(0, "echo", {reset = true, silent = true}))
    end),
    step.client "That is an error that everybody sees: reset." (function()
      local c, why, kind = tcp.connect("127.0.0.1", torn.lport)
      if c then text, why, kind = c:recv(10, {timeout = 2}) end
      lesson.equal("the kind", kind, "reset")
      print(kind)
    end),
    step.server "And one that is late: it thinks for 300 ms." (function()
      late = assert(serve(0, "reply", "at last", {delay = "300ms", silent = true}))
    end),
    step.client "A client that waits 50 ms gives up. The answer would have come." (function()
      impatient = assert(tcp.connect("127.0.0.1", late.lport))
      assert(impatient:recv(10, {timeout = "50ms"}))
    end) :fails "timeout",
    step.client "One that tries again, and waits longer each time, gets it." (function()
      local wait, text, tries = 0.05, nil, 0
      repeat
        tries = tries + 1
        text = impatient:recv(10, {timeout = wait})
        wait = wait * 2
      until text or tries == 10
      lesson.equal("the answer", text, "at last")
      print(tries .. " tries")
    end),
    step.server "A client that says nothing holds its place. --idle takes it back." (function()
      strict = assert(serve(0, "echo", {idle = "50ms", silent = true}))
    end),
    step.client "The server ends it." (function()
      local c = assert(tcp.connect("127.0.0.1", strict.lport))
      assert(c:recv(10, {timeout = 5}))
    end) :fails "eof",
  },

  try = "serve 8080 reply hello --chance 0.3 --seed 7 --truncate 2: the same seed fails at the same clients.",
  question = {
    ask = "A message without length or end mark was cut, and the connection ended in order. Can the client tell: yes or no?",
    answer = {"no", "n"},
    why = "The end of the connection was the end of the message; only a length or a mark tells.",
  },
}
