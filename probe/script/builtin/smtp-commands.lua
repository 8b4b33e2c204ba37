-- EHLO (RFC 5321, 4.1.1.1) is answered by a line for each extension.
local function reply(c)
  local lines = {}
  for _ = 1, 100 do
    local line = c:recvline({timeout = 3})
    if not line then break end
    lines[#lines + 1] = line:sub(5)
    if line:sub(4, 4) ~= "-" then return line:sub(1, 3), lines end
  end
  return nil, lines
end

return {
  description = "Extensions that a mail server offers",
  kinds = {"safe", "default", "discovery"},
  ports = {25, 587, 2525},
  services = {"smtp", "submission"},
  run = function(target)
    local c, message, kind = tcp.connect(target.host, target.port, {timeout = 3})
    if not c then return nil, message, kind end
    local code = reply(c)
    if code ~= "220" then
      c:close()
      return nil
    end
    c:send("EHLO sosh.invalid\r\n")
    local answer, lines = reply(c)
    c:send("QUIT\r\n")
    c:close()
    if answer ~= "250" then return nil end
    return {name = table.remove(lines, 1), extensions = lines}
  end,
}
