-- Title: A port scanner of one's own
-- Order: 70
-- Part: 5
-- Learn: an open port takes the connection, a closed one refuses it; many at once
-- Run: sosh run scanner [--port N]
local lesson = require "lesson"
local options = lesson.options(arg, {host = "127.0.0.1", port = 0})

-- The whole scanner: workers take ports from a queue, and connect to them. What
-- connect says is what is to be known about the port.
local function scanner(host, ports, workers)
  local queue, open, crew = task.queue(#ports), {}, {}
  for _, port in ipairs(ports) do queue:put(port) end
  queue:close()
  for i = 1, workers do
    crew[i] = task.spawn(function()
      for port in function() return (queue:get()) end do
        local c = tcp.connect(host, port, {timeout = 1})
        if c then open[port] = true c:close() end
      end
    end)
  end
  for _, worker in ipairs(crew) do worker:join() end
  return open
end

-- Only ports of our own are asked here: three that listen, and as many where
-- nobody does any more.
local ports, listeners, closed = {}, {}, {}
for i = 1, 3 do
  listeners[i] = assert(listen(options.host .. ":" .. (i == 1 and options.port or 0)))
  closed[i] = assert(listen(options.host .. ":0"))
  ports[#ports + 1] = listeners[i].lport
  ports[#ports + 1] = closed[i].lport
end
for i = 1, 3 do closed[i]:close() end

print("-- our own scanner")
local open = scanner(options.host, ports, 4)
for _, port in ipairs(ports) do print(port, open[port] and "open" or "not open") end
for i = 1, 3 do
  lesson.check("port " .. listeners[i].lport .. " is open", open[listeners[i].lport])
  lesson.check("port " .. closed[i].lport .. " is not", not open[closed[i].lport])
end

-- What we leave out: why a port is not open (refused at once, or no answer in
-- time: a filter), a second try, a rate, hosts that are not there, and a socket
-- that connects to itself because the system gave it the very port it asks for.
-- The scan that is built in knows all that. As a loop it gives what it finds as
-- it comes, and stops when the loop does.
print("-- the one built in")
local found = 0
for r in scan(options.host, ports, {all = true}) do
  print(r.port, r.state, r.reason)
  if r.state == "open" then found = found + 1 end
  lesson.check("both scanners agree about " .. r.port, (r.state == "open") == (open[r.port] or false), r.state)
end
lesson.equal("the number of open ports", found, 3)

-- One port alone: is it open?
lesson.equal("a check", tcp.check(options.host, listeners[1].lport).state, "open")
for i = 1, 3 do listeners[i]:close() end
lesson.equal("a check when it is closed", tcp.check(options.host, listeners[1].lport).state, "closed")
