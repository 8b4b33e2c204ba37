-- luv: libuv's loop, a callback for each arrival.
local uv = require "luv"
local server = uv.new_tcp()
assert(server:bind(arg[1], tonumber(arg[2])))
server:listen(128, function()
  local c = uv.new_tcp()
  server:accept(c)
  c:nodelay(true)
  c:read_start(function(_, data)
    if data then c:write(data) else c:close() end
  end)
end)
uv.run()
