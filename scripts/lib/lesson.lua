-- What the lessons share: declaring steps, reading options, saying where a socket
-- is, and checking what happened. In a lesson: local lesson = require "lesson"
local lesson = {}

-- A step is a text and what is typed: step "why" (function() … end), or lines of
-- the shell: step "why" "listen 0". Its side is a field of step:
-- step.server "why" (function() … end). After :fails "refused" it is to fail so.
local Step = {}
Step.__index = Step
function Step:__call(code)
  self.code = code
  return self
end
function Step:fails(kind)
  rawset(self, "fails", kind)
  return self
end

-- The line of the lesson that calls, so many calls up.
local function line_of(level)
  return tonumber(debug.traceback("", level + 1):match(":(%d+):"))
end

local function stepper(side)
  return function(text)
    return setmetatable({text = text, side = side, line = line_of(2)}, Step)
  end
end

lesson.step = setmetatable({}, {
  __call = function(_, text)
    return setmetatable({text = text, line = line_of(2)}, Step)
  end,
  __index = function(_, side) return stepper(side) end,
})

-- A point of a grade is like a step, called with the student; after :must() the
-- others are not tried without it.
function Step:must()
  rawset(self, "must", true)
  return self
end
lesson.point = stepper(nil)

-- lesson { id = …, steps = { … } } declares a lesson: return it.
setmetatable(lesson, {__call = function(_, declaration) return declaration end})

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
  listening(socket.lport)
end

-- parting is what a program of the course does at its end: close the handle that
-- `which` gives, if there is one yet, and say so when a person ended it.
function lesson.parting(which)
  return function(kind)
    local handle = which()
    if handle then handle:close() end
    if kind == "canceled" then print("exited by the user") end
  end
end

-- fail ends a lesson that cannot go on: exit code 1.
function lesson.fail(problem, advice)
  io.stderr:write(tostring(problem), "\n")
  if advice then io.stderr:write("hint: ", advice, "\n") end
  exit(1)
end

local function check(what, ok, got, level)
  if ok then return end
  local problem = "expectation failed: " .. what
  if got ~= nil then problem = problem .. ", but got " .. tostring(got) end
  pcall(assert, nil, problem, "expectation") -- so that the error has its kind
  error(problem, level + 1)                  -- … and the line of the lesson
end

-- check ends the lesson with exit code 3 unless ok; got says what came instead.
function lesson.check(what, ok, got) check(what, ok, got, 2) end

-- equal checks that two values are the same.
function lesson.equal(what, got, want) check(what .. " is " .. tostring(want), got == want, got, 2) end

-- free_port is a port of 127.0.0.1 that nobody has at the moment.
function lesson.free_port(kind)
  local holder = assert(socket.open("inet", kind or "stream"))
  assert(holder:bind("127.0.0.1", 0))
  local port = holder.lport
  holder:close()
  return port
end

-- knock connects to a server that a student has just started, as soon as it
-- listens; it raises when it does not.
function lesson.knock(student, port, patience)
  local last
  for _ = 1, (patience or 8) * 50 do
    local client, why = tcp.connect("127.0.0.1", port, {timeout = 1})
    if client then return client end
    last = why
    local code = student.ended(0.02) -- which is also the pause between two tries
    if code then error("the program ended with exit code " .. code .. " before it listened", 0) end
  end
  error("nobody listens on 127.0.0.1:" .. port .. ": " .. tostring(last), 0)
end

-- printed checks that a student's program prints a text, now or soon.
function lesson.printed(student, text)
  for _ = 1, 60 do
    if student.output():find(text, 1, true) then return end
    if student.ended(0.05) then break end
  end
  if student.output():find(text, 1, true) then return end
  local short = #text > 40 and text:sub(1, 40) .. "…" or text
  check("it prints " .. short, false, nil, 2)
end

return lesson
