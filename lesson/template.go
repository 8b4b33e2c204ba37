package lesson

import "strings"

// Template is a lesson that runs as it stands, to begin with.
func Template(id string) string { return strings.ReplaceAll(template, "ID", id) }

const template = `-- A lesson: sosh lesson run ./ID.lua. How lessons are written: docs/lessons.md.
local lesson = require "lesson"
local step = lesson.step

return lesson {
  id = "ID",
  title = "A title of a few words",
  part = 5,
  order = 100,
  learn = "what one knows afterwards, in a line",
  needs = "what to know before",

  steps = {
    -- Lines of the shell, as one would type them. The side is only a label.
    step.server [[
      Why this is done: a server listens. Port 0 lets the system choose one.
    ]] "listener = listen 0",

    step.client "A client connects. ${…} is a value of Lua in a line of the shell."
      "client = tcp connect 127.0.0.1 ${listener.lport}",

    -- Or Lua: what is assigned here is seen by the steps below, and in the shell.
    step.server "The server accepts, and greets." (function()
      accepted = assert(listener:accept())
      accepted:send("welcome\n")
    end),

    step.client "The client reads the greeting. What is expected is checked." (function()
      local line = assert(client:recvline({timeout = 2}))
      print("received: " .. line)
      lesson.equal("the greeting", line, "welcome")
    end),

    -- A failure on purpose.
    step.client "Nobody listens on a port that is bound only." (function()
      silent = assert(socket.open("inet", "stream"))
      assert(silent:bind("127.0.0.1", 0))
      assert(tcp.connect("127.0.0.1", silent.lport))
    end) :fails "refused",
  },

  try = "In the shell (s): send another line from the server with: send accepted hello",
  question = {
    ask = "Which call gives the server a socket for one client?",
    answer = {"accept", "accept()"},
    hint = "It is the third step.",
    why = "The listening socket stays what it is; each accept gives a new one.",
  },
}
`
