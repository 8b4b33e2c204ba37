local lesson = require "lesson"
local step = lesson.step

-- The last result of a run is its total.
local function total(run)
  local last
  for r in run do last = r end
  return last
end

return lesson {
  id = "how-fast",
  title = "How fast, and how many",
  part = 5,
  order = 59,
  learn = "throughput and answers a second are two numbers; the slowest answers tell more than the mean; a server has limits",
  needs = "one-at-a-time",

  steps = {
    step.server "To measure takes two: one that sends, one that counts what arrived." (function()
      other = assert(serve(0, "bench", {silent = true}))
    end),
    step.client "Bytes in large pieces. On loopback nothing but the processor is in the way." (function()
      local r = total(assert(bench("127.0.0.1", other.lport, {mode = "up", time = "200ms"})))
      lesson.check("bytes arrived", r.up > 0, r.up)
      print(("%.1f Gbit/s"):format(r.rate / 1e9))
    end),
    step.client "Small messages, each waiting for its answer. Now every byte costs a way there and back." (function()
      rr = total(assert(bench("127.0.0.1", other.lport, {mode = "rr", size = 64, time = "200ms"})))
      lesson.check("answers came", rr.requests > 0, rr.requests)
      print(("%d answers a second, %.3f Gbit/s"):format(rr.rps, rr.rate / 1e9))
    end),
    step.client "The half that was fastest, and the slowest of a hundred: p50 and p99. Users remember the second." (function()
      print(("p50 %.3f ms, p99 %.3f ms, longest %.3f ms"):format(rr.p50, rr.p99, rr.max))
      lesson.check("they are in order", rr.p50 <= rr.p99 and rr.p99 <= rr.max)
    end),
    step.server "A server of our own: it takes 20 ms for a client, and one client after another." (function()
      slow = assert(serve(0, function(c)
        task.sleep(0.02)
        c:send("served\n")
      end, {iterative = true}))
    end),
    step.client "Five clients at once, again and again, for half a second. Each waits for those before it." (function()
      alone = total(assert(tcp.load("127.0.0.1", slow.lport, {clients = 5, time = "500ms", expect = "served"})))
      print(("%d served, half of them within %.0f ms"):format(alone.answered, alone.answer_p50 or 0))
      lesson.check("some were served", alone.answered > 0, alone.answered)
    end),
    step.server "The same for all at once, a task each." (function()
      quick = assert(serve(0, function(c)
        task.sleep(0.02)
        c:send("served\n")
      end))
    end),
    step.client "More are served in the same time, and none waits for another." (function()
      together = total(assert(tcp.load("127.0.0.1", quick.lport, {clients = 5, time = "500ms", expect = "served"})))
      print(("%d served, half of them within %.0f ms"):format(together.answered, together.answer_p50 or 0))
      lesson.check("more than before", together.answered > alone.answered, together.answered)
    end),
    step.client "What fails is counted by its kind. Nobody listens at this port." (function()
      local port = lesson.free_port()
      local r = total(assert(tcp.load("127.0.0.1", port, {clients = 2, rate = 100, time = "100ms"})))
      lesson.equal("the kind", r.failures[1].kind, "refused")
      print(r.failed .. " refused")
    end),
  },

  try = "In the shell (s): bench 127.0.0.1 ${other.lport} --mode down --time 3s --streams 4",
  question = {
    ask = "One client after another, 20 ms each: how many can be served in a second at most?",
    answer = {"50", "fifty"},
    why = "1 s divided by 20 ms, whatever the number of clients that wait.",
  },
}
