-- A TCP echo server, as a script has it: sosh run ./echo.lua HOST PORT
local server = assert(serve(arg[1], tonumber(arg[2]), function(c)
  while true do
    local data = c:recv(1024)
    if not data then break end
    c:send(data)
  end
end))
server:join()
