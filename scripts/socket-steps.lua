-- Title: What a socket is, step by step
-- Order: 10
-- Part: 1
-- Learn: the steps of both sides, and when the connection really begins
-- Run: sosh run socket-steps [--port N]
local lesson = require "lesson"
local options = lesson.options(arg, {host = "127.0.0.1", port = 0})

-- A socket is one end of a conversation between two programs, on one machine or
-- two. Think of a telephone number with an extension: the address is the number,
-- the port the extension. Whoever calls is the client.
--
--   server: create  bind  listen            accept  receive  send     close
--   client: create              connect  send                receive  close

-- Two answers choose the kind of socket. The family says what addresses look
-- like: inet (AF_INET, nine sockets out of ten), inet6, unix; bluetooth where the
-- machine has it. The type says what it carries: stream is TCP, dgram is UDP.
local server = assert(socket.open("inet", "stream"))
print("server: created " .. server.id .. ", " .. server.state)
assert(server:bind(options.host, options.port))
print("server: bound, and has a port: " .. server.state)
assert(server:listen(5))
print("server: " .. server.state)

local client = assert(socket.open("inet", "stream"))
print("client: created " .. client.id .. ", " .. client.state)
assert(client:connect(server.lhost, server.lport))
print("client: " .. client.state .. ", although the server has not accepted yet")

-- The drawing is a simplification: the connection begins when the two systems
-- have shaken hands, not with accept. The client may even send already.
assert(client:send("a request"))
print("client: sent a request")

local accepted = assert(server:accept())
print("server: accepted, a new socket: " .. accepted.id)
local request = assert(accepted:recv(1024))
print("server: received " .. request)
lesson.equal("the request", request, "a request")
assert(accepted:send("a response"))

local response = assert(client:recv(1024))
print("client: received " .. response)
lesson.equal("the response", response, "a response")

client:close()
local data, _, kind = accepted:recv(1024)
lesson.check("the server sees the end", data == nil and kind == "eof", kind)
print("server: the client has ended; back to listening")
accepted:close()
server:close()
