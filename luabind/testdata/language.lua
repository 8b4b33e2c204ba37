-- Where the language differs from plain gopher-lua.
local function raises(want, fn, ...)
  local ok, message = pcall(fn, ...)
  assert(not ok and tostring(message):find(want, 1, true), tostring(message) .. "\nhas no: " .. want)
end

-- numbers
assert("010" + 5 == 15 and "0x10" * 1 == 16 and " 7 " - 0 == 7 and 10 .. "" == "10")
assert(tonumber("010") == 10 and tonumber("1e3") == 1000 and tonumber("ff", 16) == 255 and tonumber("0x1F") == 31)
assert(tonumber("abc") == nil and tonumber("") == nil and tonumber("1_000") == nil and tonumber("nan") == nil)
raises("strings are joined with ..", function() return "a" + "b" end)
raises("arithmetic on", function() return "a" * 2 end)
assert(-7 % 3 == 2 and "7" % "-3" == -2)

-- strings
assert(("x"):rep(3, ",") == "x,x,x" and ("x"):rep(0) == "")
raises("longer than", string.rep, "x", 1e9)
raises("longer than", string.rep, "x", 1e18)
raises("longer than", function() local big = ("x"):rep(2 ^ 27) return table.concat({big, big, big}) end)
assert(string.format("%5d|%-5s|%05.1f|%x|%q|%c|%%", 42, "ab", 3.14159, 255, "a\n", 65) == "   42|ab   |003.1|ff|\"a\\n\"|A|%")
assert(string.format("%s %s %s", nil, true, 1.5) == "nil true 1.5")
assert(string.format("%g", 0.1) == "0.1" and string.format("%.3f", 2 / 3) == "0.667")
raises("number expected", string.format, "%d", "x")
raises("no value for", string.format, "%d")
raises("no such directive", string.format, "%y", 1)
assert(table.concat({1, 2, "c"}, "-") == "1-2-c")

-- nil
local t = {}
raises("x is nil", function() local x = t.x; return x.y end)
raises("frobnicate is nil, not a function", function() frobnicate(1) end)
raises("hint: did you mean string?", function() return strng.rep end)

-- errors
local object = {code = 5}
local ok, problem = pcall(error, object)
assert(not ok and problem == object)
ok, problem = pcall(assert, false, object)
assert(not ok and problem == object)
ok, problem = pcall(assert, nil)
assert(problem:find("assertion failed!"))
assert(select("#", assert(1, 2, 3)) == 3)
assert(select(2, xpcall(function() error("x", 0) end, function(m) return m .. "!" end)) == "x!")

-- gone: what would end or wedge the process
assert(channel == nil and newproxy == nil and debug.getinfo == nil and debug.traceback)

-- coroutines
local co = coroutine.wrap(function(a) local b = coroutine.yield(a + 1) error("no " .. b, 0) end)
assert(co(1) == 2)
raises("no 5", co, 5)
assert(coroutine.running() == nil) -- and we are on our own thread again
local c = coroutine.create(function() return coroutine.status(coroutine.running()) end)
assert(coroutine.status(c) == "suspended")
assert(select(2, coroutine.resume(c)) == "running")
assert(coroutine.status(c) == "dead")
local outer
outer = coroutine.create(function()
  local inner = coroutine.create(function() return coroutine.status(outer), coroutine.resume(outer) end)
  local _, status, ok, message = coroutine.resume(inner)
  return status, ok, message
end)
local _, status, ok, message = coroutine.resume(outer)
assert(status == "normal" and ok == false and message:find("running"))
c = coroutine.create(function() pcall(coroutine.yield, 1) error("the end", 0) end)
_, message = coroutine.resume(c)
assert(message == "the end", message) -- yield across pcall raises inside, not silently
raises("yield outside", coroutine.yield)

-- deep recursion
local function depth(n) if n == 0 then return 0 end return 1 + depth(n - 1) end
assert(depth(8000) == 8000)
local function forever() return 1 + forever() end
assert(not pcall(forever))

-- files
local name = os.tmpname()
local f = assert(io.open(name, "w"))
assert(f:write("one\n", 2, "\nthree")) assert(f:close())
assert(io.type(f) == "closed file" and select(3, f:read()) == "closed")
local lines = {}
for l in io.lines(name) do lines[#lines + 1] = l end
assert(#lines == 3 and lines[3] == "three")
f = io.open(name)
assert(f:read("*n") == nil and f:read("n") == 2 and f:read(2) == "th" and f:read("a") == "ree" and f:read("l") == nil)
assert(f:seek("set", 1) == 1 and f:read("L") == "ne\n") f:close()
assert(os.remove(name) == true)
local none, why, kind = io.open(name)
assert(none == nil and kind == "not-found" and why:find(name, 1, true), why)
assert(os.getenv("SOSH_SURELY_NOT_SET") == nil and os.time() > 0 and os.clock() >= 0)

-- the libraries, as tables of require too
assert(require("json") == json and require("string") == string)

-- An error that is caught leaves the locals around it shared.
do
  local h = 0
  local function get() return h end
  pcall(error, "x")
  local function set() h = 5 end
  set()
  assert(get() == 5 and h == 5, get())
  local kept
  local ok = pcall(function()
    local inner = {n = 1}
    kept = function() inner.n = inner.n + 1; return inner.n end
    error("after it was kept")
  end)
  assert(not ok and kept() == 2 and kept() == 3)
  local seen
  local ok, message = xpcall(function()
    local inner = 7
    kept = function() inner = inner + 1; return inner end
    error("shown")
  end, function(e) seen = debug.traceback(); h = 6; return "handled " .. e end)
  assert(not ok and message:find("handled", 1, true) and message:find("shown", 1, true), message)
  assert(get() == 6 and seen:find("traceback", 1, true), seen)
  for i = 1, 10 do local a, b, c = i, i, i end -- uses the places of what is gone
  assert(kept() == 8 and kept() == 9)
  assert(select("#", pcall(function(...) return ... end, 1, nil, 3, nil)) == 5)
  assert(select(2, xpcall(function(a, b) return a + b end, print, 2, 3)) == 5)
end

-- Protected calls inside each other are bounded, and so is their recursion.
do
  local depth = 0
  local function deeper() depth = depth + 1; local ok, e = pcall(deeper); if not ok then error(e, 0) end end
  local ok, message = pcall(deeper)
  assert(not ok and message:find("stack overflow", 1, true), message)
  assert(depth < 1000, depth)
  local function recurse(n) if n == 0 then return 0 end return 1 + recurse(n - 1) end
  assert(select(2, pcall(recurse, 5000)) == 5000)
  local ok, message = pcall(function() local function f() return 1 + f() end return f() end)
  assert(not ok and message:find("stack overflow", 1, true), message)
  local co = coroutine.wrap(function() pcall(function() assert(coroutine.running()) end) coroutine.yield(1) return 2 end)
  assert(co() == 1 and co() == 2)
end
