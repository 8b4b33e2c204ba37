-- LuaSocket: one loop, one socket.
local u = require("socket").udp4()
assert(u:setsockname(arg[1], tonumber(arg[2])))
while true do
  local data, host, port = u:receivefrom(2048)
  if data then u:sendto(data, host, port) end
end
