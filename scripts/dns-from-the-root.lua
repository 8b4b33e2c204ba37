local lesson = require "lesson"
local step = lesson.step

return lesson {
  id = "dns-from-the-root",
  title = "DNS, from the root down",
  part = 5,
  order = 74,
  learn = "nobody knows all names: each server refers to the one that knows more",
  needs = "dns-by-hand",

  steps = {
    step [[
      The names are a tree. At its top, the root, 13 name servers know who has org, net, de and the others; the servers of
      org know who has example.org; and those know www.example.org. Here are three such servers. Where the system allows it
      each has its own address, as in life; they share a port, because a name server is only known by its address.
    ]],
    step.root "The root knows one thing: who has test. That is a delegation: a name, type NS, and the address of the server (glue)." (function()
      root = assert(serve(0, "dns", {silent = true, origin = ".", record = {"test. NS ns.test.", "ns.test. A 127.0.0.2"}}))
      port = root.lport
    end),
    step.below "The servers of test., and of example.test. Where 127.0.0.2 is not of this machine (macOS), the root serves all." (function()
      test = serve("127.0.0.2", port, "dns", {silent = true, origin = "test.", record = {"example NS ns.example", "ns.example A 127.0.0.3"}})
      example = test and serve("127.0.0.3", port, "dns", {silent = true, origin = "example.test.", record = {"www A 192.0.2.80", "alias CNAME www"}})
      if not example then
        kill(root)
        root = assert(serve(0, "dns", {silent = true, origin = ".", record = {"www.example.test. A 192.0.2.80", "alias.example.test. CNAME www.example.test."}}))
        port = root.lport
      end
    end),
    step.client "Asked for a name far below, the root does not answer: it refers. In authority stands who knows more, in additional where that is." (function()
      local r = assert(dns.query("www.example.test", {server = "127.0.0.1:" .. port, norecurse = true}))
      print(r.rcode .. ", answers: " .. #r.answer)
      for _, record in ipairs(r.authority) do print(record.name .. " " .. record.type .. " " .. record.data) end
      if example then
        lesson.equal("the number of answers", #r.answer, 0)
        lesson.equal("who knows more", r.authority[1].data, "ns.test.")
      end
    end),
    step.client "dns trace follows that way, and shows each question. Your provider's name server does the same for you, and remembers what it learned." (function()
      local last
      steps = 0
      for s in dns.trace("www.example.test", {server = "127.0.0.1:" .. port}) do
        steps, last = steps + 1, s
        print(s.step .. ". " .. s.server .. ": " .. s.result .. " " .. s.next)
      end
      lesson.equal("the last answer", last.data[1].data, "192.0.2.80")
      lesson.equal("the number of questions", steps, example and 3 or 1)
    end),
    step.client "An alias (CNAME) is a name that stands for another one." (function()
      local all
      for s in dns.trace("alias.example.test", {server = "127.0.0.1:" .. port}) do all = s.data end
      print(all[1].data, all[2].data)
      lesson.equal("the alias", all[1].data, "www.example.test.")
    end),
    step.client "A name that is not there: only its own zone can say so. Nobody above knows." (function()
      local last
      local ok, why = pcall(function()
        for s in dns.trace("no.example.test", {server = "127.0.0.1:" .. port}) do last = s end
      end)
      print(last.result, why)
      lesson.equal("the result", last.result, "NXDOMAIN")
    end),
    step.client "Ask a server for what is not its own, and it refuses." (function()
      local r = dns.query("www.example.org", {server = (example and "127.0.0.3:" or "127.0.0.1:") .. port})
      print(r.rcode .. ": " .. r.meaning)
      lesson.check("it has no such answer", r.rcode == (example and "REFUSED" or "NXDOMAIN"), r.rcode)
    end),
  },

  try = "In the shell (s): dns query example.test NS --server 127.0.0.1:${port}, with --show to see the bytes.",
  question = {
    ask = "How many servers had to be asked for www.example.test?",
    answer = function() return tostring(steps) end,
    hint = "The root is one of them.",
    why = "The root, test, and example.test. A resolver remembers them, so that the next name below is one question.",
  },
}
