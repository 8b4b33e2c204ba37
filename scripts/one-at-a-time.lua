-- Title: One client at a time, or all at once
-- Order: 55
-- Part: 5
-- Learn: a server that serves one client lets the others wait
-- Run: sosh run one-at-a-time [--port N]
local lesson = require "lesson"
local options = lesson.options(arg, {host = "127.0.0.1", port = 0})

-- What both servers do for a client: greet it, and stay until it ends.
local function greet(client)
  client:send("welcome to the server\n")
  client:recvall()
end

-- Connects two clients and says whether the second is greeted beside the first.
local function second_is_greeted(server)
  local first = assert(tcp.connect(options.host, server.lport))
  assert(first:expect("welcome"))
  print("the first client is served")
  local second = assert(tcp.connect(options.host, server.lport))
  local _, _, kind = second:expect("welcome", {timeout = "200ms"})
  first:close()
  if kind then
    print("the second one is connected, but must wait …")
    assert(second:expect("welcome"))
    print("… until the first has gone")
  else
    print("the second one is served too, at the same time")
  end
  second:close()
  return kind == nil
end

print("-- one client at a time")
local iterative = serve(options.host, options.port, greet, {iterative = true})
lesson.equal("greeted beside the first", second_is_greeted(iterative), false)
iterative:cancel()
iterative:join()

print("-- a task for each client")
local threaded = serve(options.host, options.port, greet)
lesson.equal("greeted beside the first", second_is_greeted(threaded), true)
threaded:cancel()
threaded:join()
