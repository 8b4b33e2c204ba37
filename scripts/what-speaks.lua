local lesson = require "lesson"
local step = lesson.step

-- What probe says of a port.
local function speaks(port, options)
  options = options or {}
  options.wait = options.wait or "1s"
  local found = probe("127.0.0.1", port, options)
  local r = found()
  found:close()
  print(r.port, r.protocol ~= "" and r.protocol or r.state, r.sure, r.reason)
  return r
end

return lesson {
  id = "what-speaks",
  title = "What speaks here?",
  part = 5,
  order = 69,
  learn = "an open port says nothing about the program behind it; its first words, or its answer to a question, do",
  needs = "scanner",

  steps = {
    step.server "Three servers on ports that tell nothing about them." (function()
      mail = assert(serve(0, "reply", "220 mail.example ESMTP Postfix\r\n", {silent = true}))
      web = assert(serve(0, function(c)
        local line = c:recvline()
        if line and line:match("^GET ") then c:send("HTTP/1.1 200 OK\r\nServer: Example/1.2\r\nContent-Length: 0\r\n\r\n") end
      end))
      secret = assert(serve(0, "echo", {secure = true, silent = true}))
    end),
    step.client "By hand: connect, and listen. Some servers speak first." (function()
      local said = assert(banner("127.0.0.1", mail.lport, {wait = "1s"}))
      print(said)
      lesson.check("it greets as a mail server", said:find("ESMTP", 1, true), said)
    end),
    step.client "Others wait to be asked. A line of HTTP is a question that hurts nobody." (function()
      local c = assert(tcp.connect("127.0.0.1", web.lport))
      assert(c:send("GET / HTTP/1.0\r\n\r\n"))
      local line = assert(c:recvline({timeout = 5}))
      print(line)
      lesson.check("it is HTTP", line:find("^HTTP/1.1 200"), line)
      c:close()
    end),
    step.client "probe does both: it listens first, and then has a list of such questions. It says what makes it so sure." (function()
      local r = speaks(mail.lport)
      lesson.equal("the protocol", r.protocol, "smtp")
      lesson.equal("the program", r.product, "Postfix")
      lesson.equal("nothing had to be asked", r.question, "greeting")
      r = speaks(web.lport)
      lesson.equal("the protocol", r.protocol, "http")
      lesson.equal("program and version", r.product .. " " .. r.version, "Example 1.2")
      lesson.equal("what was asked", r.question, "http")
      lesson.equal("how sure", r.sure, "certain")
    end),
    step.client "A scan finds what is open; with --probe it asks each open port the same questions. nmap -sV is understood as that." (function()
      local who = {}
      for r in scan("127.0.0.1", {mail.lport, web.lport}, {probe = true}) do
        if r.speaks then who[r.port] = r.speaks end
      end
      lesson.equal("at the first port", who[mail.lport].protocol .. ", " .. who[mail.lport].product, "smtp, Postfix")
      lesson.equal("at the second", who[web.lport].protocol .. ", " .. who[web.lport].version, "http, 1.2")
    end),
    step.client "Within TLS somebody speaks, too. It looks inside, and judges the certificate: see the lesson tls-trust." (function()
      local r = speaks(secret.lport)
      lesson.equal("the protocol", r.protocol, "tls")
      lesson.equal("inside", r.inside, "echo")
      lesson.equal("what only sends back can be anything", r.sure, "likely")
      lesson.check("the certificate", r.verify:find("self-signed", 1, true), r.verify)
    end),
    step.client "A port without anybody is closed; in the shell that is exit code 1." (function()
      local gone = assert(listen(0))
      local port = gone.lport
      gone:close()
      local r = speaks(port)
      lesson.equal("the state", r.state, "closed")
    end),
    step "A guess stays one: the greeting below could be FTP or SMTP, and the server takes no questions." (function()
      vague = assert(serve(0, "reply", "220 welcome\r\n", {silent = true}))
      local r = speaks(vague.lport, {wait = "300ms"})
      lesson.equal("how sure", r.sure, "guess")
    end),
    step.server "Over UDP nobody greets: something must be asked. Here a datagram comes back as it was." (function()
      udp_echo = assert(udp.bind(0))
      task.spawn(function()
        for data, host, port in function() return udp_echo:recvfrom() end do udp_echo:sendto(host, port, data) end
      end)
      lesson.equal("a check asks one question", assert(udp.check("127.0.0.1", udp_echo.lport)).state, "open")
      local r = speaks(udp_echo.lport, {udp = true})
      lesson.equal("the protocol", r.protocol, "echo")
      lesson.equal("over", r.proto, "udp")
      udp_echo:close()
    end),
  },

  try = "In the shell (s): probe 127.0.0.1 ${mail.lport},${web.lport},${secret.lport} asks all three.",
  question = {
    ask = "Port 443 is open. Is it certain that HTTP speaks there?",
    answer = {"no", "no, it is not", "it is not"},
    hint = "Who decides which program listens on a port?",
    why = "The number is a habit. Only what the program says tells what it is.",
  },
}
