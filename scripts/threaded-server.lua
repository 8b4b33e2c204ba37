local lesson = require "lesson"
local step, point = lesson.step, lesson.point
local options = lesson.options(arg, {host = "127.0.0.1", port = 1233})

local server

-- What runs for each client, beside the others.
local function client_thread(connection)
  connection:send("welcome to the server")
  while true do
    local data = connection:recv(2048)
    if not data then break end -- the client ended, or the connection broke
    -- One send of the system may take only a part; this one goes on until all is
    -- taken, as sendall does in Python.
    connection:send("hello I am server " .. data)
  end
  connection:close()
end

local function accept_for_ever()
  local threads = 0 -- threads started, not threads alive
  print("waiting for connections")
  while true do
    local connection = assert(server:accept())
    print("connected to " .. connection.rhost .. " " .. connection.rport)
    threads = threads + 1
    print("thread number " .. threads)
    task.spawn(client_thread, connection) -- and back to accept at once
  end
end

-- For students.
local port, first
local function greeted(c)
  lesson.check("the first thing it sends is welcome to the server", c:expect("welcome to the server", {timeout = 3}))
end
local function answered(c, text)
  assert(c:send(text))
  lesson.check("the answer is hello I am server and the text", c:expect("hello I am server " .. text, {timeout = 3}))
end

return lesson {
  id = "threaded-server",
  title = "A server for many clients at once",
  part = 5,
  order = 60,
  side = "server",
  learn = "a thread (here: a task) for each client, so that none waits for another",
  needs = "one-at-a-time",
  run = "sosh run threaded-server [--port N]   then, in two terminals: sosh run threaded-client",
  peers = {"threaded-client", "threaded-client"},
  says = {"waiting for connections", "connected to 127.0.0.1 ", "thread number 1", "connected to 127.0.0.1 ", "thread number 2"},

  steps = {
    step "Create, as before." (function()
      server = assert(socket.open("inet", "stream"))
      server:opt("reuseaddr", true)
    end),
    step "Bind; if somebody else has the port, say so." (function()
      local bound, why = server:bind(options.host, options.port)
      if not bound then lesson.fail(why) end
    end),
    step "Listen." (function()
      assert(server:listen(5))
      lesson.here(server)
    end),
    step [[
      Accept for ever, and start a thread for each client. Threads are the classic way. The modern one is asynchronous
      I/O: one thread that watches many sockets. Tasks are both: they read like threads, and the system underneath
      watches all their sockets together, thousands of them.
    ]] (function()
      accept_for_ever()
    end),
  },

  finally = lesson.parting(function() return server end),

  try = "Start it, connect from three terminals with sosh tcp connect 127.0.0.1 1233, and type in all of them.",
  question = {
    ask = "Two clients connect and one of them leaves. What is the number of the next thread?",
    answer = {"3", "three"},
    hint = "It counts threads started, not threads alive.",
    why = "The count only grows.",
  },

  grade = {
    point "listens on 127.0.0.1 at the port it is told" (function(student)
      port = student.port or lesson.free_port()
      assert(student.start(port))
      first = lesson.knock(student, port)
    end) :must(),
    point "greets: welcome to the server" (function() greeted(first) end),
    point "answers hello I am server and the text" (function() answered(first, "hello server") end),
    point "serves a second client while the first is there" (function()
      local second = assert(tcp.connect("127.0.0.1", port, {timeout = 3}))
      greeted(second)
      answered(second, "and me")
      answered(first, "still me")
    end),
    point "survives a client that tears the connection down" (function()
      local rude = assert(tcp.connect("127.0.0.1", port, {timeout = 3}))
      greeted(rude)
      rude:opt("linger", 0) -- close sends a reset
      rude:send("half a ")
      rude:close()
      local next_one = assert(tcp.connect("127.0.0.1", port, {timeout = 3}))
      greeted(next_one)
      answered(next_one, "hello")
    end),
    point "survives bytes that are no text" (function()
      local c = assert(tcp.connect("127.0.0.1", port, {timeout = 3}))
      greeted(c)
      c:send("\255\0\254")
      c:recv(1024, {timeout = "300ms"}) -- whatever it makes of them
      c:close()
      local next_one = assert(tcp.connect("127.0.0.1", port, {timeout = 3}))
      greeted(next_one)
    end),
    point "closes its side when the client has ended" (function()
      local c = assert(tcp.connect("127.0.0.1", port, {timeout = 3}))
      greeted(c)
      c:shutdown("write")
      local data, why, kind = c:recvall({timeout = 3})
      lesson.check("the end comes", data ~= nil or kind == "eof", why)
    end),
  },
}
