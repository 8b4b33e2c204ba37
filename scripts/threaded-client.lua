local lesson = require "lesson"
local step = lesson.step
local options = lesson.options(arg, {host = "127.0.0.1", port = 1233})

local client

return lesson {
  id = "threaded-client",
  title = "A client of the server for many",
  part = 5,
  order = 61,
  side = "client",
  learn = "the client is the same whether it is alone or one of a thousand",
  needs = "threaded-server, which it talks to",
  run = "sosh run threaded-server   and, in further terminals: sosh run threaded-client [--port N]",
  peers = {"threaded-server"},
  typed = {"hello server", ""},
  says = {"waiting for connection", "welcome to the server", "say something hello server", "hello I am server hello server"},

  steps = {
    step "Create and connect." (function()
      client = assert(socket.open("inet", "stream"))
      print("waiting for connection")
      local connected, why = client:connect(options.host, options.port)
      if not connected then lesson.fail(why, "start the server first: sosh run threaded-server") end
    end),
    step "The server speaks first." (function()
      print(assert(client:recv(1024)))
    end),
    step [[
      Say something, and print the answer. With nobody at the keyboard it says one thing and ends; an empty line ends too.
    ]] (function()
      local default = "hello server"
      while true do
        local text = ask("say something", {default = default})
        if text == "" then break end
        assert(client:send(text))
        print(assert(client:recv(1024)))
        default = ""
      end
    end),
    step "Close." (function()
      client:close()
    end),
  },

  finally = lesson.parting(function() return client end),

  try = "Run it in two terminals at once.",
  question = {
    ask = "Who sends first after the connection is there: the client or the server?",
    answer = {"server", "the server"},
    why = "The protocol decides that, not TCP: both may send at any time.",
  },
}
