-- Title: How many may wait: the backlog
-- Order: 35
-- Part: 3
-- Learn: listen(5) is a queue; what happens to the client that finds it full
-- Run: sosh run tcp-backlog [--port N]
local lesson = require "lesson"
local options = lesson.options(arg, {host = "127.0.0.1", port = 0})

-- The lecture says: with a backlog of 5 a sixth client that waits is refused.
-- Systems differ. Linux completes six handshakes for a queue of 5 and leaves the
-- seventh client waiting until its patience ends; others refuse it.
local server = assert(tcp.listen(options.host, options.port, {backlog = 5}))
lesson.here(server)

-- Nothing is accepted here, and clients connect all the same: the system does
-- the handshake, and accept only fetches what is ready.
local clients, why, kind = {}
for i = 1, 30 do
  local client
  client, why, kind = tcp.connect(server.lhost, server.lport, {timeout = "300ms"})
  if not client then
    print("client " .. i .. " is not connected: " .. why)
    break
  end
  print("client " .. i .. " is connected, and waits to be accepted")
  clients[i] = client
end
lesson.check("some client finds the queue full", kind == "timeout" or kind == "refused", kind)
lesson.check("at least five are connected", #clients >= 5, #clients)

-- A connected client may send before anyone has accepted it.
assert(clients[1]:send("are you there?"))
local first = assert(server:accept())
local early = assert(first:recv(1024))
print("the first one accepted had already sent: " .. early)
lesson.equal("what was sent before accept", early, "are you there?")

-- Accepting one made room for one.
local late = assert(tcp.connect(server.lhost, server.lport, {timeout = 5}))
print("and now there is room for one more")

for _, client in ipairs(clients) do client:close() end
first:close()
late:close()
server:close()
