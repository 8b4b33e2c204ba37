-- Title: What UDP does not promise
-- Order: 45
-- Part: 4
-- Learn: one send is one datagram; too long is cut; nothing says it arrived
-- Run: sosh run udp-truth [--port N]
local lesson = require "lesson"
local options = lesson.options(arg, {host = "127.0.0.1", port = 0})

local receiver = assert(udp.bind(options.host, options.port))
local sender = assert(socket.open("inet", "dgram"))
local host, port = receiver.lhost, receiver.lport

print("-- one send is one datagram")
assert(sender:sendto(host, port, "one"))
assert(sender:sendto(host, port, "two"))
local first, second = receiver:recvfrom(4096), receiver:recvfrom(4096)
print("received " .. first .. ", then " .. second .. "; TCP might have given onetwo")
lesson.equal("the first datagram", first, "one")
lesson.equal("the second datagram", second, "two")

print("-- a datagram larger than the buffer is cut, and the rest is gone")
assert(sender:sendto(host, port, ("x"):rep(100)))
assert(sender:sendto(host, port, "next"))
local cut, _, _, length, truncated = receiver:recvfrom(10)
local after = (receiver:recvfrom(4096))
print("of " .. length .. " bytes " .. #cut .. " came; then came " .. after)
lesson.equal("the length of what came", #cut, 10)
lesson.equal("whether it was cut", truncated, true)
lesson.equal("the next datagram", after, "next")

print("-- nothing says that it arrived")
receiver:close()
assert(sender:sendto(host, port, "hello?"))
print("the receiver is closed, and sendto finds nothing wrong")
local data, why, kind = sender:recvfrom(4096, {timeout = "100ms"})
print("waiting for an answer: " .. tostring(why))
lesson.equal("the kind", kind, "timeout")

-- The other machine does answer, with an ICMP message: port unreachable. Only a
-- connected UDP socket, which has one peer, is told. Connecting sends nothing.
print("-- a connected socket is told of a closed port")
local connected = assert(udp.connect(host, port))
assert(connected:send("hello?"))
data, why, kind = connected:recv(4096, {timeout = 2})
print("the answer: " .. tostring(why))
lesson.equal("the kind", kind, "refused")

-- The lecture says that UDP does not check for errors. It does: each datagram
-- has a checksum, and a damaged one is dropped. What UDP lacks is telling anyone:
-- no acknowledgement, no second try, no order.
connected:close()
sender:close()
