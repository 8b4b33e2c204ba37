-- A UDP echo server, as a script has it: sosh run ./udp.lua HOST PORT
local u = assert(udp.bind(arg[1], tonumber(arg[2])))
while true do
  local data, host, port = u:recvfrom(2048)
  assert(data, host)
  u:sendto(host, port, data)
end
