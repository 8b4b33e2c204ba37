-- Copas over LuaSocket: a coroutine for each client.
local socket, copas = require "socket", require "copas"
local receive = copas.receivepartial or copas.receivePartial
local server = assert(socket.bind(arg[1], tonumber(arg[2]), 128))

copas.addserver(server, function(c)
  c:setoption("tcp-nodelay", true)
  while true do
    local data, _, part = receive(c, 1024)
    data = data or part
    if not data or #data == 0 then break end
    copas.send(c, data)
  end
end)
copas.loop()
