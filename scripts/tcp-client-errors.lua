local lesson = require "lesson"
local step = lesson.step
local options = lesson.options(arg, {host = "127.0.0.1", port = 80})

-- A failed operation gives nil, the reason and its kind. A wrong call, such as
-- port 99999, is a mistake of the program and raises; pcall catches that, and
-- gives false, the reason and its kind.
local function connect(client, host, port, timeout)
  local called, ok, why, kind = pcall(client.connect, client, host, port, {timeout = timeout})
  if called then return ok, why, kind end
  if why ~= "usage" then error(ok, 0) end -- Ctrl-C is not for us
  return nil, ok, why
end

-- Connects, says how it went, and gives the kind of failure.
local function try(host, port, timeout)
  local client, why = socket.open("inet", "stream")
  if not client then
    print("socket failed to create, reason: " .. why)
    return "create"
  end
  print("socket created")
  -- What a person types is text; a port is a number.
  local ok, reason, kind = connect(client, host, tonumber(port) or port, timeout)
  if ok then
    print("socket connected to " .. host .. " on port number " .. port)
    client:shutdown("both") -- nothing more in either direction …
  else
    print("failed to connect to " .. host .. " on port number " .. port .. ", reason: " .. reason)
  end
  client:close() -- … and the socket itself is given back
  return kind
end

-- A server whose queue is full: with a backlog of 1 and nobody who accepts, the
-- next client gets no answer (lesson tcp-backlog tells more).
local function busy_server()
  local server, failed = assert(tcp.listen("127.0.0.1", 0, {backlog = 1})), 0
  for _ = 1, 30 do
    -- Two failures in a row: one may be just a slow moment.
    failed = tcp.connect("127.0.0.1", server.lport, {timeout = "100ms"}) and 0 or failed + 1
    if failed == 2 then break end
  end
  return server
end

local stand_in

return lesson {
  id = "tcp-client-errors",
  title = "A TCP client that handles errors",
  part = 2,
  order = 20,
  side = "client",
  learn = "every step can fail, and the reason says at which one and why",
  needs = "socket-steps",
  run = "sosh run tcp-client-errors [--host NAME --port N]",

  steps = {
    step [[
      The lecture connects to www.python.org, port 80. A machine without internet has this stand-in instead. It never
      accepts, and need not: the system completes connections for it.
    ]] (function()
      stand_in = assert(tcp.listen("127.0.0.1", 0))
    end),
    step "Ask where to connect to, unless options say it; then try. The default is the stand-in." (function()
      local host, port = options.host, options.port
      if not options.given.host and not options.given.port then
        host = ask("enter the target host name to connect", {default = stand_in.lhost})
        port = ask("enter the target port number", {default = tostring(stand_in.lport)})
      end
      local kind = try(host, port, 5)
      if host == stand_in.lhost and tonumber(port) == stand_in.lport then
        lesson.check("the stand-in is there", kind == nil, kind)
      end
    end),
    step "A name that does not exist. The name .invalid is reserved for that, so nobody is asked. The socket IS created." (function()
      print("-- a name that does not exist (.invalid is reserved for that)")
      lesson.equal("the kind", try("www.abc.invalid", "80", 2), "not-found")
    end),
    step "A port where nobody listens: bound, so that nobody else can, but not listening." (function()
      print("-- a port where nobody listens: the machine answers, and refuses")
      local silent = assert(socket.open("inet", "stream"))
      assert(silent:bind("127.0.0.1", 0))
      lesson.equal("the kind", try("127.0.0.1", silent.lport, 2), "refused")
      silent:close()
    end),
    step "An address that no TCP connection can go to: that of everybody at once." (function()
      print("-- an address that TCP cannot reach: everybody")
      lesson.check("it is an error", try("255.255.255.255", "80", "200ms"))
    end),
    step "A server that answers nothing: its queue is full." (function()
      print("-- a server too busy to answer in time")
      local kind = try("127.0.0.1", busy_server().lport, "200ms")
      lesson.check("the kind is timeout, on some systems refused", kind == "timeout" or kind == "refused", kind)
    end),
    step "Ports are whole numbers from 1 to 65535. What is none is found before anything is sent." (function()
      print("-- a port that is no number, and a number that is no port")
      lesson.equal("the kind", try("127.0.0.1", "eighty", 2), "usage")
      lesson.equal("the kind", try("127.0.0.1", "99999", 2), "usage")
    end),
  },

  finally = lesson.parting(function() return stand_in end),

  try = "sosh tcp connect www.abc.invalid 80, then echo $? for the exit code; and the same with port 99999.",
  question = {
    ask = "At which step does a wrong name fail: when the socket is created, or at connect?",
    answer = {"connect", "at connect"},
    why = "A socket is made without knowing where it will go.",
  },
}
