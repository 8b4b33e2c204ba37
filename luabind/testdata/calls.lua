-- Calling rows: functions, methods, fields, results, failures.

-- raises gives the message of a call that must raise at this file's line.
local function raises(want, fn, ...)
  local ok, message = pcall(fn, ...)
  assert(not ok, "did not raise: " .. want)
  assert(message:find(want, 1, true), message .. "\nhas no: " .. want)
  return message
end

local c = assert(line.open("127.0.0.1", 7))
assert(line.open("127.0.0.1:7", {timeout = 2}))
assert(line.open("127.0.0.1", 7, {timeout = "500ms"}))
assert(line.open("127.0.0.1", 7, {}))

-- a handle
assert(type(c) == "userdata" and c.id == "c1", c.id)
assert(tostring(c) == "line c1 127.0.0.1:1000 -> 127.0.0.1:7", tostring(c))
assert(string.format("%s", c) == tostring(c))
assert(c.laddr == "127.0.0.1:1000" and c.closed == false)
assert(getmetatable(c) == false)
local by_handle = {[c] = "mine"}
assert(callback(function(other) by_handle[other] = true return "" end) == "")
assert(by_handle[c] == "mine")
raises("no method or field \"sned\" (hint: did you mean send?)", function() return c.sned end)
raises("cannot be set", function() c.id = "c9" end)

-- functions and methods are the same
assert(send(c, "hello") == 5)
assert(c:recv() == "hello")
assert(c:send("shout") == 5)
assert(c:recvupper() == "SHOUT")
assert(c:send("a\0\255b") == 4)
assert(recv(c, 10, {upper = false}) == "a\0\255b")
c:send(12) assert(c:recv(nil, {upper = true}) == "12")
c:send("x") assert(recv(c, nil) == "x")

-- mistakes of the caller
local m = raises("line open: no option \"tiemout\" (hint: did you mean timeout?)", function()
  line.open("127.0.0.1", 7, {tiemout = 1})
end)
assert(m:find("^testdata/calls.lua:%d+: "), m)
raises("options have names", function() send(c, "x", {n = 3, [0.5] = 1}) end)
raises("items and names", function() send(c, "x", {1, 2, n = 3}) end)
raises("out of range", line.open, "127.0.0.1", 99999)
raises("too many arguments", function() whereis({"a"}, 1) end)
raises("(hint: use a colon: c:send(…))", function() c.send("x") end)
raises("line is missing", function() send("x") end)
local gone, why, kind = line.open("127.0.0.1", 81)
assert(gone == nil and kind == "refused")
assert(why == "line open 127.0.0.1:81: connection refused", why)
raises("gone is nil: line open 127.0.0.1:81: connection refused", function() gone:send("x") end)
raises("gone is nil: line open 127.0.0.1:81: connection refused", function() send(gone, "x") end)
raises("gone is nil: line open", function() return gone.id end)
raises("data must be", function() send(c, c) end)
raises("data must be", function() send(c, {"x"}) end)
local cycle = {} cycle.n = {1, cycle}
raises("", function() send(c, cycle, {}) end)

-- results
assert(nap(0) == true)
local data, port, more = whereis()
assert(data == "here" and port == 7 and more == nil)
local list = listing({"a", "b"})
assert(#list == 2 and list[2].n == 1 and list[2].extra == "b" and list[2].took == 0)
assert(#listing("a,b,c") == 3)
c:send("half")
local none, message, kind, partial = c:recv({half = true})
assert(none == nil and kind == "timeout" and partial == "h", partial)
local ok, text, kind = pcall(assert, none, message, kind)
assert(not ok and kind == "timeout", kind)
ok, text = pcall(boom)
assert(ok and text == nil) -- a failure, not a crash
local _, text, kind = boom()
assert(text:find("internal error: boom") and kind == "failed")

-- the end
c:close()
local nothing, message, kind = c:recv()
assert(nothing == nil and kind == "eof")
nothing, message, kind = c:send("x")
assert(nothing == nil and kind == "closed" and message == "send c1: the line is closed", message)
assert(tostring(c):find("%(closed%)$"))

-- streams
local sum = 0
for i in count(4) do sum = sum + i.n assert(i.took == 0.5) end
assert(sum == 10)
local it = count(0)
assert(it().n == 1 and it:next().n == 2 and it:close() and it() == nil)
raises("count: no answer to 2", function() for i in count(3, {fail = 2}) do sum = i.n end end)
it = count(3, {fail = 2})
assert(it:next().n == 1)
local item, message, kind = it:next()
assert(item == nil and kind == "timeout")
assert(it:next().n == 3 and it:next() == nil and it:next() == nil)
count(0) -- left open: ends with the script

-- functions handed over
assert(callback(function(h, n, l) return h.id .. n .. l[1] end, {times = 2}):find("^c%d+0a,c%d+1a$"))
nothing, message, kind = callback(function() error("oops") end)
assert(nothing == nil and message:find("calls.lua:%d+: oops"), message)
