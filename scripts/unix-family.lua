-- Title: Another address family
-- Order: 12
-- Part: 1
-- Learn: AF_UNIX: the same calls, but an address is the path of a file
-- Run: sosh run unix-family [--path FILE]
local lesson = require "lesson"
local path = lesson.options(arg, {path = ""}).path
if path == "" then
  path = os.tmpname()
  os.remove(path) -- of that file only the name is wanted
end

-- The family says what addresses look like. AF_INET has a host and a port;
-- AF_UNIX has the path of a file, and so is for programs on one machine. The
-- other calls are the same.
local server = assert(unix.listen(path, {mode = "0600"}))
print("server: listening on " .. server.laddr .. ", family " .. server.family)
local client = assert(unix.connect(path))
assert(client:send("hello"))
local accepted = assert(server:accept())
local data = assert(accepted:recv())
print("server: received " .. data .. " from " .. (accepted.peer ~= "" and accepted.peer or "somebody here"))
lesson.equal("what came", data, "hello")

-- The path is taken while somebody listens, as a port would be.
local second, why, kind = unix.listen(path)
print("a second server: " .. tostring(why))
lesson.equal("the kind", kind, "in-use")

-- The system never removes such a file by itself. A program that ends without
-- doing so leaves it behind: the raw steps show it, unix listen cleans up.
for _, handle in ipairs({client, accepted, server}) do handle:close() end
local raw = assert(socket.open("unix", "stream"))
assert(raw:bind("unix:" .. path))
raw:close()
second, why, kind = unix.connect(path)
print("the file is there, but nobody listens: " .. tostring(why))
lesson.equal("the kind", kind, "refused")
local again = assert(unix.listen(path))
print("unix listen replaces such a file, and close removes it")
again:close()
second, why, kind = unix.connect(path)
print("afterwards: " .. tostring(why))
lesson.equal("the kind", kind, "not-found")

-- Datagrams too. Here they arrive, whole and in order; but without an address of
-- its own the sender cannot be answered.
local receiver = assert(unix.listen(path, {datagram = true}))
local nameless = assert(unix.connect(path, {datagram = true}))
local named = assert(unix.connect(path, {datagram = true, laddr = path .. "2"}))
assert(nameless:send("one"))
assert(named:send("two"))
local one, nobody = receiver:recvfrom(4096)
local two, somebody = receiver:recvfrom(4096)
print("received " .. one .. " from nobody, and " .. two .. " from " .. somebody)
lesson.equal("the nameless sender", nobody, "")
assert(receiver:sendto("unix:" .. somebody, "an answer"))
local answer = named:recv()
print("answered: " .. answer)
lesson.equal("the answer", answer, "an answer")
for _, handle in ipairs({nameless, named, receiver}) do handle:close() end
