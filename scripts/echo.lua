local lesson = require "lesson"
local step, point = lesson.step, lesson.point
local options = lesson.options(arg, {host = "127.0.0.1", port = 0})

-- For students. Each point has a client of its own, which leaves before the next,
-- so that a server for one client at a time gets the points that it earns.
local port

local function connect()
  local c, why = tcp.connect("127.0.0.1", port, {timeout = 3})
  lesson.check("a client can connect", c, why)
  return c
end

local function echoed(c, data)
  assert(c:send(data))
  local back, why = c:recv({exact = #data, timeout = 3})
  lesson.check("all of it comes back", back, why)
  lesson.check("it comes back unchanged", back == data)
end

local function with_client(use)
  local c = connect()
  local ok, problem = pcall(use, c)
  c:close()
  if not ok then error(problem, 0) end
end

return lesson {
  id = "echo",
  title = "The echo server",
  part = 5,
  order = 54,
  learn = "the smallest server that is right: whole messages, many clients, a good end",
  needs = "short-counts, whole-messages",

  steps = {
    step.server "It sends back what it receives, until the client ends: RFC 862 in four lines." (function()
      server = serve(options.host, options.port, function(c)
        while true do
          local data = c:recv(4096)
          if not data then break end
          c:send(data)
        end
      end)
    end),
    step.client "A word." (function()
      client = assert(tcp.connect(options.host, server.lport))
      assert(client:send("hello"))
      print(assert(client:recv({exact = 5})))
    end),
    step.client [[
      A megabyte. Sending all first and receiving then would be a deadlock: the server's answers fill the buffers, it stops
      reading, and both wait for ever. So a task receives meanwhile.
    ]] (function()
      local data = ("x"):rep(1024 * 1024)
      local reader = task.spawn(function() return client:recv({exact = #data, timeout = 5}) end)
      assert(client:send(data))
      local back = assert(reader:join())
      print(#back .. " bytes came back")
      lesson.check("they are the same", back == data)
    end),
    step.client "Any bytes, not only text." (function()
      assert(client:send("\0\255\r\n\27"))
      print(hex.encode(assert(client:recv({exact = 5}))))
    end),
    step.client "The end: the client shuts its side down, and the server ends, too." (function()
      client:shutdown("write")
      assert(client:recv(10, {timeout = 2}))
    end) :fails "eof",
  },

  try = "Write it in the language you like, and let sosh look at it: sosh grade echo -- python3 server.py {port}",
  question = {
    ask = "The client sends 10 MB and only then begins to receive. What may happen: a deadlock or an error?",
    answer = {"deadlock", "a deadlock"},
    why = "All buffers on the way are full, and each side waits for the other to read.",
  },

  grade = {
    point "listens on 127.0.0.1 at the port it is told" (function(student)
      port = student.port or lesson.free_port()
      assert(student.start(port))
      lesson.knock(student, port):close()
    end) :must(),
    point "sends back what it receives" (function()
      with_client(function(c) echoed(c, "hello") end)
    end),
    point "goes on with the same client" (function()
      with_client(function(c)
        for _, text in ipairs {"one", "and again", "and a third time"} do echoed(c, text) end
      end)
    end),
    point "sends back any bytes, not only text" (function()
      with_client(function(c) echoed(c, "\0\255\254\r\n\27[31m") end)
    end),
    point "sends back a large message whole (1 MiB)" (function()
      with_client(function(c)
        local data = ("0123456789abcdef"):rep(64 * 1024)
        local reader = task.spawn(function() return c:recv({exact = #data, timeout = 8}) end)
        local sent, why = c:send(data, {timeout = 8})
        local back = reader:join()
        lesson.check("it takes all of it", sent, why)
        lesson.check("all of it comes back", back)
        lesson.check("it comes back unchanged", back == data)
      end)
    end),
    point "sends back a message that comes slowly, in pieces" (function()
      with_client(function(c)
        for piece in ("slowly, byte by byte"):gmatch(".") do
          assert(c:send(piece))
          task.sleep(0.005)
        end
        local back, why = c:recv({exact = 20, timeout = 3})
        lesson.check("all of it comes back", back, why)
        lesson.check("it comes back unchanged", back == "slowly, byte by byte", back)
      end)
    end),
    point "closes its side when the client has ended" (function()
      with_client(function(c)
        assert(c:send("bye"))
        c:shutdown("write")
        local data, why = c:recvall({timeout = 3})
        lesson.check("the end comes", data, why)
      end)
    end),
    point "serves a second client while the first is there" (function()
      with_client(function(first)
        with_client(function(second)
          echoed(second, "the second")
          echoed(first, "the first")
        end)
      end)
    end),
    point "survives a client that tears the connection down" (function()
      with_client(function(c)
        c:opt("linger", 0) -- close sends a reset
        c:send("half a mess")
      end)
      with_client(function(c) echoed(c, "after the rude one") end)
    end),
  },
}
