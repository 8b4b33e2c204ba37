-- Title: A client of the server for many
-- Order: 61
-- Part: 5
-- Learn: the client is the same whether it is alone or one of a thousand
-- Run: sosh run threaded-server   and, in further terminals: sosh run threaded-client [--port N]
local lesson = require "lesson"
local options = lesson.options(arg, {host = "127.0.0.1", port = 1233})

local client = assert(socket.open("inet", "stream"))
print("waiting for connection")
local connected, why = client:connect(options.host, options.port)
if not connected then lesson.fail(why, "start the server first: sosh run threaded-server") end

local function main()
  print(assert(client:recv(1024))) -- the server speaks first
  -- With nobody at the keyboard it says one thing and ends; an empty line ends too.
  local default = "hello server"
  while true do
    local text = ask("say something", {default = default})
    if text == "" then break end
    assert(client:send(text))
    print(assert(client:recv(1024)))
    default = ""
  end
end

local ok, problem, kind = pcall(main)
client:close()
lesson.finish(ok, problem, kind)
