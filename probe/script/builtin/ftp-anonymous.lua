-- It logs in, which a server writes down: intrusive.
return {
  description = "Whether an FTP server lets anybody in",
  kinds = {"intrusive", "auth"},
  ports = {21, 2121},
  services = {"ftp"},
  run = function(target)
    local c, message, kind = tcp.connect(target.host, target.port, {timeout = 3})
    if not c then return nil, message, kind end
    local function answer()
      for _ = 1, 100 do
        local line = c:recvline({timeout = 3})
        if not line then return nil end
        if line:find("^%d%d%d ") then return line:sub(1, 3) end
      end
    end
    if answer() ~= "220" then
      c:close()
      return nil
    end
    c:send("USER anonymous\r\n")
    local code = answer()
    if code == "331" then
      c:send("PASS sosh@\r\n")
      code = answer()
    end
    c:send("QUIT\r\n")
    c:close()
    if code == "230" then return "anybody may log in as anonymous" end
    if code == "530" then return "it wants a name and a password" end
  end,
}
