-- Title: A UDP client
-- Order: 41
-- Part: 4
-- Learn: send without connecting; the socket gets its port with the first datagram
-- Run: sosh run udp-server   and, in a second terminal: sosh run udp-client [--port N]
local lesson = require "lesson"
local options = lesson.options(arg, {host = "127.0.0.1", port = 12345})

local client = assert(socket.open("inet", "dgram"))

local function main()
  -- sendto names the receiver each time. Now the system also gives the socket a
  -- port, which is where the answer goes.
  assert(client:sendto(options.host, options.port, "hello UDP server"))
  -- Nobody promises an answer, nor that ours arrived: wait for a while only.
  local data, why, kind = client:recvfrom(4096, {timeout = 5})
  if kind == "timeout" then lesson.fail(why, "start the server first: sosh run udp-server") end
  print("server says " .. assert(data, why))
end

local ok, problem, kind = pcall(main)
client:close()
lesson.finish(ok, problem, kind)
