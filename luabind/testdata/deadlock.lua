-- Tasks that wait only for each other: the script is told, with where each waits.
local function deadlock(...)
  local ok, message, kind = pcall(...)
  assert(not ok and kind == "failed" and message:find("deadlock: ", 1, true), tostring(message))
  return message
end
local function has(message, ...)
  for _, part in ipairs({...}) do assert(message:find(part), message .. "\nhas no: " .. part) end
end
local at = "testdata/deadlock.lua:"

-- alone
local q = task.queue(1)
has(deadlock(function() q:get() end), "^" .. at .. "14: deadlock: every task waits for another\n",
  "\n  the script waits for a value in a queue at " .. at .. "14$")
q:put(1)
has(deadlock(q.put, q, 2), "the script waits for room in a queue")
q:get()

-- a join, a queue, a mutex, a group, each at its line, in a coroutine too
local m, locked = task.mutex(), task.queue(1)
local holder = task.spawn(function()
  m:lock() locked:put(true)
  coroutine.wrap(function() q:get() end)() -- line 24
end)
local locker = task.spawn(function() locked:get() m:lock() end)
local group = task.spawn(function() task.group(function(g) g:spawn(function() q:get() end) end) end)
local message = deadlock(function() locker:join() end)
has(message, "the script waits to join " .. locker.id .. " at " .. at .. "28\n",
  holder.id .. " waits for a value in a queue at " .. at .. "24\n",
  locker.id .. " waits for a mutex of " .. holder.id .. " at " .. at .. "26\n",
  group.id .. " waits for the tasks of a group at " .. at .. "27\n")
for _, t in ipairs({holder, locker, group}) do t:cancel() t:join() end

-- a ring is told to whom closes it, though others run
local busy = task.spawn(nap, 100)
local a, b = task.mutex(), task.mutex()
local has_a, has_b = task.queue(1), task.queue(1)
local one = task.spawn(function() a:lock() has_a:put(true) has_b:get() b:lock() return "had both" end)
local two = task.spawn(function() b:lock() has_b:put(true) has_a:get() a:lock() return "had both" end)
local first, why = one:join()
local second, too = two:join()
assert(first ~= second and (first == "had both" or second == "had both")) -- the mutex of the one that failed is free again
has(why or too, "deadlock: these tasks wait for each other",
  two.id .. " waits for a mutex of " .. one.id .. " at " .. at .. "%d", one.id .. " waits for a mutex of " .. two.id)
local t1, t2
t1 = task.spawn(function() nap(0.001) return t2:join() end)
t2 = task.spawn(function() return t1:join() end)
local _, why = t2:join()
has(why, "deadlock: these tasks wait for each other")
busy:cancel() busy:join()

-- many: the list is bounded
local many = {}
for i = 1, 50 do many[i] = task.spawn(function() q:get() end) end
has(deadlock(function() many[1]:join() end), "\n  and 31 more$")
for _, t in ipairs(many) do t:cancel() t:join() end

-- No deadlock: a timer, a call that waits, a wait with a limit, a task on its way.
task.spawn(function() nap(0.25) q:put("nap") end)
assert(q:get() == "nap")
task.spawn(function() task.sleep(0.25) q:put("sleep") end)
assert(q:get() == "sleep")
local ticker = task.every(0.25, function() q:put("tick") end)
assert(q:get() == "tick") ticker:cancel() ticker:join()
assert(select(3, q:get(0.25)) == "timeout")
assert(select(3, task.timeout(0.25, function() q:get() end)) == "timeout")
local waiter = task.spawn(function() return select(3, q:get(0.25)) end)
assert(waiter:join() == "timeout")
local pipe = line.open("127.0.0.1", 7)
local reader = task.spawn(function() return pipe:recv() end)
task.spawn(function() nap(0.25) pipe:send("late") end)
assert(reader:join() == "late")
