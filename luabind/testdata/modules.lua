local beside = require "beside"
assert(beside.name == "beside" and require("beside") == beside)
assert(require("deep.er") == "deeper" and require("inlib") == "lib")
local ok, why, kind = pcall(require, "nothing")
assert(not ok and kind == "not-found" and why:find("looked for"), why)
for _ = 1, 2 do -- a module that fails can be tried again, with the same error
  ok, why = pcall(require, "broken")
  assert(not ok and why:find("broken.lua:1: broken on purpose"), why)
end
ok, why = pcall(require, "itself")
assert(not ok and why:find("requires itself"), why)
assert(dofile("beside.lua").name == "beside" and loadfile("beside.lua")().name == "beside")
local none, why, kind = loadfile("nothing.lua")
assert(none == nil and kind == "not-found")
none, why = loadstring("x = = 1", "=piece")
assert(none == nil and why:find("piece:1:"), why)
assert(load("return ...")(7) == 7 and load(coroutine.wrap(function() coroutine.yield("return ") coroutine.yield("8") end))() == 8)
local t1, t2 = task.spawn(require, "slow"), task.spawn(require, "slow")
assert(t1:join() == 1 and t2:join() == 1)
package.preload.made = function(name) return name .. "!" end
assert(require "made" == "made!")
assert(arg[0]:find("modules.lua$") and arg[1] == "a" and arg[2] == "--b" and select(2, ...) == "--b")
