local lesson = require "lesson"
local step = lesson.step
local options = lesson.options(arg, {host = "127.0.0.1", port = 0})

-- What a script does at one port: connect, ask, and say what came.
local function look(target)
  local c = assert(tcp.connect(target.host, target.port, {timeout = 2}))
  c:send("GET / HTTP/1.0\r\n\r\n")
  local line = c:recvline({timeout = 2})
  c:close()
  return line and line:match("^HTTP/[%d.]+ (%d+)")
end

-- A script as a file, as others would get it.
local source = [[
return {
  description = "How many bytes the greeting has",
  kinds = {%s},
  run = function(target)
    return {bytes = #banner(target.host, target.port, {wait = 2}), port = target.port}
  end,
}
]]

local function written(kinds)
  local name = os.tmpname()
  local file = assert(io.open(name, "w"))
  file:write(source:format(kinds))
  file:close()
  return name
end

local function answers(c)
  local line = c:recvline()
  if line and line:find("^GET ") then
    c:send("HTTP/1.0 200 OK\r\nServer: lesson\r\n\r\n<title>A page of\n the lesson</title>")
  end
end

local function greets(c)
  c:send("220 mail.example ready\r\n")
  c:recvall()
end

return lesson {
  id = "scan-scripts",
  title = "Scripts that look closer",
  part = 5,
  order = 68,
  learn = "an open port is only the beginning: what a server says first, what it answers, and who may be asked what",
  needs = "scanner",
  run = "sosh run scan-scripts",

  steps = {
    step.server "Two servers of our own: one answers when it is asked, as the web does; one greets, as mail does." (function()
      local function port(task) return task.lport end
      web = port(serve(options.port, answers))
      mail = port(serve(0, greets))
      datagrams = udp.bind(0).lport
    end),
    step.client "What says a server unasked? The one for mail greets." "banner 127.0.0.1 ${mail}",
    step.client "The other one says nothing, which is no error. In Lua the text comes, and what ended the waiting." (function()
      local text, waited = banner(options.host, web, {wait = 0.3})
      print(#text .. " bytes: " .. waited)
      lesson.equal("what the web says first", text, "")
      lesson.equal("what the mail says first", (banner(options.host, mail)), "220 mail.example ready\r\n")
    end),
    step.client "So somebody has to ask. By hand: connect, send, read a line. That is the function look; here it is called once." (function()
      local status = look {host = options.host, port = web}
      print("status " .. tostring(status))
      lesson.equal("the status of the page", status, "200")
      lesson.equal("what mail says to that", look {host = options.host, port = mail}, nil)
    end),
    step.client "A scan calls such a function at every open port, as a task beside the others. What it returns stands beside the port." (function()
      local found = {}
      for r in scan(options.host, {web, mail}, {script = look}) do
        local said = r.script[1]
        found[r.port] = said and said.output
        print(r.port, r.state, said and said.output or "-")
      end
      lesson.equal("what the script found at the web", found[web], "200")
      lesson.equal("what the script found at the mail", found[mail], nil)
    end),
    step.client "Some are built in. One of them at one port:" "script run http-title 127.0.0.1 ${web}",
    step.client [[
      As a file a script is a table: a description, its kinds, and the function run. With ports = {25, "smtp"} it is for
      these alone. Whoever runs scripts of others asks first what they do: script list FILE.
    ]] (function()
      polite, rude = written '"safe"', written '"intrusive", "brute"'
      local s = script.list(polite)[1]
      print(s.name, s.kinds, s.description)
      lesson.equal("its kinds", s.kinds, "safe")
      lesson.check("http-title is built in", #script.list("http-title") == 1)
    end),
    step.client "A safe one runs." (function()
      for r in scan(options.host, mail, {script = polite}) do
        print(r.port, json.encode(r.script[1].output))
        lesson.equal("the bytes of the greeting", r.script[1].output.bytes, #"220 mail.example ready\r\n")
      end
    end),
    step.client "One that says of itself that it is intrusive does not, unless that is asked for." (function()
      local ok, why = pcall(scan, options.host, mail, {script = rude})
      print(why)
      lesson.check("an intrusive script is refused", not ok)
      local ran = 0
      for r in scan(options.host, mail, {script = rude, script_kind = "safe,intrusive"}) do ran = ran + #r.script end
      lesson.equal("the scripts that ran when asked for", ran, 1)
      os.remove(polite)
      os.remove(rude)
    end),
    step.client "A script that is wrong is told at its port, and ends nothing else." (function()
      for r in scan(options.host, mail, {script = function(target) return target.nobody.knows end}) do
        print(r.port, r.state, r.script[1].error)
        lesson.check("the error is told", r.script[1].error:find("nobody is nil", 1, true), r.script[1].error)
      end
    end),
    step.client "UDP is another matter: who is silent may be open. A port with nobody is refused, one with a silent owner is not." (function()
      local open = udp.check(options.host, datagrams, {timeout = 0.2})
      local shut = udp.check(options.host, lesson.free_port "dgram", {timeout = 1})
      print(open.state, shut.state)
      lesson.equal("a silent socket", open.state, "open-or-filtered")
      lesson.equal("a port with nobody", shut.state, "closed")
    end),
  },

  try = "In the shell (s): script list, then scan 127.0.0.1 ${web} --script all --report page.html, and open the page in a browser.",
  question = {
    ask = "A script guesses passwords at every mail server it finds. Is it safe or intrusive?",
    answer = {"intrusive"},
    hint = "It tries to get in.",
    why = "Guessing weighs on the server, is written down there, and may lock people out. It has to be asked for, by whoever may.",
  },
}
