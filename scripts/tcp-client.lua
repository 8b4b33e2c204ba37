local lesson = require "lesson"
local step, point = lesson.step, lesson.point
local options = lesson.options(arg, {host = "127.0.0.1", port = 12345})

local client

-- For students: what a program that plays the client is to do.
local listener, peer
local function begin(student)
  listener = assert(tcp.listen("127.0.0.1", student.port or 0, {backlog = 5}))
  assert(student.start(listener.lport))
  local why
  peer, why = listener:accept({timeout = 8})
  lesson.check("it connects to 127.0.0.1, the port it is told", peer, why)
end

return lesson {
  id = "tcp-client",
  title = "A TCP client",
  part = 3,
  order = 31,
  side = "client",
  learn = "create, connect, then send and receive as often as you like",
  needs = "tcp-server, which it talks to",
  run = "sosh run tcp-server   and, in a second terminal: sosh run tcp-client [--port N]",
  peers = {"tcp-server"},
  typed = {"yes", "Mohan", "no"},
  says = {"hey client", "want to send more data? yes", "enter payload Mohan", "hey client"},

  steps = {
    step [[
      The one who calls is the client. It needs no bind: the system gives it an address and a free port when it connects.
    ]] (function()
      client = assert(socket.open("inet", "stream"))
    end),
    step "Connect to the server. If nobody listens there, the reason says so." (function()
      local connected, why = client:connect(options.host, options.port)
      if not connected then lesson.fail(why, "start the server first: sosh run tcp-server") end
    end),
    step "Send, receive, print; and again, as long as the person wants." (function()
      local payload = "hey server"
      while true do
        assert(client:send(payload))
        print(assert(client:recv(1024)))
        local more = ask("want to send more data?", {default = "no"}):lower()
        if more ~= "y" and more ~= "yes" then break end
        payload = ask("enter payload", {default = "Mohan"})
      end
    end),
    step "Close. The server's recv now says: end." (function()
      client:close()
    end),
  },

  finally = lesson.parting(function() return client end),

  try = "Answer yes a few times, and watch the server's terminal.",
  question = {
    ask = "Which call gave the client its own port?",
    answer = {"connect", "connect()"},
    hint = "There was no bind.",
    why = "Without bind, connect chooses a free port of this machine.",
  },

  grade = {
    point "connects to the port it is told" (function(student)
      begin(student)
    end) :must(),
    point "sends hey server" (function()
      assert(peer:expect("hey server", {timeout = 3}))
    end),
    point "prints the answer" (function(student)
      assert(peer:send("hey client"))
      lesson.printed(student, "hey client")
    end),
    point "sends another message when it is told to (yes, then the payload)" (function(student)
      assert(student.type("yes\nMohan\n"))
      assert(peer:expect("Mohan", {timeout = 3}))
    end),
    point "closes when it is told no, and ends with exit code 0" (function(student)
      assert(peer:send("hey client"))
      assert(student.type("no\n"))
      local data, why, kind = peer:recvall({timeout = 3})
      lesson.check("it closes its socket", data or kind == "eof", why)
      lesson.equal("its exit code", student.ended(8), 0)
    end),
    point "survives a server that ends at once" (function(student)
      peer:close()
      listener:close()
      begin(student)
      assert(peer:expect("hey server", {timeout = 3}))
      peer:close()
      student.type("no\n")
      local code = student.ended(8)
      lesson.check("it ends, and does not wait for ever", code)
    end),
    point "says why when nobody listens, and ends" (function(student)
      local port = lesson.free_port()
      assert(student.start(student.port or port))
      listener:close()
      local code = student.ended(8)
      lesson.check("it ends", code)
      lesson.check("it prints something about it", #student.output() > 0)
    end),
  },
}
