local lesson = require "lesson"
local step = lesson.step

return lesson {
  id = "handles",
  title = "What is open: handles, and a look inside",
  part = 1,
  order = 11,
  learn = "what you open has a name; how to see what is open, what came, and what runs beside you",
  needs = "socket-steps",

  steps = {
    step.server "What a command opens is a handle. It gets a short name, l1, c1, u1, s1 or t1, and one of yours if you assign it."
      "listener = listen 0",
    step.client "Two connections to look at." [[
      client = tcp connect 127.0.0.1 ${listener.lport}
      other = tcp connect 127.0.0.1 ${listener.lport}
    ]],
    step.server "The server's end of the first one." "accepted = accept listener",
    step "This is open now." "handles",
    step.client "All about one of them." "info client",
    step.client "Where a command names no handle, the current one is meant: what was used last, or what you say." [[
      use client
      send hello
    ]],
    step.server "peek shows what has come, and leaves it there." (function()
      local first = assert(accepted:peek(5))
      local again = assert(accepted:recv(1024))
      print("peeked at " .. first .. ", received " .. again)
      lesson.equal("what was peeked at", first, "hello")
      lesson.equal("what was received", again, "hello")
    end),
    step "Bytes that are no text are best seen in hexadecimal, 16 in a line." [[hexdump "h\xc3\xa9llo\r\n\0"]],
    step.server "A server runs beside you as a task." "server = serve 0 echo &",
    step "The tasks that run, and those that have ended lately." "tasks",
    step "kill ends one, and waits until it has." "kill server",
    step "Its state says so." (function()
      print(server.state)
      lesson.equal("the state", server.state, "canceled")
    end),
    step.client "What is closed is gone, and its name is not used again." "close client",
    step "So this one is still open, and that one is not." (function()
      lesson.equal("the other one's state", other.state, "connected")
      lesson.equal("the client's state", client.state, "closed")
    end),
  },

  try = "In the shell (s): handles, and then info followed by each of the names.",
  question = {
    ask = "Which letter begins the name of a listener?",
    answer = {"l"},
    why = "c is a stream, l a listener, u a datagram socket, s one made by raw steps, t a task.",
  },
}
