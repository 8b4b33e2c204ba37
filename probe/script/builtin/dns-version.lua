-- The name version.bind, class CHAOS, type TXT: what many servers tell of themselves.
local question = "\x00\x07version\x04bind\x00\x00\x10\x00\x03"

return {
  description = "What a name server says that it is",
  kinds = {"safe", "version", "discovery"},
  proto = "udp",
  ports = {53, 5353},
  services = {"domain"},
  run = function(target)
    local u = assert(udp.connect(target.host, target.port))
    u:send("so\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00" .. question:sub(2))
    local data, message, kind = u:recv(4096, {timeout = 3})
    u:close()
    if not data then return nil, message, kind end
    local count = #data > 12 and data:sub(1, 2) == "so" and data:byte(8) or 0
    if count == 0 then return nil end
    local text = data:sub(12 + #question) -- the answer repeats the question first
    local length = text:byte(13)          -- after name, type, class, time to live, size
    return length and text:sub(14, 13 + length)
  end,
}
