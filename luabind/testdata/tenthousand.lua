-- Tasks that wait on one queue are spawned, woken by a value each, and joined.
local n = tonumber(arg[1])
local q = task.queue(n)
local tasks = {}
for i = 1, n do tasks[i] = task.spawn(function() return (q:get()) end) end
for i = 1, n do assert(q:put(i)) end
local seen, count = {}, 0
for i = 1, n do
  local v = assert(tasks[i]:join())
  assert(not seen[v])
  seen[v], count = true, count + 1
end
assert(count == n and #seen == n and q:len() == 0)
