local lesson = require "lesson"
local step = lesson.step

return lesson {
  id = "events",
  title = "Being told: waiting for many things",
  part = 5,
  order = 66,
  learn = "wait for what happens instead of asking again and again",
  needs = "tasks",

  steps = {
    step [[
      A program can ask again and again whether something came: polling. It answers late, or it keeps the machine busy.
      Better to be told. The system calls select, poll, epoll and kqueue wait for many sockets at once.
    ]],
    step "Asking again and again: three times, one hundredth of a second apart, and nobody has called." (function()
      listener = assert(tcp.listen("127.0.0.1", 0))
      asked = 0
      local again = assert(every("10ms", function()
        local ok, why, kind = waitfor("accept", listener, {timeout = "1ms"})
        lesson.equal("the kind of failure", kind, "timeout")
        asked = asked + 1
      end, {count = 3}))
      assert(wait(again))
      print("asked " .. asked .. " times")
      lesson.equal("how often it asked", asked, 3)
    end),
    step.server "Being told: for each client that comes, this function is called with its stream." (function()
      greeted = task.queue(4)
      watcher = assert(on("accept", listener, function(c)
        c:send("welcome\n")
        greeted:put(c.raddr)
      end))
    end),
    step.client "A client. It too waits to be told that bytes are there, and then takes them." (function()
      client = assert(tcp.connect("127.0.0.1", listener.lport))
      assert(waitfor("data", client, {timeout = 2}))
      local line = assert(client:recvline())
      print("received: " .. line .. ", as " .. greeted:get())
      lesson.equal("the greeting", line, "welcome")
    end),
    step "Waiting for time alone is waiting, too: others run meanwhile." (function()
      local order = {}
      local sleeper = task.spawn(function()
        assert(sleep("20ms"))
        order[#order + 1] = "slept"
      end)
      order[#order + 1] = "meanwhile"
      assert(wait(sleeper))
      print(table.concat(order, ", then "))
      lesson.equal("the order", table.concat(order, " "), "meanwhile slept")
    end),
    step [[
      A person is slow as well: a question waits, and the clients are served all the same. Where nobody is there to
      answer, it takes the default.
    ]] "answer = ask 'shall we go on?' --default yes",
  },

  finally = function()
    if client then client:close() end
    if listener then listener:close() end
  end,

  try = "In the shell (s): listen 0, then: on accept it send hello. Connect with another sosh.",
  question = {
    ask = "Is it polling or being told, when a program calls recv with a timeout of 0 in a loop?",
    answer = {"polling"},
    why = "It asks again and again; select, poll and epoll tell.",
  },
}
