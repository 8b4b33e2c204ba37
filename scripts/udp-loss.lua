local lesson = require "lesson"
local step = lesson.step

-- A relay that loses datagrams: every third one, so that each run is the same.
local passed, lost = 0, 0
local function lossy_relay(socket, to_host, to_port)
  local count, client_host, client_port = 0
  while true do
    local data, host, port = socket:recvfrom(4096)
    if not data then break end
    local back = port == to_port
    if not back then client_host, client_port = host, port end
    count = count + 1
    if count % 3 == 0 then
      lost = lost + 1
    elseif back then
      socket:sendto(client_host, client_port, data)
    else
      passed = passed + 1
      socket:sendto(to_host, to_port, data)
    end
  end
end

local got, tries = {}, 0

return lesson {
  id = "udp-loss",
  title = "Datagrams get lost, and what a program does about it",
  part = 4,
  order = 47,
  learn = "loss is silent; numbers find it, acknowledgement and repetition mend it",
  needs = "udp-truth",

  steps = {
    step "Loopback loses nothing, so a relay in the middle does it for real: of every three datagrams it forwards two." (function()
      receiver = assert(udp.bind("127.0.0.1", 0))
      relay = assert(udp.bind("127.0.0.1", 0))
      task.spawn(lossy_relay, relay, receiver.lhost, receiver.lport)
      sender = assert(udp.connect("127.0.0.1", relay.lport))
    end),
    step.client "Nine datagrams, numbered. Every send succeeds." (function()
      for i = 1, 9 do assert(sender:send("datagram " .. i)) end
      print("nine sent, none refused")
    end),
    step.server "Not all arrive, and nothing tells either side. Only the numbers show which are missing." (function()
      repeat
        local data = receiver:recvfrom(4096, {timeout = "250ms"})
        got[#got + 1] = data and data:match("%d+")
      until not data
      print("arrived: " .. table.concat(got, " "))
      lesson.equal("what arrived", table.concat(got, " "), "1 2 4 5 7 8")
    end),
    step.server "A program that needs every datagram must say so itself: the receiver now acknowledges each one." (function()
      task.spawn(function()
        while true do
          local data, host, port = receiver:recvfrom(4096)
          if not data then break end
          receiver:sendto(host, port, "ack " .. data)
        end
      end)
    end),
    step.client "The sender repeats until the acknowledgement comes. Datagram and acknowledgement may both be lost." (function()
      for i = 1, 6 do
        local want = "ack " .. i
        repeat
          tries = tries + 1
          assert(sender:send(tostring(i)))
          local data = sender:recv(4096, {timeout = "60ms"})
        until data == want
      end
      print("six datagrams delivered, with " .. tries .. " sends")
      lesson.check("some had to be sent again", tries > 6, tries)
    end),
    step [[
      The receiver may now see a datagram twice, when its acknowledgement was lost: it must know the numbers it had. Add
      an order, a window and a pace, and it is TCP. Where late is worse than lost, as in speech, one leaves the gaps.
    ]],
  },

  try = "In the shell (s): send sender hello, three times, and recv sender --timeout 1s after each.",
  question = {
    ask = "A send of UDP succeeded. Does that mean that the datagram arrived: yes or no?",
    answer = {"no", "n"},
    why = "It means that this machine has sent it.",
  },
}
