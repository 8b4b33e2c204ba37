local lesson = require "lesson"
local step = lesson.step
local options = lesson.options(arg, {host = "127.0.0.1", port = 0})

return lesson {
  id = "socket-steps",
  title = "What a socket is: its life, step by step",
  part = 1,
  order = 10,
  learn = "the steps of both sides, and when the connection really begins",
  needs = "ports",
  run = "sosh run socket-steps [--port N]",

  steps = {
    step [[
      A socket is one end of a conversation between two programs, on one machine or two. Think of a telephone number
      with an extension: the address is the number, the port the extension. Whoever calls is the client.

        server: create  bind  listen            accept  receive  send     close
        client: create              connect  send                receive  close
    ]],
    step.server [[
      Two answers choose the kind of socket. The family says what addresses look like: inet (AF_INET, nine sockets out
      of ten), inet6, unix; bluetooth where the machine has it. The type says what it carries: stream is TCP, dgram is
      UDP.
    ]] (function()
      server = assert(socket.open("inet", "stream"))
      print("created " .. server.id .. ", " .. server.state)
    end),
    step.server "Bind gives it an address and a port." (function()
      assert(server:bind(options.host, options.port))
      print("bound, and has a port: " .. server.state)
    end),
    step.server "Listen lets the system take connections for it." (function()
      assert(server:listen(5))
      print(server.state)
    end),
    step.client "The client creates a socket too, and connects." (function()
      client = assert(socket.open("inet", "stream"))
      assert(client:connect(server.lhost, server.lport))
      print(client.state .. ", although the server has not accepted yet")
    end),
    step.client [[
      The drawing is a simplification: the connection begins when the two systems have shaken hands, not with accept.
      The client may even send already.
    ]] (function()
      assert(client:send("a request"))
      print("sent a request")
    end),
    step.server "Accept gives a new socket for this client." (function()
      accepted = assert(server:accept())
      print("accepted, a new socket: " .. accepted.id)
      local request = assert(accepted:recv(1024))
      print("received " .. request)
      lesson.equal("the request", request, "a request")
    end),
    step.server "The response goes back the same way." (function()
      assert(accepted:send("a response"))
    end),
    step.client "The client receives it, and closes." (function()
      local response = assert(client:recv(1024))
      print("received " .. response)
      lesson.equal("the response", response, "a response")
      client:close()
    end),
    step.server "The end of the other side is what recv tells, as kind eof. The server goes back to listening." (function()
      local data, _, kind = accepted:recv(1024)
      lesson.check("the server sees the end", data == nil and kind == "eof", kind)
      print("the client has ended; back to listening")
      accepted:close()
      server:close()
    end),
    step "What passed, drawn from what really happened; diagram does this at any time." (function()
      local drawn = diagram()
      print(drawn.text)
      lesson.check("the request is an arrow", drawn.text:find('"a request" ─', 1, true), drawn.text)
      lesson.check("accept comes behind connect", (drawn.text:find(" accept ", 1, true) or 0) > (drawn.text:find(" connect ", 1, true) or 1))
    end),
  },

  try = "Type the same in the shell: socket open inet stream, then socket bind s1 127.0.0.1 12345, and so on.",
  question = {
    ask = "Which call of the server was made last, before the client could connect?",
    answer = {"listen", "listen()"},
    hint = "It was not accept.",
    why = "From listen on, the system completes connections by itself.",
  },
}
