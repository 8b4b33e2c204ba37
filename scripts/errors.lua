local lesson = require "lesson"
local step = lesson.step

return lesson {
  id = "errors",
  title = "Every error, on purpose",
  part = 2,
  order = 22,
  learn = "what each failure of a socket means, and how to bring it about",
  needs = "tcp-client-errors",

  steps = {
    step.client "A name that nobody has: .invalid never exists. Python: gaierror." "tcp connect www.abc.invalid 80" :fails "not-found",
    step "A port that is out of range. Nothing is sent: the call itself is wrong." "tcp connect 127.0.0.1 99999" :fails "usage",
    step "A port that is no number." "tcp connect 127.0.0.1 eighty" :fails "usage",
    step.server "A port that is held, but where nobody listens." (function()
      silent = assert(socket.open("inet", "stream"))
      assert(silent:bind("127.0.0.1", 0))
    end),
    step.client "Refused, ECONNREFUSED: the machine is there and answers at once that nobody listens."
      "tcp connect 127.0.0.1 ${silent.lport}" :fails "refused",
    step.server "A server whose queue is full: it accepts nobody, and its system is told to keep one waiting." (function()
      busy = assert(tcp.listen("127.0.0.1", 0, {backlog = 1}))
      local refused = 0 -- in a row: one may be just a slow moment
      for _ = 1, 30 do
        refused = tcp.connect("127.0.0.1", busy.lport, {timeout = "100ms"}) and 0 or refused + 1
        if refused == 2 then break end
      end
    end),
    step.client [[
      Timed out, ETIMEDOUT: no answer at all. A full queue does that on Linux; in real life it is a firewall, or a machine
      that is off. (Systems that refuse here show refused instead.)
    ]] (function()
      local _, why, kind = tcp.connect("127.0.0.1", busy.lport, {timeout = "200ms"})
      print(tostring(kind) .. ": " .. tostring(why))
      lesson.check("the kind is timeout or refused", kind == "timeout" or kind == "refused", kind)
    end),
    step.client "Unreachable, ENETUNREACH or EHOSTUNREACH: no way there. No TCP connection goes to everybody at once." (function()
      local _, why, kind = tcp.connect("255.255.255.255", 80, {timeout = "300ms"})
      print(tostring(kind) .. ": " .. tostring(why))
      lesson.check("it fails", kind ~= nil)
    end),
    step.server "In use, EADDRINUSE: the second who wants a port. It fails at bind." (function()
      second = assert(socket.open("inet", "stream"))
      assert(second:bind("127.0.0.1", silent.lport))
    end) :fails "in-use",
    step.server "An address that this machine does not have, EADDRNOTAVAIL." (function()
      foreign = assert(socket.open("inet", "stream"))
      local ok, why = foreign:bind("192.0.2.1", 0)
      print(tostring(why))
      lesson.check("it fails", not ok)
    end),
    step.server "Steps in the wrong order: accept before listen." (function()
      assert(silent:accept({timeout = 1}))
    end) :fails "not-ready",
    step "A connection, to break in several ways." (function()
      listener = assert(tcp.listen("127.0.0.1", 0))
      function pair()
        local c = assert(tcp.connect("127.0.0.1", listener.lport))
        return c, assert(listener:accept())
      end
      c, s = pair()
    end),
    step.client "A receive that nothing comes for. The connection is whole; only our patience ended." (function()
      assert(c:recv(10, {timeout = "50ms"}))
    end) :fails "timeout",
    step.client "The other side ends well: recv says end of stream. Python gives b\"\"." (function()
      s:close()
      assert(c:recv(10))
    end) :fails "eof",
    step.client "Reset, ECONNRESET: the other side tore the connection down. Linger 0 makes close do that." (function()
      c, s = pair()
      s:opt("linger", 0)
      s:close()
      assert(c:recv(10, {timeout = 2}))
    end) :fails "reset",
    step.client "Broken pipe, EPIPE: sending on a side that one has shut down oneself." (function()
      c, s = pair()
      c:shutdown("write")
      assert(c:send("too late"))
    end) :fails "broken-pipe",
    step.client "A handle that is closed. In C this is EBADF, or worse, somebody else's file." (function()
      c:close()
      assert(c:send("hello"))
    end) :fails "closed",
    step.client "A family that this machine does not have, EAFNOSUPPORT: said in words as well." (function()
      local made, why, kind = socket.open("bluetooth", "dgram")
      print(made and "this machine has Bluetooth" or tostring(kind) .. ": " .. why)
    end),
  },

  try = "sosh tcp connect 127.0.0.1 1 --json: the error as an object, with its errno and a hint.",
  question = {
    ask = "A connect fails at once, another after a minute. Which one means that the machine is there: refused or timed out?",
    answer = {"refused"},
    why = "Refused is an answer; a time-out is the lack of one.",
  },
}
