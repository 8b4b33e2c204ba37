-- task.group, task.timeout, task.every.
local function raises(want, fn, ...)
  local ok, message = pcall(fn, ...)
  assert(not ok and tostring(message):find(want, 1, true), tostring(message) .. "\nhas no: " .. want)
  return message
end

-- the results come in the order of the spawns, whatever ends first
local g = task.group()
for i = 1, 5 do g:spawn(function(n) nap((6 - n) / 500) return n * n, "more" end, i) end
local list = assert(g:wait())
assert(table.concat(list, " ") == "1 4 9 16 25", table.concat(list, " "))
assert(#g:wait() == 0) -- empty afterwards
g:spawn(function() return nil end) g:spawn(function() end) g:spawn(function() return list end)
local odd = g:wait()
assert(#odd == 3 and odd[1] == false and odd[2] == true and odd[3] == list) -- no holes
assert(tostring(g) == "group")

-- the first failure cancels the others, and is the outcome
local log = {}
local function slow(name)
  local ok, _, kind = pcall(nap, 100)
  log[#log + 1] = name .. " " .. kind
end
g:spawn(slow, "a") g:spawn(slow, "b")
g:spawn(function() nap(0.01) assert(line.open("127.0.0.1", 81)) end)
local none, why, kind = g:wait()
assert(none == nil and kind == "refused" and why:find("groups.lua:%d+: line open"), why)
table.sort(log)
assert(table.concat(log, ",") == "a canceled,b canceled", table.concat(log, ","))
none, why, kind = g:wait()
assert(#none == 0) -- told once

-- a wrong call inside is a failure, not a wrong call of the waiter
g:spawn(function() local x = nil; x.y = 1 end)
none, why, kind = g:wait()
assert(none == nil and kind == "failed" and why:find("x is nil"), why)

-- cancel
local t = g:spawn(nap, 100)
g:cancel()
local late = g:spawn(nap, 100) -- begins cancelled
none, why, kind = g:wait()
assert(none == nil and kind == "canceled" and t.state == "canceled" and late.state ~= "running")

-- a group as a block
list = assert(task.group(function(g) for i = 1, 3 do g:spawn(function() nap(0) return i end) end end))
assert(table.concat(list) == "123")
none, why, kind = task.group(function(g) g:spawn(nap, 100) g:spawn(error, "early", 0) end)
assert(none == nil and why == "early" and kind == "failed", why)
local left
local message = raises("from the block", function()
  task.group(function(g) left = g:spawn(nap, 100) nap(0.005) error("from the block") end)
end)
assert(message:find("^testdata/groups.lua:%d+: from the block$") and left.state == "canceled", message)
raises("use a colon", g.spawn, function() end)
raises("cannot wait for its own group", function()
  assert(task.group(function(g) g:spawn(function() g:wait() end) end))
end)

-- an interrupted wait cancels the group
local up = task.queue(1) -- says that a task is on its way; it goes on until it waits
local inner
t = task.spawn(function() task.group(function(g) inner = g:spawn(nap, 100) up:put(1) end) end)
up:get() t:cancel()
assert(select(3, t:join()) == "canceled")
inner:join() assert(inner.state == "canceled")

-- a timeout: results, nil and kind, errors
local a, b = task.timeout(5, function(x) nap(0.001) return x, 2 end, 1)
assert(a == 1 and b == 2)
none, why, kind = task.timeout(0.01, nap, 100)
assert(none == nil and kind == "timeout" and why == "task.timeout: not done after 10ms", why)
for name, fn in pairs {
  loop = function() while true do end end,
  queue = function() task.queue(1):get() end,
  coroutine = function() coroutine.wrap(function() nap(100) end)() end,
  caught = function() pcall(nap, 100) nap(0.001) error("after") end,
} do
  assert(select(3, task.timeout(0.01, fn)) == "timeout", name)
end
assert(task.timeout(0.01, function() pcall(nap, 100) return "in the end" end) == "in the end")
raises("groups.lua:", function() task.timeout(5, function() error("mine") end) end)
raises("mine", function() task.timeout(5, error, "mine") end)
raises("no number of seconds", task.timeout, -1, nap)
assert(nap(0.001)) -- the task itself has not been interrupted

-- the inner limit ends first; the outer goes on
local order = {}
none, why, kind = task.timeout(0.05, function()
  order[1] = select(3, task.timeout(0.005, nap, 100))
  order[2] = nap(0.001)
  nap(100)
end)
assert(kind == "timeout" and order[1] == "timeout" and order[2] == true)
none, why, kind = task.timeout(0.005, function() return task.timeout(100, nap, 100) end)
assert(kind == "timeout")
local owner = task.mutex()
assert(owner:lock() and task.timeout(1, function() return owner:unlock() end)) -- it is the same task

-- a cancellation inside a limit is one, and is told once
t = task.spawn(function()
  up:put(1)
  local ok, _, kind = pcall(task.timeout, 100, nap, 100)
  nap(0.001)
  return ok, kind
end)
up:get() t:cancel()
local ok, kind = t:join()
assert(ok == false and kind == "canceled", tostring(kind))
t = task.spawn(function() up:put(1) pcall(task.timeout, 100, nap, 100) while true do pcall(nap, 100) end end)
up:get() t:cancel()
while t.state == "running" do t:cancel() nap(0.001) end

-- every: calls, arguments, and its ends
local q = task.queue(100)
t = task.every(0.002, function(x) q:put(x) end, "tick")
for _ = 1, 3 do assert(q:get() == "tick") end
t:cancel()
assert(select(3, t:join()) == "canceled" and t.state == "canceled")
local n = 0
t = task.every(0.001, function() n = n + 1 return n < 3 end)
t:join() assert(n == 3 and t.state == "done")
t = task.every(0.001, function() error("bad tick") end)
none, why, kind = t:join()
assert(none == nil and why:find("groups.lua:%d+: bad tick"), why)
t = task.every(0.001, function() up:put(1) pcall(nap, 100) end) -- it catches; it ends all the same
up:get() t:cancel()
assert(select(3, t:join()) == "canceled")
raises("at least 0.001", task.every, 0, nap)
