local lesson = require "lesson"
local step = lesson.step

local files = {["readme.txt"] = "Two connections: one to talk, one for the data.\n"}

-- A file server of a few lines (RFC 959, much shortened): passive mode only.
local function file_server(c)
  local function say(text) c:send(text .. "\r\n") end
  local data -- where the next data connection comes in
  local function over_data(send)
    if not data then return say("425 first PASV") end
    say("150 here it comes")
    local d = assert(data:accept({timeout = 5}))
    send(d)
    d:close()
    data:close()
    data = nil
    say("226 that was all")
  end
  say("220 files.example ready")
  for line in c:lines() do
    local verb, name = line:gsub("\r$", ""):match("^(%a+) ?(.*)$")
    verb = (verb or ""):upper()
    if verb == "USER" then say("331 and the password?")
    elseif verb == "PASS" then say("230 welcome")
    elseif verb == "PASV" then
      data = assert(tcp.listen("127.0.0.1", 0))
      say(("227 Entering Passive Mode (127,0,0,1,%d,%d)"):format(math.floor(data.lport / 256), data.lport % 256))
    elseif verb == "LIST" then
      over_data(function(d) for file, text in pairs(files) do d:send(#text .. " " .. file .. "\r\n") end end)
    elseif verb == "RETR" and files[name] then over_data(function(d) d:send(files[name]) end)
    elseif verb == "RETR" then say("550 no such file")
    elseif verb == "STOR" then over_data(function(d) files[name] = d:recvall() or "" end)
    elseif verb == "QUIT" then say("221 goodbye"); break
    else say("502 I do not know " .. verb) end
  end
end

-- Says a line and gives the answer, whose number it checks.
function say(line, want)
  if line then
    print("C: " .. line)
    assert(control:send(line .. "\r\n"))
  end
  local answer = assert(control:recvline({timeout = 2})):gsub("\r$", "")
  print("S: " .. answer)
  lesson.equal("the number of the answer", answer:sub(1, 3), want)
  return answer
end

-- Asks for a data connection: two of the six numbers are its port.
function passive()
  local high, low = say("PASV", "227"):match(",(%d+),(%d+)%)")
  print("the port is " .. high .. " * 256 + " .. low .. " = " .. high * 256 + low)
  return assert(tcp.connect("127.0.0.1", high * 256 + low))
end

return lesson {
  id = "ftp-by-hand",
  title = "Files: FTP, spoken by hand",
  part = 5,
  order = 72,
  learn = "one connection for the talk, another for each file; what passive means",
  needs = "smtp-by-hand",

  steps = {
    step.server "A file server, inside of this lesson. Real ones listen on port 21." (function()
      server = serve(0, file_server)
    end),
    step.client "Connect, and say who you are. Everybody on the way can read that: FTP encrypts nothing." (function()
      control = assert(tcp.connect("127.0.0.1", server.lport))
      say(nil, "220")
      say("USER ann", "331")
      say("PASS secret", "230")
    end),
    step.client "Data comes over a second connection. Passive: the server listens for it and says where, and the client connects." (function()
      data = passive()
    end),
    step.client "The list of files comes there; the end of the connection is the end of the list." (function()
      say("LIST", "150")
      print(assert(data:recvall({timeout = 2})))
      say(nil, "226")
    end),
    step.client "Fetch a file: another data connection." (function()
      data = passive()
      say("RETR readme.txt", "150")
      local text = assert(data:recvall({timeout = 2}))
      print(text)
      lesson.equal("the file", text, files["readme.txt"])
      say(nil, "226")
    end),
    step.client "Store one: the same, the other way. Closing says that this was all." (function()
      data = passive()
      say("STOR new.txt", "150")
      assert(data:send("written by hand\n"))
      data:close()
      say(nil, "226")
    end),
    step.server "It is there." (function()
      print("new.txt: " .. files["new.txt"])
      lesson.equal("the stored file", files["new.txt"], "written by hand\n")
    end),
    step.client "A file that is not there, and goodbye." (function()
      say("RETR nothing.txt", "550")
      say("QUIT", "221")
    end),
    step.server "A whole file server, built in. It serves a folder, here one for the moment with a readme.txt, and nothing outside of it." (function()
      site = serve(0, "ftp", {silent = true, write = true})
      host = "127.0.0.1:" .. site.lport
    end),
    step.client "The same with commands: the list first. It is made for programs (MLSD), with size and time." (function()
      for _, file in ipairs(assert(ftp.list(host))) do print(file.type .. " " .. file.size .. " " .. file.name) end
      lesson.equal("the first name", ftp.list(host)[1].name, "readme.txt")
    end),
    step.client "Fetch it, and look at the talk. EPSV is PASV without an address: the server's is known." (function()
      name = os.tmpname()
      local got = assert(ftp.get(host, "readme.txt", {output = name}))
      for _, line in ipairs(got.dialogue) do print("  " .. line) end
      lesson.equal("the bytes that came", got.bytes, #files["readme.txt"])
      lesson.equal("how the data came", got.mode, "passive")
    end),
    step.client "Store it the other way round: in active mode the client listens for the data, and the server connects." (function()
      local put = assert(ftp.put(host, name, "copy.txt", {active = true}))
      print("stored " .. put.bytes .. " bytes, " .. put.mode)
      lesson.equal("how the data went", put.mode, "active")
      lesson.equal("the size of the copy", assert(ftp.list(host, "copy.txt"))[1].size, put.bytes)
    end),
    step.client "A transfer broke off after ten bytes? REST says where to go on, and only the rest is sent." (function()
      local part = assert(io.open(name, "w"))
      part:write(files["readme.txt"]:sub(1, 10))
      part:close()
      local got = assert(ftp.get(host, "copy.txt", {output = name, resume = true}))
      print(got.bytes .. " bytes from byte " .. got.offset .. " on")
      lesson.equal("where it went on", got.offset, 10)
      local whole = assert(io.open(name))
      lesson.equal("the file", whole:read("*a"), files["readme.txt"])
      whole:close()
      os.remove(name)
    end),
    step.client "And what is not in the folder is not to be had, in whatever spelling." (function()
      for _, path in ipairs {"../../etc/passwd", "/etc/passwd", "..%2f..%2fetc/passwd"} do
        local got, why, kind = ftp.get(host, path, {output = name})
        print(why)
        lesson.equal("the kind of the error", kind, "not-found")
      end
    end),
  },

  try = "In the shell (s): ftp list ${host} --show, and again with --active: who connects to whom?",
  question = {
    ask = "In passive mode, who connects for the data: the client or the server?",
    answer = {"client", "the client"},
    why = "In active mode it is the server, which no NAT lets in; hence passive.",
  },
}
