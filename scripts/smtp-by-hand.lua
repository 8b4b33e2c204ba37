local lesson = require "lesson"
local step = lesson.step

local mailbox = {} -- what was delivered

-- A mail server of a few lines (RFC 5321, much shortened): it takes a letter and
-- keeps it.
local function mail_server(c)
  local function say(text) c:send(text .. "\r\n") end
  local letter = {to = {}}
  say("220 mail.example ready")
  for line in c:lines() do
    line = line:gsub("\r$", "")
    local verb = line:match("^%a+") or ""
    verb = verb:upper()
    if verb == "HELO" or verb == "EHLO" then say("250 mail.example greets you")
    elseif verb == "MAIL" then letter.from = line:match("<(.-)>"); say("250 sender ok")
    elseif verb == "RCPT" then letter.to[#letter.to + 1] = line:match("<(.-)>"); say("250 recipient ok")
    elseif verb == "DATA" and #letter.to == 0 then say("503 first say for whom: RCPT TO")
    elseif verb == "DATA" then
      say("354 write, and end with a dot on a line of its own")
      letter.text = {}
      repeat
        local text = (c:recvline() or "."):gsub("\r$", "")
        if text ~= "." then letter.text[#letter.text + 1] = (text:gsub("^%.%.", ".")) end
      until text == "."
      mailbox[#mailbox + 1] = letter
      letter = {to = {}}
      say("250 kept, number " .. #mailbox)
    elseif verb == "QUIT" then say("221 goodbye"); break
    else say("500 I do not know " .. verb) end
  end
end

-- Says a line and checks the number that the answer begins with.
function say(line, want)
  if line then
    print("C: " .. line)
    assert(client:send(line .. "\r\n"))
  end
  local answer = assert(client:recvline({timeout = 2})):gsub("\r$", "")
  print("S: " .. answer)
  lesson.equal("the number of the answer", answer:sub(1, 3), want)
end

return lesson {
  id = "smtp-by-hand",
  title = "E-mail: SMTP, spoken by hand",
  part = 5,
  order = 71,
  learn = "how a letter is handed to a mail server: envelope, then text, ended by a dot",
  needs = "http-by-hand",

  steps = {
    step.server "A mail server, inside of this lesson. Real ones listen on port 25, or on 587 for letters from their users." (function()
      server = serve(0, mail_server)
    end),
    step.client "Connect. Here the server speaks first: each answer begins with a number for programs and goes on for people." (function()
      client = assert(tcp.connect("127.0.0.1", server.lport))
      say(nil, "220")
    end),
    step.client "Introduce yourself." (function() say("HELO laptop.example", "250") end),
    step.client "The envelope: from whom, and for whom. Without that the server takes no letter." (function()
      say("DATA", "503")
      say("MAIL FROM:<ann@example.org>", "250")
      say("RCPT TO:<bob@example.org>", "250")
    end),
    step.client "Then the letter: header lines, an empty line, the text. A dot alone ends it; a line that begins with a dot gets a second one." (function()
      say("DATA", "354")
      for _, line in ipairs {"Subject: hello", "", "Dear Bob,", "..hidden files begin with a dot."} do
        print("C: " .. line)
        assert(client:send(line .. "\r\n"))
      end
      say(".", "250")
    end),
    step.client "Say goodbye." (function()
      say("QUIT", "221")
    end),
    step.server "It is there. Nobody has looked whether Ann wrote it: SMTP alone believes what the envelope says." (function()
      print("from " .. mailbox[1].from .. " to " .. table.concat(mailbox[1].to, ", "))
      for _, line in ipairs(mailbox[1].text) do print("  " .. line) end
      lesson.equal("the last line", mailbox[1].text[4], ".hidden files begin with a dot.")
    end),
    step.client "The same with one command, to the same server. It makes the header and doubles the dots. This is what was said; in the shell --show tells it line by line." (function()
      local sent = assert(smtp.send("127.0.0.1:" .. server.lport, {from = "Ann <ann@example.org>", to = "bob@example.org", subject = "hello", body = ".a dot"}))
      for _, line in ipairs(sent.dialogue) do print("  " .. line) end
      lesson.equal("the code of the answer", sent.code, 250)
      lesson.equal("the last line", mailbox[2].text[#mailbox[2].text], ".a dot")
    end),
    step.server "A whole mail server that passes nothing on, built in: it knows extensions, and here it refuses one recipient and wants a login." (function()
      sink = serve(0, "smtp", {silent = true, refuse = "nobody@example.org", user = "ann", password = "open sesame"})
    end),
    step.client "Ask what it offers. SIZE is the largest letter, AUTH are the ways to log in." (function()
      local what = assert(smtp.check("127.0.0.1:" .. sink.lport))
      print(what.code .. " " .. what.greeting)
      for _, extension in ipairs(what.extensions) do print("  " .. extension) end
      lesson.equal("the ways to log in", table.concat(what.auth, " "), "PLAIN LOGIN")
    end),
    step.client "Without a login it takes no letter; with one it takes it for those it knows. Each recipient has an answer of its own." (function()
      local letter = {from = "ann@example.org", to = {"bob@example.org", "nobody@example.org"}, subject = "hello", body = "Dear Bob"}
      local sent, why, kind = smtp.send("127.0.0.1:" .. sink.lport, letter)
      print(why)
      lesson.equal("the kind of the error", kind, "denied")
      letter.user, letter.password = "ann", "open sesame"
      sent = assert(smtp.send("127.0.0.1:" .. sink.lport, letter))
      print("taken for " .. table.concat(sent.accepted, ", "))
      print("refused for " .. sent.refused[1].address .. ": " .. sent.refused[1].code .. " " .. sent.refused[1].reply)
      lesson.equal("taken for", table.concat(sent.accepted, ", "), "bob@example.org")
      lesson.equal("the code of the refusal", sent.refused[1].code, 550)
    end),
  },

  try = "In the shell (s): smtp send 127.0.0.1:${server.lport} --from me@example.org --to you@example.org --body hello --show",
  question = {
    ask = "What ends the text of a letter?",
    answer = {"a dot on a line of its own", "a dot", "dot", "a line with a dot", "a single dot", "a dot alone"},
    why = "It is framing by a line that cannot be text: text lines with a dot in front get another one.",
  },
}
