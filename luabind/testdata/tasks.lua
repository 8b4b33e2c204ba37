local function raises(want, fn, ...)
  local ok, message = pcall(fn, ...)
  assert(not ok and tostring(message):find(want, 1, true), tostring(message) .. "\nhas no: " .. want)
end

-- spawn and join
local shared = {}
local t = task.spawn(function(a, b) return a + b, shared end, 1, 2)
local sum, same = t:join()
assert(sum == 3 and same == shared) -- tables stay the same
assert(t.state == "done" and tostring(t):find("^task t%d+"))
local none, why, kind = task.spawn(function() error("oops") end):join()
assert(none == nil and why:find("tasks.lua:%d+: oops") and kind == "failed", why)
none, why, kind = task.spawn(function() assert(line.open("127.0.0.1", 81)) end):join()
assert(none == nil and kind == "refused", kind)
assert(task.current() == nil)
none, why, kind = task.spawn(function() return task.current():join() end):join()
assert(none == nil and why:find("a task cannot join itself"), why)
assert(#task.list() > 0)

-- a running turn is not torn: no update is lost
x = 0
local tasks = {}
for i = 1, 4 do
  tasks[i] = task.spawn(function()
    for _ = 1, 20000 do local y = x; y = y + 1; x = y end
  end)
end
for _, t in ipairs(tasks) do t:join() end
assert(x == 80000, x)

-- … unless something in it waits; a mutex helps
local m, n = task.mutex(), 0
tasks = {}
for i = 1, 4 do
  tasks[i] = task.spawn(function()
    for _ = 1, 25 do m:with(function() local y = n; nap(0); n = y + 1 end) end
  end)
end
for _, t in ipairs(tasks) do t:join() end
assert(n == 100, n)
raises("oops", function() m:with(function() error("oops") end) end)
assert(m:with(function(...) return ... end, 1, 2) == 1) -- given back after the error
m:lock() raises("holds the mutex already", function() m:lock() end) m:unlock()
raises("does not hold", function() m:unlock() end)
task.spawn(function() m:lock() end):join()
assert(m:lock() and m:unlock()) -- its holder has ended

-- pcall around waiting calls
assert(pcall(function() nap(0.001) return true end))
local ok, problem = pcall(function() nap(0.001) error("after") end)
assert(not ok and problem:find("after"))

-- coroutines with waiting calls, beside other tasks
local q = task.queue(100)
tasks = {}
for i = 1, 5 do
  tasks[i] = task.spawn(function()
    local gen = coroutine.wrap(function() for k = 1, 10 do nap(0.0005) coroutine.yield(k) end end)
    for k = 1, 10 do assert(gen() == k) q:put(i * 100 + k) end
  end)
end
local seen = {}
for _ = 1, 50 do local v = q:get() seen[v] = (seen[v] or 0) + 1 end
for i = 1, 5 do for k = 1, 10 do assert(seen[i * 100 + k] == 1) end end

-- a coroutine that another task is blocked in
local gate = task.queue(1)
local co = coroutine.create(function() gate:get() return "through" end)
local t = task.spawn(function() return select(2, coroutine.resume(co)) end)
while coroutine.status(co) ~= "normal" do nap(0) end
local ok, message = coroutine.resume(co)
assert(ok == false and message:find("running"))
gate:put(1)
assert(t:join() == "through" and coroutine.status(co) == "dead")

-- queues
local q = task.queue(2)
assert(q:put("a") and q:put(false) and q:len() == 2 and #q == 2)
none, why, kind = q:put("c", 0.001)
assert(none == nil and kind == "timeout")
assert(q:get() == "a" and q:get() == false)
none, why, kind = q:get(0)
assert(none == nil and kind == "timeout")
local got = task.spawn(function() return q:get() end)
q:put("late") assert(got:join() == "late")
q:put(1) q:close()
assert(q:get() == 1 and select(3, q:get()) == "closed" and select(3, q:put(1)) == "closed")
raises("use a colon", q.get)
raises("does not hold nil", function() q:put(nil) end)
raises("a queue holds", task.queue, 0)
local line = task.queue(1)
local maker = task.spawn(function() for i = 1, 100 do line:put(i) end line:close() end)
local sum = 0
while true do local v = line:get() if not v then break end sum = sum + v end
assert(sum == 5050)

-- a busy task leaves the others served
local stop, ticks = false, 0
local busy = task.spawn(function() while not stop do end return "stopped" end)
for _ = 1, 3 do nap(0.001) ticks = ticks + 1 end
stop = true
assert(busy:join() == "stopped" and ticks == 3)

-- cancelling
for name, fn in pairs {
  loop = function() while true do end end,
  waiting = function() nap(100) end,
  coroutine = function() coroutine.wrap(function() while true do end end)() end,
  waiting_coroutine = function() coroutine.wrap(function() nap(100) end)() end,
  sleep = function() task.sleep(100) end,
  queue = function() task.queue(1):get() end,
  mutex = function() local m = task.mutex() task.spawn(function() m:lock() nap(0.2) end) nap(0.01) m:lock() end,
  join = function() task.spawn(function() nap(0.2) end):join() end,
  stream = function() for _ in count(0) do end end,
} do
  local t = task.spawn(fn)
  nap(0.02)
  t:cancel()
  local none, why, kind = t:join()
  assert(none == nil and kind == "canceled", name .. ": " .. tostring(why))
end

-- it raises once, and the task may clean up
local log = {}
t = task.spawn(function()
  local ok, problem, kind = pcall(nap, 100)
  log[1], log[2] = ok, kind
  nap(0.001) -- waiting is possible while cleaning up
  log[3] = "cleaned"
  return "exited by the user"
end)
nap(0.01) t:cancel()
assert(t:join() == "exited by the user" and log[1] == false and log[2] == "canceled" and log[3] == "cleaned")

-- the second time is for good
t = task.spawn(function() while true do pcall(function() while true do end end) end end)
nap(0.01) t:cancel() nap(0.01)
while t.state == "running" do t:cancel() nap(0.001) end
assert(select(3, t:join()) == "canceled")

-- atomic
t = task.spawn(function() return task.atomic(function(a) for i = 1, 1e5 do a = a + 1 end return a end, 1) end)
assert(t:join() == 100001)
raises("inside task.atomic", function() task.atomic(function() nap(1) end) end)
task.atomic(function() print("printing is no waiting") end)
