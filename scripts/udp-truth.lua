local lesson = require "lesson"
local step = lesson.step
local options = lesson.options(arg, {host = "127.0.0.1", port = 0})

local host, port

return lesson {
  id = "udp-truth",
  title = "What UDP does not promise: datagrams, truncation, refusal",
  part = 4,
  order = 45,
  learn = "one send is one datagram; too long is cut; nothing says it arrived",
  needs = "udp-server, udp-client",
  run = "sosh run udp-truth [--port N]",

  steps = {
    step "A receiver with a port, and a sender without." (function()
      receiver = assert(udp.bind(options.host, options.port))
      sender = assert(socket.open("inet", "dgram"))
      host, port = receiver.lhost, receiver.lport
    end),
    step "One send is one datagram, and one recvfrom gives one." (function()
      assert(sender:sendto(host, port, "one"))
      assert(sender:sendto(host, port, "two"))
      local first, second = receiver:recvfrom(4096), receiver:recvfrom(4096)
      print("received " .. first .. ", then " .. second .. "; TCP might have given onetwo")
      lesson.equal("the first datagram", first, "one")
      lesson.equal("the second datagram", second, "two")
    end),
    step "In one go: udp sendto makes the socket, and the system chooses its port." (function()
      local third = assert(udp.sendto(host, port, "three"))
      local data, _, from = receiver:recvfrom(4096)
      print("received " .. data .. " from port " .. from)
      lesson.equal("the sender's port", from, third.lport)
      third:close()
    end),
    step "A datagram larger than the buffer is cut, and the rest is gone." (function()
      assert(sender:sendto(host, port, ("x"):rep(100)))
      assert(sender:sendto(host, port, "next"))
      local cut, _, _, length, truncated = receiver:recvfrom(10)
      local after = (receiver:recvfrom(4096))
      print("of " .. length .. " bytes " .. #cut .. " came; then came " .. after)
      lesson.equal("the length of what came", #cut, 10)
      lesson.equal("whether it was cut", truncated, true)
      lesson.equal("the next datagram", after, "next")
    end),
    step "Nothing says that it arrived: the receiver is closed, and sendto finds nothing wrong." (function()
      receiver:close()
      assert(sender:sendto(host, port, "hello?"))
      local data, why, kind = sender:recvfrom(4096, {timeout = "100ms"})
      print("waiting for an answer: " .. tostring(why))
      lesson.equal("the kind", kind, "timeout")
    end),
    step [[
      The other machine does answer, with an ICMP message: port unreachable. Only a connected UDP socket, which has one
      peer, is told. Connecting sends nothing.
    ]] (function()
      connected = assert(udp.connect(host, port))
      assert(connected:send("hello?"))
      local data, why, kind = connected:recv(4096, {timeout = 2})
      print("the answer: " .. tostring(why))
      lesson.equal("the kind", kind, "refused")
    end),
    step [[
      The lecture says that UDP does not check for errors. It does: each datagram has a checksum, and a damaged one is
      dropped. What UDP lacks is telling anyone: no acknowledgement, no second try, no order.
    ]],
  },

  try = "In the shell (s): udp bind 12345, then udp sendto 127.0.0.1 12345 ''. An empty datagram is one, too.",
  question = {
    ask = "Does a UDP datagram have a checksum: yes or no?",
    answer = {"yes", "y"},
    why = "A damaged one is dropped silently; that is why it seems as if nobody checked.",
  },
}
