-- Title: The whole lecture
-- Order: 90
-- Part: 0 to 5
-- Learn: every program of the course, server and client side by side
-- Run: sosh run lecture
local lesson = require "lesson"
local options = lesson.options(arg, {host = "127.0.0.1", port = 0})

-- The lessons run here as they are. Each gets a print that marks its lines, the
-- arguments and answers that a person would type, and a free port instead of the
-- lecture's own, so that the lecture runs whatever else this machine does.

local said = {} -- every marked line, in order

local function part(title)
  print()
  print("== " .. title)
end

-- marked is the print of one side.
local function marked(side)
  return function(...)
    local words = {...}
    for i = 1, select("#", ...) do words[i] = tostring(words[i]) end
    local line = side .. " | " .. table.concat(words, " ")
    said[#said + 1] = line
    print(line)
  end
end

-- typed answers the questions of one side with what a person would type, and the
-- questions after that with their defaults.
local function typed(say, answers)
  local next_answer = 0
  return function(question, more)
    next_answer = next_answer + 1
    local answer = answers[next_answer] or more.default
    if type(answer) == "function" then answer = answer() end
    say(question .. " " .. answer)
    return answer
  end
end

-- actor is a lesson, loaded but not started, in surroundings of its own.
-- on_port is told the port when it is a server.
local function actor(name, side, args, answers, on_port)
  local say = marked(side)
  local scene = setmetatable({print = say, arg = args, ask = typed(say, answers)}, {__index = _G})
  local function load(path) return setfenv(assert(loadfile(path)), scene) end

  local library = load("lib/lesson.lua")()
  local here, finish = library.here, library.finish
  library.here = function(socket)
    here(socket)
    on_port(socket.lport)
  end
  scene.exit = function(code)
    if code ~= 130 then exit(code) end -- 130 is "stopped", which is how some end here
  end
  scene.require = function() return library end
  return load(name .. ".lua")
end

local function arguments(port)
  return {"--host", options.host, "--port", tostring(port)}
end

-- start runs a server beside us. Gives its task and its port.
local function start(name)
  local news = task.queue(1)
  local run = actor(name, "server", arguments(options.port), {}, function(port) news:put(port) end)
  return task.spawn(run), news:get()
end

-- stop ends a server that would run for ever, as Ctrl-C does.
local function stop(server)
  server:cancel()
  server:join()
end

-- play runs a lesson to its end. Those that are both sides in one program have
-- only themselves to talk to.
local function play(name, side, args, answers)
  actor(name, side, args or arguments(options.port), answers or {}, function() end)()
end

-- heard checks that one side said these things, in this order, in this part.
local function heard(side, ...)
  local at = 0
  for _, want in ipairs({...}) do
    repeat at = at + 1 until not said[at] or said[at]:find(side .. " | " .. want, 1, true) == 1
    lesson.check("the " .. side .. " says: " .. want, said[at] ~= nil)
  end
end

-- Addresses.
local function part0()
  part("Part 0. Addresses")
  play("addresses", "both", {})
end

-- What a socket is.
local function part1()
  part("Part 1. What a socket is")
  play("socket-steps", "both")
  play("unix-family", "both", {})
  play("privileged-port", "both", {})
end

-- A client that handles errors.
local function part2()
  part("Part 2. A TCP client that handles errors")
  play("tcp-client-errors", "client", {})
  heard("client", "socket created", "socket connected to ",
    "socket created", "failed to connect to www.abc.invalid on port number 80, reason: ")
end

-- A TCP server and its client.
local function part3()
  part("Part 3. A TCP server and its client")
  local server, port = start("tcp-server")
  play("tcp-client", "client", arguments(port), {"yes", "Mohan", "no"})
  server:join() -- it serves one client and ends
  heard("server", "server waiting for connection", "client connected from 127.0.0.1 ",
    "received from client hey server", "received from client Mohan")
  heard("client", "hey client", "want to send more data? yes", "enter payload Mohan", "hey client")
  play("tcp-backlog", "both")
end

-- A UDP server and its client.
local function part4()
  part("Part 4. A UDP server and its client")
  local server, port = start("udp-server")
  play("udp-client", "client", arguments(port))
  stop(server)
  heard("server", "received from 127.0.0.1 ", "exited by the user")
  heard("client", "server says hello I am UDP server")
  play("udp-truth", "both")
end

-- Two clients of the threaded server. Each speaks only when both are connected,
-- so that they are there at once, and not one after the other.
local function two_clients(port)
  local arrived, go, clients = task.queue(2), task.queue(2), {}
  for i = 1, 2 do
    local function hello()
      arrived:put(i)
      go:get()
      return "hello server"
    end
    local run = actor("threaded-client", "client " .. i, arguments(port), {hello, ""}, function() end)
    clients[i] = task.spawn(run)
    arrived:get()
  end
  for i = 1, 2 do go:put(i) end
  for i = 1, 2 do clients[i]:join() end
end

-- Many clients.
local function part5()
  part("Part 5. Whole messages, and many clients")
  play("whole-messages", "both")
  play("one-at-a-time", "both")
  play("scanner", "both")
  local server, port = start("threaded-server")
  two_clients(port)
  stop(server)
  heard("server", "waiting for connections", "connected to 127.0.0.1 ", "thread number 1",
    "connected to 127.0.0.1 ", "thread number 2")
  for i = 1, 2 do
    heard("client " .. i, "waiting for connection", "welcome to the server",
      "say something hello server", "hello I am server hello server")
  end
end

-- Whatever goes wrong, the lecture does not wait for it for ever.
local done = task.queue(1)
local watchdog = task.spawn(function()
  local _, _, kind = done:get(30)
  lesson.check("the lecture ends within 30 seconds", kind ~= "timeout")
end)

for _, run in ipairs({part0, part1, part2, part3, part4, part5}) do run() end
done:put(true)
watchdog:join()
