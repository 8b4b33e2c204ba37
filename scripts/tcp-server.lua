local lesson = require "lesson"
local step, point = lesson.step, lesson.point
local options = lesson.options(arg, {host = "127.0.0.1", port = 12345})

local server, client

-- Everything the client sends is answered, until it ends its side.
local function serve_client()
  while true do
    local data, why, kind = client:recv(1024) -- at most 1024 bytes; often fewer
    if kind == "eof" then break end           -- Python's recv says it with b""
    assert(data, why)
    print("received from client " .. data)    -- a Lua string holds bytes: nothing to decode
    assert(client:send("hey client"))
  end
end

-- For students: what a program that plays the server is to do.
local port, peer
local function begin(student)
  port = student.port or lesson.free_port()
  assert(student.start(port))
  peer = lesson.knock(student, port)
end

return lesson {
  id = "tcp-server",
  title = "A TCP server",
  part = 3,
  order = 30,
  side = "server",
  learn = "create, bind, listen, accept; then receive and answer until the client ends",
  needs = "socket-steps",
  run = "sosh run tcp-server [--port N]   then, in a second terminal: sosh run tcp-client",
  peers = {"tcp-client"},
  ends = true,
  says = {"server waiting for connection", "client connected from 127.0.0.1 ",
    "received from client hey server", "received from client Mohan"},

  steps = {
    step "Create a socket: inet is IPv4 (AF_INET), stream is TCP (SOCK_STREAM)." (function()
      server = assert(socket.open("inet", "stream"))
    end),
    step [[
      A port that was in use a moment ago can be held back for a minute. Servers ask for it all the same, or they
      could not be restarted.
    ]] (function()
      server:opt("reuseaddr", true)
    end),
    step [[
      Bind: an address finds the machine, a port the program. Ports are 1 to 65535; binding port 0 is no mistake, it
      means "choose a free one for me".
    ]] (function()
      assert(server:bind(options.host, options.port))
    end),
    step [[
      Listen: from here on the system completes connections by itself, and up to about 5 of them wait to be accepted
      (lesson tcp-backlog counts them).
    ]] (function()
      assert(server:listen(5))
      lesson.here(server)
    end),
    step "Accept waits for a client, and gives a new socket for this one; the first socket goes on listening." (function()
      print("server waiting for connection")
      client = assert(server:accept())
      print("client connected from " .. client.rhost .. " " .. client.rport)
    end),
    step "Receive and answer, in a loop, until the client ends its side." (function()
      serve_client()
    end),
    step "Close the client's socket, then the server's own." (function()
      client:close()
      server:close()
    end),
  },

  -- Ctrl-C makes the call that is waiting raise an error of kind "canceled", as
  -- it raises KeyboardInterrupt in Python.
  finally = lesson.parting(function() return server end),

  try = "Start it with sosh run tcp-server, and talk to it from a second terminal with: sosh tcp connect 127.0.0.1 12345",
  question = {
    ask = "Which of the server's two sockets is closed first here: the client's, or the listening one?",
    answer = {"the client's", "client's", "client", "the client"},
    hint = "Look at the last step.",
    why = "They are two sockets: the listening one could go on with accept.",
  },

  grade = {
    point "listens on 127.0.0.1 at the port it is told" (function(student)
      begin(student)
    end) :must(),
    point "answers hey server with hey client" (function()
      assert(peer:send("hey server"))
      assert(peer:expect("hey client", {timeout = 3}))
    end),
    point "answers the next message too" (function()
      assert(peer:send("Mohan"))
      assert(peer:expect("hey client", {timeout = 3}))
    end),
    point "prints what it received" (function(student)
      lesson.printed(student, "hey server")
      lesson.printed(student, "Mohan")
    end),
    point "ends well, or waits for the next client, when the client has ended" (function(student)
      peer:close()
      local code = student.ended(2)
      lesson.check("the exit code is 0", code == nil or code == 0, code)
    end),
    point "survives a client that says nothing and ends" (function(student)
      begin(student)
      peer:close()
      local code = student.ended(2)
      lesson.check("the exit code is 0", code == nil or code == 0, code)
    end),
    point "can be started again at once on the same port" (function(student)
      begin(student)
      assert(peer:send("hey server"))
      assert(peer:expect("hey client", {timeout = 3}))
      student.stop() -- its side ends first, so its port is held back for a minute
      assert(student.start(port))
      peer = lesson.knock(student, port)
      assert(peer:send("hey server"))
      assert(peer:expect("hey client", {timeout = 3}))
    end),
  },
}
