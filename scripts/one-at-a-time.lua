local lesson = require "lesson"
local step = lesson.step
local options = lesson.options(arg, {host = "127.0.0.1", port = 0})

local work = 0.1 -- seconds that the server works for a client

-- What both servers do for a client: greet it, and work for it.
local function greet(client)
  client:send("welcome to the server\n")
  task.sleep(work)
  client:send("done\n")
end

-- Connects three clients at once, and measures until all are done.
local function three_clients(server)
  local begun, clients = os.clock(), task.group()
  for i = 1, 3 do
    clients:spawn(function()
      local c = assert(tcp.connect(options.host, server.lport))
      assert(c:expect("welcome", {timeout = 5}))
      print(("client %d is greeted after %.2f s"):format(i, os.clock() - begun))
      assert(c:expect("done", {timeout = 5}))
      c:close()
    end)
  end
  assert(clients:wait())
  return os.clock() - begun
end

local iterative, threaded -- how long each took

return lesson {
  id = "one-at-a-time",
  title = "One client at a time, or all at once",
  part = 5,
  order = 55,
  learn = "a server that serves one client lets the others wait; measured",
  needs = "tcp-server, tcp-backlog",
  run = "sosh run one-at-a-time [--port N]",

  steps = {
    step.server [[
      The server of part 3 serves one client, then the next. Each takes a tenth of a second of work here.
    ]] (function()
      server = serve(options.host, options.port, greet, {iterative = true})
    end),
    step.client "Three clients come at once. All are connected, and the later ones wait." (function()
      iterative = three_clients(server)
      print(("all are done after %.2f s"):format(iterative))
      lesson.check("three clients take three times the work", iterative >= 3 * work, iterative)
    end),
    step.server "Now a server with a task (elsewhere: a thread) for each client." (function()
      server:cancel()
      server:join()
      server = serve(options.host, options.port, greet)
    end),
    step.client "The same three clients: none waits for another." (function()
      threaded = three_clients(server)
      print(("all are done after %.2f s"):format(threaded))
      lesson.check("that is quicker", threaded < iterative, threaded)
    end),
  },

  try = "In the shell (s): tcp connect 127.0.0.1 ${server.lport}, then recv, twice.",
  question = {
    ask = "Ten clients, a tenth of a second each, one at a time: how many seconds until the last is done?",
    answer = {"1", "one", "1 s", "1 second", "one second", "1.0"},
    why = "Waiting adds up; beside each other they would take a tenth of a second all together.",
  },
}
