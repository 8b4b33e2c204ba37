-- Title: A TCP client
-- Order: 31
-- Part: 3
-- Learn: create, connect, then send and receive as often as you like
-- Run: sosh run tcp-server   and, in a second terminal: sosh run tcp-client [--port N]
local lesson = require "lesson"
local options = lesson.options(arg, {host = "127.0.0.1", port = 12345})

-- The one who calls is the client. It needs no bind: the system gives it an
-- address and a free port when it connects.
local client = assert(socket.open("inet", "stream"))
local connected, why = client:connect(options.host, options.port)
if not connected then lesson.fail(why, "start the server first: sosh run tcp-server") end

local function main()
  local payload = "hey server"
  while true do
    assert(client:send(payload))
    print(assert(client:recv(1024)))
    local more = ask("want to send more data?", {default = "no"}):lower()
    if more ~= "y" and more ~= "yes" then break end
    payload = ask("enter payload", {default = "Mohan"})
  end
end

local ok, problem, kind = pcall(main)
client:close() -- the server's recv now says: end
lesson.finish(ok, problem, kind)
