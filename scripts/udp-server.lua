-- Title: A UDP server
-- Order: 40
-- Part: 4
-- Learn: no listen and no accept; every datagram says who sent it
-- Run: sosh run udp-server [--port N]   then, in a second terminal: sosh run udp-client
local lesson = require "lesson"
local options = lesson.options(arg, {host = "127.0.0.1", port = 12345})

-- dgram is UDP (SOCK_DGRAM). TCP has ports of its own: a TCP server may use
-- 12345 at the same time.
local server = assert(socket.open("inet", "dgram"))
assert(server:bind(options.host, options.port))
lesson.here(server)

-- There is no connection that could end, so the loop does not either: Ctrl-C.
local function main()
  while true do
    local data, host, port = server:recvfrom(4096)
    assert(data, host) -- of a failure the second value is the reason
    print("received from " .. host .. " " .. port .. " " .. data)
    assert(server:sendto(host, port, "hello I am UDP server"))
  end
end

local ok, problem, kind = pcall(main)
server:close()
lesson.finish(ok, problem, kind)
