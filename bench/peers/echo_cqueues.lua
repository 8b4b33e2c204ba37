-- cqueues: a coroutine for each client.
local cqueues, socket = require "cqueues", require "cqueues.socket"
local loop = cqueues.new()
local server = socket.listen {host = arg[1], port = tonumber(arg[2]), nodelay = true, reuseaddr = true}

local function serve(c)
  c:setmode("bn", "bn")
  for data in function() return c:read(-1024) end do
    c:write(data)
  end
  c:close()
end

loop:wrap(function()
  for c in server:clients() do
    loop:wrap(serve, c)
  end
end)
assert(loop:loop())
