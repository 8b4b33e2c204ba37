-- LuaSocket's select over all clients: one thread, at most about 1,020 of them.
local socket = require "socket"
local server = assert(socket.tcp4())
server:setoption("reuseaddr", true)
assert(server:bind(arg[1], tonumber(arg[2])))
assert(server:listen(128))
local sockets = {server}

local function remove(c)
  for i, s in ipairs(sockets) do
    if s == c then table.remove(sockets, i) break end
  end
  c:close()
end

local function serve(c)
  local data, why, part = c:receive(1024)
  data = data or part
  if #data > 0 then c:send(data) end
  if why == "closed" then remove(c) end
end

while true do
  for _, s in ipairs(socket.select(sockets, nil)) do
    if s == server then
      local c = assert(server:accept())
      c:settimeout(0)
      c:setoption("tcp-nodelay", true)
      table.insert(sockets, c)
    else
      serve(s)
    end
  end
end
