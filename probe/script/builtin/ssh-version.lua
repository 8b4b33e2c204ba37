-- A server of SSH says its version first (RFC 4253, 4.2), perhaps after other lines.
return {
  description = "Version of the protocol and the software of an SSH server",
  kinds = {"safe", "default", "version"},
  ports = {2222},
  services = {"ssh"},
  run = function(target)
    local c, message, kind = tcp.connect(target.host, target.port, {timeout = 3})
    if not c then return nil, message, kind end
    for _ = 1, 20 do
      local line = c:recvline({timeout = 3})
      if not line then break end
      local protocol, software = line:match("^SSH%-([^-]+)%-(.*)$")
      if protocol then
        c:close()
        return {protocol = protocol, software = software}
      end
    end
    c:close()
  end,
}
