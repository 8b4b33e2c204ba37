local lesson = require "lesson"
local step = lesson.step

local function enter(name)
  local c = assert(tcp.connect("127.0.0.1", room.lport))
  assert(c:expect("you are", {timeout = 2}))
  assert(c:send("/name " .. name .. "\n"))
  assert(c:expect("you are " .. name, {timeout = 2}))
  return c
end

return lesson {
  id = "chat-room",
  title = "A room: what one says, all hear",
  part = 5,
  order = 57,
  learn = "a server whose clients meet: shared state, a queue for each reader, and what to do about slow ones",
  needs = "threaded-server",

  steps = {
    step.server "Until now each client was alone with its server. Here they meet. The queue of each holds four lines." (function()
      room = assert(serve(0, "chat", {queue = 4, patience = "1s", silent = true}))
    end),
    step.client "Two come in." (function()
      anna, ben = enter("anna"), enter("ben")
      assert(anna:expect("is now ben", {timeout = 2}))
      print("anna was told of ben")
    end),
    step.client "What anna says goes to all others, not back to her." (function()
      assert(anna:send("hello all\n"))
      local line = assert(ben:expect("anna: hello all", {timeout = 2}))
      print("ben: " .. line)
    end),
    step.client "Nobody writes on another's terminal: what would not print arrives as text." (function()
      assert(ben:send("\27[2Jboo\n"))
      lesson.check("it is escaped", assert(anna:expect("ben: \\x1b[2Jboo", {timeout = 2})))
    end),
    step.client [[
      A third comes in and never reads. Its kernel's buffers fill, then its queue in the server; a server that now waited
      for it would stop for everybody. This one lets it go, and says so.
    ]] (function()
      carl = enter("carl")
      carl:opt("rcvbuf", 4096) -- small, so that this does not take long
      local line, round, heard = ("x"):rep(4000) .. "\n", 0, nil
      repeat -- ben says more only when anna has heard the last of it
        round = round + 1
        assert(ben:send(line:rep(20) .. "round " .. round .. "\n"))
        heard = assert(anna:expect("ben: round " .. round, {timeout = 20}))
      until heard:find("carl left: too slow") or round == 1000
      lesson.check("carl was put out", round < 1000, round)
      print("carl was put out; anna has heard everything")
    end),
    step.client "Who leaves is announced." (function()
      ben:close()
      assert(anna:expect("ben left", {timeout = 5}))
      lesson.equal("who is left", tostring(room.state), "running")
    end),
  },

  try = "In the shell (s): tcp connect 127.0.0.1 ${room.lport}, attach, and talk; Ctrl-] leaves.",
  question = {
    ask = "One reader is slow. A server without queues writes to all in turn. Who has to wait: that reader or everybody?",
    answer = {"everybody", "all"},
    why = "The write to the slow one blocks, and nobody behind it gets anything.",
  },
}
