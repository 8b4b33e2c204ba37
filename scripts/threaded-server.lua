-- Title: A server for many clients at once
-- Order: 60
-- Part: 5
-- Learn: a thread (here: a task) for each client, so that none waits for another
-- Run: sosh run threaded-server [--port N]   then, in two terminals: sosh run threaded-client
local lesson = require "lesson"
local options = lesson.options(arg, {host = "127.0.0.1", port = 1233})

local server = assert(socket.open("inet", "stream"))
server:opt("reuseaddr", true)
local bound, why = server:bind(options.host, options.port)
if not bound then lesson.fail(why) end -- somebody else has the port
assert(server:listen(5))
lesson.here(server)

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

local function main()
  local threads = 0 -- threads started, not threads alive
  print("waiting for connections")
  while true do
    local connection = assert(server:accept())
    print("connected to " .. connection.rhost .. " " .. connection.rport)
    task.spawn(client_thread, connection) -- and back to accept at once
    threads = threads + 1
    print("thread number " .. threads)
  end
end

-- Threads are the classic way. The modern one is asynchronous I/O: one thread
-- that watches many sockets. Tasks are both: they read like threads, and the
-- system underneath watches all their sockets together, thousands of them.
local ok, problem, kind = pcall(main)
server:close()
lesson.finish(ok, problem, kind)
