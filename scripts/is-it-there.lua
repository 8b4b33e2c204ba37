local lesson = require "lesson"
local step = lesson.step

return lesson {
  id = "is-it-there",
  title = "Is it there?",
  part = 5,
  order = 75,
  learn = "what a ping asks, who answers it, and what its numbers mean",
  needs = "scanner",

  steps = {
    step.client [[
      By hand first: connect. The handshake takes one round trip, there and back; that it ends at all says that the host is
      there. How long it took is the round-trip time.
    ]] (function()
      listener = assert(listen("127.0.0.1", 0))
      local c = assert(tcp.connect("127.0.0.1", listener.lport))
      print("connected to " .. c.raddr .. ": it is there")
      c:close()
    end),
    step.client "The command does it again and again, and measures." (function()
      local answered = {}
      for r in ping("127.0.0.1", {tcp = listener.lport, count = 3, interval = 0.01}) do
        answered[#answered + 1] = r.seq
        print(r.seq, r.state, r.rtt .. " ms", r.reason)
        lesson.equal("its state", r.state, "reply")
        lesson.equal("what the port said", r.reason, "connected")
      end
      table.sort(answered) -- a slow answer comes after that to the next request
      lesson.equal("the requests that were answered", table.concat(answered, " "), "1 2 3")
    end),
    step.client "A closed port refuses. For a ping that is an answer too: the host is there." (function()
      gone = listener.lport
      listener:close()
      local r = assert(ping("127.0.0.1", {tcp = gone, count = 1}):next())
      print(r.state, r.reason)
      lesson.equal("a refusal", r.state, "reply")
      lesson.equal("its reason", r.reason, "connection refused")
    end),
    step.client [[
      What all requests came to: how many were lost, the shortest, the middle and the longest round trip. Nearly all pages
      wait for the slowest of their parts, so the 95th and 99th percentile say more than the mean. Jitter is how much one
      round trip differs from the next.
    ]] (function()
      local s = assert(ping("127.0.0.1", {tcp = gone, count = 20, interval = 0.005, show = "summary"}):next()).summary
      print(("%d of %d answered, %g %% lost"):format(s.received, s.sent, s.loss))
      print(("min %.3f, median %.3f, p95 %.3f, max %.3f, jitter %.3f ms"):format(s.min, s.median, s.p95, s.max, s.jitter))
      lesson.equal("requests", s.sent, 20)
      lesson.equal("answers", s.received, 20)
      lesson.equal("loss in percent", s.loss, 0)
      lesson.check("they are in order", s.min <= s.median and s.median <= s.p95 and s.p95 <= s.p99 and s.p99 <= s.max, s.median)
      lesson.check("the mean is among them", s.min <= s.mean and s.mean <= s.max, s.mean)
    end),
    step.client [[
      The ping of old sends an ICMP echo, which is no business of any port: the system itself answers. Making such a packet
      may need a right. Where this user has none, the error says what to set.
    ]] (function()
      local r, why, kind = ping("127.0.0.1", {count = 1}):next()
      if r then
        print(r.state, "from " .. r.from, r.ttl .. " hops left")
        lesson.equal("an echo", r.state, "reply")
        lesson.equal("who answered", r.from, "127.0.0.1")
        lesson.check("hops that it had left", r.ttl >= 32 and r.ttl <= 255, r.ttl)
      else
        print(why)
        lesson.equal("the kind of the failure", kind, "denied")
      end
    end),
    step.client "Many hosts at once: a network, one answer a line." "ping 127.0.0.0/30 --tcp ${gone} --count 1 --timeout 1s --plain",
    step.client "A name that nobody has is no silence: it is known at once." (function()
      local r, why, kind = ping("nobody.invalid", {tcp = 80, count = 1})
      print(why)
      lesson.equal("a name that nobody has", kind, "not-found")
    end),
  },

  try = "In the shell (s): ping 127.0.0.1 --tcp ${gone} --count 50 --interval 100ms, and watch the plot.",
  question = {
    ask = "ping --tcp 443 says reply, connection refused. Is the host there: yes or no?",
    answer = {"yes", "it is", "yes, it is"},
    hint = "Who refuses?",
    why = "Only a system that runs can refuse. What is not there is silent, or a router speaks for it.",
  },
}
