-- Title: A TCP server
-- Order: 30
-- Part: 3
-- Learn: create, bind, listen, accept; then receive and answer until the client ends
-- Run: sosh run tcp-server [--port N]   then, in a second terminal: sosh run tcp-client
local lesson = require "lesson"
local options = lesson.options(arg, {host = "127.0.0.1", port = 12345})

-- Create: inet is IPv4 (AF_INET), stream is TCP (SOCK_STREAM).
local server = assert(socket.open("inet", "stream"))

-- A port that was in use a moment ago can be held back for a minute. Servers
-- ask for it all the same, or they could not be restarted.
server:opt("reuseaddr", true)

-- Bind: an address finds the machine, a port the program. Ports are 1 to 65535;
-- binding port 0 is no mistake, it means "choose a free one for me".
assert(server:bind(options.host, options.port))

-- Listen: from here on the system completes connections by itself, and up to
-- about 5 of them wait to be accepted (lesson tcp-backlog counts them).
assert(server:listen(5))
lesson.here(server)

-- One client: everything it sends is answered, until it ends its side.
local function serve(client)
  while true do
    local data, why, kind = client:recv(1024) -- at most 1024 bytes; often fewer
    if kind == "eof" then break end           -- Python's recv says it with b""
    assert(data, why)
    print("received from client " .. data)    -- a Lua string holds bytes: nothing to decode
    assert(client:send("hey client"))
  end
end

local function main()
  print("server waiting for connection")
  -- Accept gives a new socket for this one client; `server` goes on listening.
  local client = assert(server:accept())
  print("client connected from " .. client.rhost .. " " .. client.rport)
  serve(client)
  client:close()
end

-- pcall is Lua's try: Ctrl-C while main waits ends here, not in the middle of it.
local ok, problem, kind = pcall(main)
server:close()
lesson.finish(ok, problem, kind)
