-- Title: Whole messages
-- Order: 50
-- Part: 5
-- Learn: TCP carries bytes, not messages; how two programs agree where one ends
-- Run: sosh run whole-messages [--port N]
local lesson = require "lesson"
local options = lesson.options(arg, {host = "127.0.0.1", port = 0})

local listener = assert(tcp.listen(options.host, options.port))
local a = assert(tcp.connect(listener.lhost, listener.lport))
local b = assert(listener:accept())

print("-- recv gives what is there, not what you asked for")
assert(a:send("hel"))
local part = assert(b:recv(1024))
assert(a:send("lo"))
local rest = assert(b:recv(1024))
print("asked for 1024 bytes: got " .. part .. ", then " .. rest)
lesson.equal("both parts", part .. rest, "hello")

print("-- framing by length: four bytes say how many follow")
-- ">I4" is a whole number in four bytes, the most significant one first.
local message = "a message of some length"
local framed = pack.pack(">I4", #message) .. message
assert(a:send(framed:sub(1, 2))) -- it may arrive in pieces as odd as these
local half = assert(b:recv(4))
assert(a:send(framed:sub(3, 9)))
assert(a:send(framed:sub(10)))
local head = half .. assert(b:recv({exact = 4 - #half}))
local length = pack.unpack(">I4", head)
local body = assert(b:recv({exact = length}))
print("received: " .. body)
lesson.equal("the message", body, message)

print("-- framing by lines: a newline ends each message")
assert(a:send("first line\nsecond "))
assert(a:send("line\n"))
local one, two = assert(b:recvline()), assert(b:recvline())
print("received: " .. one .. "; " .. two)
lesson.equal("the first line", one, "first line")
lesson.equal("the second line", two, "second line")

print("-- send may take fewer bytes than given")
local data = ("0123456789abcdef"):rep(512 * 1024) -- 8 MiB, more than the buffers hold
local taken = assert(a:send(data, {once = true}))
local calls = 1
print("of " .. #data .. " bytes not all were taken while nobody received")
lesson.check("fewer were taken", taken < #data, taken)
local reader = task.spawn(function() return b:recvall() end)
while taken < #data do
  taken = taken + assert(a:send(data:sub(taken + 1), {once = true}))
  calls = calls + 1
end
a:shutdown("write") -- no more will come: the other side's recvall ends
print("it took more than one send; without `once`, send goes on by itself")
lesson.check("one send is not enough", calls > 1, calls)
lesson.check("everything arrived", reader:join() == data)

a:close()
b:close()
listener:close()
