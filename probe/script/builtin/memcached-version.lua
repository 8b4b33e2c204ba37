return {
  description = "Version of a memcached that takes commands from anybody",
  kinds = {"safe", "default", "version"},
  ports = {11211},
  services = {"memcache"},
  run = function(target)
    local c, message, kind = tcp.connect(target.host, target.port, {timeout = 3})
    if not c then return nil, message, kind end
    c:send("version\r\n")
    local answer = c:recvline({timeout = 3})
    c:close()
    return answer and answer:match("^VERSION (.*)$")
  end,
}
