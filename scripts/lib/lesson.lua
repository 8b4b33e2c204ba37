-- What the lessons share: reading options, saying where a socket is, checking
-- what happened, and ending well. In a lesson: local lesson = require "lesson"
local lesson = {}

-- usage ends the program the way wrong usage always does: exit code 2.
local function usage(problem, defaults)
  local known = {}
  for name, value in pairs(defaults) do
    known[#known + 1] = "--" .. name .. " (" .. tostring(value) .. ")"
  end
  table.sort(known)
  io.stderr:write(problem, "; options are ", table.concat(known, " "), "\n")
  exit(2)
end

-- number makes a number of an option whose default is one.
local function number(name, text, defaults)
  local n = tonumber(text, 10)
  if not n or n < 0 or n ~= math.floor(n) then
    usage("--" .. name .. " wants a number, not " .. text, defaults)
  end
  if name == "port" and n > 65535 then
    usage("ports go up to 65535, so " .. text .. " is none", defaults)
  end
  return n
end

-- options reads `--port 8000` or `--port=8000` from a lesson's arguments. What
-- is not given keeps its default; field `given` says which ones were.
function lesson.options(args, defaults)
  local options, i = {given = {}}, 1
  for name, value in pairs(defaults) do options[name] = value end
  while args[i] do
    local name, value = args[i]:match("^%-%-(%w+)=(.*)$")
    if not name then
      name, value, i = args[i]:match("^%-%-(%w+)$"), args[i + 1], i + 1
    end
    if not name or defaults[name] == nil then
      usage("there is no option " .. args[math.min(i, #args)], defaults)
    elseif value == nil then
      usage("--" .. name .. " wants a value", defaults)
    end
    if type(defaults[name]) == "number" then value = number(name, value, defaults) end
    options[name], options.given[name] = value, true
    i = i + 1
  end
  return options
end

-- here says where a server's socket is; with --port 0 the system chose the port.
function lesson.here(socket)
  print("listening on " .. socket.lhost .. ":" .. socket.lport)
end

-- fail ends a lesson that cannot go on: exit code 1.
function lesson.fail(problem, advice)
  io.stderr:write(tostring(problem), "\n")
  if advice then io.stderr:write("hint: ", advice, "\n") end
  exit(1)
end

-- check ends the lesson with exit code 3 unless ok; got says what came instead.
function lesson.check(what, ok, got)
  if ok then return end
  io.stderr:write("expectation failed: ", what)
  if got ~= nil then io.stderr:write(", but got ", tostring(got)) end
  io.stderr:write("\n")
  exit(3)
end

-- equal checks that two values are the same.
function lesson.equal(what, got, want)
  lesson.check(what .. " is " .. tostring(want), got == want, got)
end

-- finish looks at what pcall gave. Ctrl-C makes the call that is waiting raise
-- an error of kind "canceled", as it raises KeyboardInterrupt in Python.
function lesson.finish(ok, problem, kind)
  if ok then return end
  if kind == "canceled" then
    print("exited by the user")
    exit(130)
    return -- the lecture goes on from here
  end
  error(problem, 0)
end

return lesson
