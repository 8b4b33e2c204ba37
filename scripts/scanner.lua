local lesson = require "lesson"
local step = lesson.step
local options = lesson.options(arg, {host = "127.0.0.1", port = 0})

-- The whole scanner: workers take ports from a queue, and connect to them. What
-- connect says is what is to be known about the port.
local function scanner(host, ports, workers)
  local queue, open, crew = task.queue(#ports), {}, task.group()
  for _, port in ipairs(ports) do queue:put(port) end
  queue:close()
  for i = 1, workers do
    crew:spawn(function()
      for port in function() return (queue:get()) end do
        local c = tcp.connect(host, port, {timeout = 1})
        if c then open[port] = true c:close() end
      end
    end)
  end
  assert(crew:wait())
  return open
end

local ports, closed, found = {}, {}, nil

return lesson {
  id = "scanner",
  title = "A port scanner of one's own",
  part = 5,
  order = 67,
  learn = "an open port takes the connection, a closed one refuses it; many at once",
  needs = "tasks",
  run = "sosh run scanner [--port N]",

  steps = {
    step.server [[
      Only ports of our own are asked here: three that listen, and as many where nobody does any more.
    ]] (function()
      listeners = {}
      for i = 1, 3 do
        listeners[i] = assert(listen(options.host, i == 1 and options.port or 0))
        closed[i] = assert(listen(options.host, 0))
        ports[#ports + 1] = listeners[i].lport
        ports[#ports + 1] = closed[i].lport
      end
      for i = 1, 3 do closed[i]:close() end
    end),
    step.client "Our own scanner: four tasks connect, each to the next port of the queue." (function()
      found = scanner(options.host, ports, 4)
      for _, port in ipairs(ports) do print(port, found[port] and "open" or "not open") end
      for i = 1, 3 do
        lesson.check("port " .. listeners[i].lport .. " is open", found[listeners[i].lport])
        lesson.check("port " .. closed[i].lport .. " is not", not found[closed[i].lport])
      end
    end),
    step.client [[
      What ours leaves out: why a port is not open (refused at once, or no answer in time: a filter), a second try, a
      rate, hosts that are not there, and a socket that connects to itself because the system gave it the very port it
      asks for. The scan that is built in knows all that. As a loop it gives what it finds as it comes.
    ]] (function()
      local open = 0
      for r in scan(options.host, ports, {all = true}) do
        print(r.port, r.state, r.reason)
        if r.state == "open" then open = open + 1 end
        lesson.check("both scanners agree about " .. r.port, (r.state == "open") == (found[r.port] or false), r.state)
      end
      lesson.equal("the number of open ports", open, 3)
    end),
    step.client "It stops when the loop does: one that is open is enough here." (function()
      local first
      for r in scan(options.host, ports) do
        if r.state == "open" then first = r.port break end
      end
      print("open: " .. first)
      lesson.check("it is one of ours", found[first], first)
    end),
    step.client "One port alone: is it open?" "tcp check 127.0.0.1 ${listeners[1].lport}",
    step "Closed is an answer, too: in Lua the result comes whatever the state is." (function()
      listeners[1]:close()
      local r = tcp.check(options.host, listeners[1].lport)
      print(r.state, r.reason)
      lesson.equal("a check when it is closed", r.state, "closed")
    end),
  },

  try = "In the shell (s): scan 127.0.0.1 1-1024 shows what is open on your own machine.",
  question = {
    ask = "A port answers nothing at all, neither yes nor no. Who is silent: the program that listens, or a filter before it?",
    answer = {"a filter", "filter", "the filter", "a firewall", "the firewall"},
    hint = "Where nobody listens, the system itself refuses at once.",
    why = "The system answers for a port with a listener and for one without; only a filter takes the packets and says nothing.",
  },
}
