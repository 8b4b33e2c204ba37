-- After g:wait() every task of the group is over, and says so.
for _ = 1, 200 do
  local g = task.group()
  local t = g:spawn(nap, 100)
  local ended = g:spawn(function() return 1 end)
  nap(0)
  g:cancel()
  local _, _, kind = g:wait()
  assert(kind == "canceled" and t.state == "canceled", t.state)
  assert(ended.state ~= "running", ended.state)
end
