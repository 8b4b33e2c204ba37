local lesson = require "lesson"
local step = lesson.step

return lesson {
  id = "tasks",
  title = "Threads, tasks, and the modern way",
  part = 5,
  order = 65,
  learn = "what runs at once costs something, and what it shares must be shared with care",
  needs = "threaded-server",

  steps = {
    step [[
      A process has memory of its own; threads share it, and the system switches between them at any moment. A thread
      costs much memory, so servers with thousands of clients use one thread that watches many sockets: asynchronous
      I/O (select, epoll, kqueue). Tasks are written like threads and run like that.
    ]],
    step "Two tasks run beside each other. They switch where they wait." (function()
      local seen = {}
      local function count(name)
        for i = 1, 2 do
          seen[#seen + 1] = name .. i
          task.sleep(0.1)
        end
      end
      local a, b = task.spawn(count, "a"), task.spawn(count, "b")
      a:join()
      b:join()
      print(table.concat(seen, " "))
      lesson.check("they take turns", seen[2]:sub(1, 1) ~= seen[1]:sub(1, 1), table.concat(seen, " "))
    end),
    step [[
      What both change must not be read before a wait and written after it: the other was there meanwhile. Here 20 become
      fewer. With threads it happens without a wait, too, and seldom enough to be missed in a test.
    ]] (function()
      counter = 0
      local function add()
        for _ = 1, 10 do
          local was = counter
          task.sleep(0.01)
          counter = was + 1
        end
      end
      local a, b = task.spawn(add), task.spawn(add)
      a:join()
      b:join()
      print("20 were added, and counted were " .. counter)
      lesson.check("some are lost", counter < 20, counter)
    end),
    step "A mutex lets one in at a time." (function()
      local mutex = task.mutex()
      counter = 0
      local function add()
        for _ = 1, 10 do
          mutex:lock()
          local was = counter
          task.sleep(0.01)
          counter = was + 1
          mutex:unlock()
        end
      end
      local a, b = task.spawn(add), task.spawn(add)
      a:join()
      b:join()
      print("counted are " .. counter)
      lesson.equal("the count", counter, 20)
    end),
    step "Better still: share nothing, and pass values along. A queue waits for both sides." (function()
      local numbers = task.queue(4)
      local producer = task.spawn(function()
        for i = 1, 20 do numbers:put(i) end
        numbers:put("end")
      end)
      local sum = 0
      repeat
        local n = numbers:get()
        if n ~= "end" then sum = sum + n end
      until n == "end"
      producer:join()
      print("the sum is " .. sum)
      lesson.equal("the sum", sum, 210)
    end),
    step.server "How many clients at once? Two hundred tasks wait for two hundred clients here." (function()
      server = serve(0, function(c)
        c:send("welcome\n")
        c:recvall()
      end)
    end),
    step.client "All are connected and greeted before the first one leaves." (function()
      local clients = {}
      for i = 1, 200 do
        clients[i] = assert(tcp.connect("127.0.0.1", server.lport))
        assert(clients[i]:expect("welcome"))
      end
      print(#clients .. " clients are there at once")
      for _, c in ipairs(clients) do c:close() end
    end),
  },

  try = "In the shell (s): tasks shows the server; serve 0 echo & starts another.",
  question = {
    ask = "Two tasks add 1 to the same counter, and both read 5 before either writes. What is it afterwards?",
    answer = {"6", "six"},
    why = "One of the two is lost.",
  },
}
