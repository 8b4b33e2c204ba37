local lesson = require "lesson"
local step = lesson.step

local path = os.tmpname() -- a name that is free once the file is gone
os.remove(path)

return lesson {
  id = "address-families",
  title = "Address families: inet, inet6, unix and others",
  part = 1,
  order = 12,
  learn = "the steps are the same in every family; only the addresses look different",
  needs = "socket-steps",

  steps = {
    step [[
      A family says what addresses look like. inet (AF_INET) has four octets and a port, inet6 (AF_INET6) sixteen and a
      port. unix (AF_UNIX) has the name of a file and no port: it never leaves the machine. The third argument of
      socket(), the protocol, is 0 nearly always: family and type say it.
    ]],
    step.server "inet: IPv4. The C names are understood, too." "ipv4 = socket open AF_INET SOCK_STREAM",
    step.server "Bound, and listening, on IPv4's own machine: 127.0.0.1." (function()
      assert(ipv4:bind("127.0.0.1", 0))
      assert(ipv4:listen(1))
      print(ipv4.laddr)
    end),
    step.server "inet6: its own machine is ::1, in brackets when a port follows. The same number is another port here." (function()
      ipv6 = assert(socket.open("inet6", "stream"))
      local ok, why = ipv6:bind("[::1]:" .. ipv4.lport)
      if ok then ok, why = ipv6:listen(1) end
      print(ok and ipv6.laddr or "this machine has no IPv6: " .. why)
      has_ipv6 = ok
    end),
    step.client "So a client must say which one it means. Names often have both addresses." (function()
      a = assert(tcp.connect("127.0.0.1", ipv4.lport, {timeout = 2}))
      print(a.laddr .. " to " .. a.raddr)
      if has_ipv6 then
        b = assert(tcp.connect("[::1]:" .. ipv6.lport, {timeout = 2}))
        print(b.laddr .. " to " .. b.raddr)
      end
    end),
    step.server "unix: the address is a path. Bind makes a file of it; no port, no network." (function()
      local made, why = listen("unix:" .. path)
      neighbour, has_unix = made, made ~= nil
      print(made and made.laddr or "not on this system: " .. why)
    end),
    step.client "Connect, send, receive: nothing else is new." (function()
      if not has_unix then return end
      local c = assert(tcp.connect("unix:" .. path, {timeout = 2}))
      local s = assert(neighbour:accept({timeout = 2}))
      c:send("hello neighbour")
      local text = assert(s:recv(1024))
      print("the server received: " .. text)
      lesson.equal("what came", text, "hello neighbour")
      c:close()
      s:close()
    end),
    step "bluetooth (AF_BLUETOOTH) exists where the machine has it. Elsewhere the system says that it does not know it." (function()
      local s, why, kind = socket.open("bluetooth", "stream")
      print(s and "this machine has it" or why)
      lesson.check("it is there, or the reason is that it is not", s or kind == "unsupported" or kind == "denied", kind)
    end),
  },

  finally = function() os.remove(path) end,

  try = "In the shell (s): info ipv4, and then info neighbour.",
  question = {
    ask = "Which family has no ports: inet, inet6 or unix?",
    answer = {"unix", "af_unix"},
    why = "Its addresses are names of files.",
  },
}
