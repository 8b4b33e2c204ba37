-- Title: A TCP client that handles errors
-- Order: 20
-- Part: 2
-- Learn: every step can fail, and the reason says at which one and why
-- Run: sosh run tcp-client-errors [--host NAME --port N]
local lesson = require "lesson"
local options = lesson.options(arg, {host = "127.0.0.1", port = 80})

-- A failed operation gives nil, the reason and its kind. A wrong call, such as
-- port 99999, is a mistake of the program and raises; pcall catches that, and
-- gives false, the reason and its kind.
local function connect(client, host, port, timeout)
  local called, ok, why, kind = pcall(client.connect, client, host, port, {timeout = timeout})
  if called then return ok, why, kind end
  if why ~= "usage" then error(ok, 0) end -- Ctrl-C is for main
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

-- The lecture connects to www.python.org, port 80. A machine without internet
-- has this stand-in instead, which is the default of both questions. It never
-- accepts, and need not: the system completes connections for it.
local stand_in = assert(tcp.listen("127.0.0.1", 0))

-- What to connect to: as the options say, else as the person says.
local function target()
  if options.given.host or options.given.port then
    return options.host, options.port
  end
  return ask("enter the target host name to connect", {default = stand_in.lhost}),
    ask("enter the target port number", {default = tostring(stand_in.lport)})
end

-- A server whose queue is full: with a backlog of 1 and nobody who accepts, the
-- next client gets no answer (lesson tcp-backlog tells more).
local function busy_server()
  local server, clients = assert(tcp.listen("127.0.0.1", 0, {backlog = 1})), {}
  repeat
    local client = tcp.connect("127.0.0.1", server.lport, {timeout = "200ms"})
    clients[#clients + 1] = client
  until not client or #clients == 30
  return server, clients
end

-- A failure of each kind. The socket is created every time.
local function failures()
  print("-- a name that does not exist (.invalid is reserved for that)")
  lesson.equal("the kind", try("www.abc.invalid", "80", 2), "not-found")

  print("-- a port where nobody listens: the machine answers, and refuses")
  local silent = assert(socket.open("inet", "stream"))
  assert(silent:bind("127.0.0.1", 0)) -- bound but not listening, so nobody else can
  lesson.equal("the kind", try("127.0.0.1", silent.lport, 2), "refused")
  silent:close()

  print("-- an address that TCP cannot reach: everybody")
  lesson.check("it is an error", try("255.255.255.255", "80", "200ms"))

  print("-- a server too busy to answer in time")
  local busy, clients = busy_server()
  local kind = try("127.0.0.1", busy.lport, "200ms")
  lesson.check("the kind is timeout, on some systems refused", kind == "timeout" or kind == "refused", kind)
  for _, client in ipairs(clients) do client:close() end
  busy:close()

  print("-- a port that is no number, and a number that is no port")
  lesson.equal("the kind", try("127.0.0.1", "eighty", 2), "usage")
  lesson.equal("the kind", try("127.0.0.1", "99999", 2), "usage")
end

local function main()
  local host, port = target()
  local kind = try(host, port, 5)
  if host == stand_in.lhost and tonumber(port) == stand_in.lport then
    lesson.check("the stand-in is there", kind == nil, kind)
  end
  failures()
end

local ok, problem, kind = pcall(main)
stand_in:close()
lesson.finish(ok, problem, kind)
