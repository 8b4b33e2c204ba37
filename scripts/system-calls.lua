local lesson = require "lesson"
local step = lesson.step

-- The names of the system calls of a command, in order.
local function names(explained)
  local list = {}
  for _, call in ipairs(explained.calls) do
    if call.name ~= "" then list[#list + 1] = call.name end
  end
  return table.concat(list, " ")
end

-- Prints the calls as strace(1) would.
local function show(explained)
  for _, call in ipairs(explained.calls) do
    if call.name ~= "" then
      local problem = call.errno ~= "" and " " .. call.errno or ""
      print(call.name .. "(" .. call.args .. ") = " .. call.result .. problem)
    end
  end
end

return lesson {
  id = "system-calls",
  title = "What the system sees: the calls behind a command",
  part = 1,
  order = 14,
  learn = "each command is a few system calls, the same in every language",
  needs = "socket-steps",

  steps = {
    step.server [[
      A program asks the system for everything it does with a socket. explain runs a command and shows these calls, with
      what they returned: a small number is the descriptor of a new socket.
    ]] (function()
      local listening = explain("listen 0 --backlog 5")
      server = listening.result
      show(listening)
      lesson.check("the calls end with bind and listen", names(listening):find("socket.*bind listen"), names(listening))
    end),
    step.client [[
      connect does not wait here: EINPROGRESS says that the handshake is under way. Afterwards the program asks SO_ERROR how
      it went.
    ]] (function()
      local connecting = explain("tcp connect 127.0.0.1 " .. server.lport)
      client = connecting.result
      show(connecting)
      lesson.check("socket comes before connect", names(connecting):find("^socket.*connect"), names(connecting))
    end),
    step.client "Nobody listens there: the error comes from the call, and has a name." (function()
      local port = lesson.free_port()
      local refused = explain("tcp connect 127.0.0.1 " .. port)
      show(refused)
      lesson.check("it was refused", refused.error:find("refused"), refused.error)
    end),
    step.client "Sending is one call, too." (function()
      local sending = explain("send " .. client.id .. " hello")
      show(sending)
      lesson.equal("the calls", names(sending), "write")
      lesson.equal("what it returned", sending.calls[1].result, "5")
    end),
    step.server "And so is receiving, once a client is accepted." (function()
      local accepting = explain("accept " .. server.id)
      accepted = accepting.result
      show(accepting)
      lesson.check("accept gives a new descriptor", names(accepting):find("^accept"), names(accepting))
      local receiving = explain("recv " .. accepted.id)
      show(receiving)
      lesson.equal("the data", receiving.result, "hello")
    end),
    step "The same calls in Python. explain --only python writes a program, --only c one for the C compiler." (function()
      local program = explain("send " .. client.id .. " hello", {dry_run = true}).python
      print(program)
      lesson.check("it sends the same bytes", program:find('sendall(b"hello")', 1, true), program)
    end),
  },

  try = "In the shell (s): explain udp bind 0, and compare: what is missing, and why?",
  question = {
    ask = "What does connect say when it does not wait for the handshake? One word, in capitals.",
    answer = {"EINPROGRESS"},
    hint = "It stands behind -1, in the second step.",
    why = "The socket does not block: the program may do other things meanwhile.",
  },
}
