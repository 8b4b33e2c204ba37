return {
  description = "Whether what is sent comes back (RFC 862)",
  kinds = {"safe", "discovery"},
  ports = {7},
  run = function(target)
    local c, message, kind = tcp.connect(target.host, target.port, {timeout = 3})
    if not c then return nil, message, kind end
    c:send("hello, echo\n")
    local line = c:recvline({timeout = 3})
    c:close()
    if line then return line == "hello, echo" and "it sends back what it gets" or "it answers " .. line end
  end,
}
