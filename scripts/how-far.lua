local lesson = require "lesson"
local step = lesson.step

-- A way is the hops to this machine; nil where the system does not tell programs
-- what routers say, as all but Linux.
local function way(options)
  local hops, it = {}, trace("127.0.0.1", options)
  local hop, why, kind = it:next()
  if not hop then
    print(why)
    lesson.equal("why there is no way", kind, "unsupported")
    return nil
  end
  repeat
    hops[#hops + 1] = hop
    print(hop.hop, hop.host, hop.state, hop.reason, #hop.rtts .. " answers")
    hop = it:next()
  until not hop
  return hops
end

return lesson {
  id = "how-far",
  title = "How far is it?",
  part = 5,
  order = 78,
  learn = "what the time to live is for, and how the way to a host is found with it",
  needs = "is-it-there",

  steps = {
    step [[
      Each IP packet says how many hops it may still take. Every router takes one off; where none is left it throws the
      packet away, and tells the sender. So nothing goes round in circles for ever.
    ]],
    step.client "It is an option of the socket. Most systems begin with 64." (function()
      u = assert(udp.bind("127.0.0.1", 0))
      local ttl = assert(u:opt("ttl"))
      print("datagrams may take " .. ttl .. " hops")
      lesson.check("a number of hops", tonumber(ttl) > 1, ttl)
    end),
    step.client [[
      With one hop to live a datagram comes as far as the first router, with two to the second: each says that it is there.
      This machine is no hop away from itself, so one is enough.
    ]] (function()
      assert(u:opt("ttl", "1"))
      assert(u:sendto("127.0.0.1", u.lport, "hello"))
      local data = assert(u:recvfrom(100))
      print("it came: " .. data)
      lesson.equal("what came", data, "hello")
    end),
    step.client "The command does that with 1, 2, 3 … hops, three times each, until the host itself answers." (function()
      local hops = way {tcp = u.lport}
      if not hops then return end
      lesson.equal("the number of hops", #hops, 1)
      lesson.equal("the state of the last", hops[1].state, "reached")
      lesson.equal("its address", hops[1].host, "127.0.0.1")
      lesson.equal("the number of answers", #hops[1].rtts, 3)
      lesson.equal("what is lost, in percent", hops[1].loss, 0)
    end),
    step.client [[
      Usually the probes are datagrams to a port that nobody has: the host says so, and that is the end of the way. Connections
      get through filters that want nothing else: --tcp 443. Echo requests are what a ping sends: --icmp.
    ]] (function()
      local hops = way {udp = true, queries = 1}
      if not hops then return end
      lesson.equal("the way by datagrams ends", hops[1].state, "reached")
      lesson.equal("as the host says", hops[1].reason, "port unreachable")
    end),
    step.client "In several rounds, as mtr does it: which hop loses how much?" (function()
      local hops = way {tcp = u.lport, rounds = 3, interval = 0.01}
      if not hops then return end
      local hop = hops[1]
      print(("%d sent, %g %% lost, best %.3f ms, worst %.3f ms"):format(hop.sent, hop.loss, hop.min, hop.max))
      lesson.equal("probes", hop.sent, 3)
      lesson.check("best and worst", hop.min <= hop.mean and hop.mean <= hop.max, hop.mean)
    end),
  },

  try = "In the shell (s): trace ::1. Of a host on the internet it shows the routers of your provider.",
  question = {
    ask = "Hop 4 shows only stars, hop 5 answers. Does router 4 pass packets on: yes or no?",
    answer = {"yes", "it does", "yes, it does"},
    hint = "How did the probes get to hop 5?",
    why = "It passes on what goes through it. It only does not speak of what it threw away: many routers are told not to, or seldom.",
  },
}
