-- PING needs a password where one is set: whoever answers PONG has none.
return {
  description = "Whether a Redis server takes commands without a password",
  kinds = {"safe", "default", "auth"},
  ports = {6379, 6380},
  services = {"redis"},
  run = function(target)
    local c, message, kind = tcp.connect(target.host, target.port, {timeout = 3})
    if not c then return nil, message, kind end
    c:send("PING\r\n")
    local answer = c:recvline({timeout = 3})
    c:close()
    if answer == "+PONG" then return "open: it takes commands without a password" end
    if answer and answer:find("^%-NOAUTH") then return "it asks for a password" end
    if answer and answer:find("^%-DENIED") then return "protected mode: it answers its own machine only" end
  end,
}
