local lesson = require "lesson"
local step = lesson.step

-- A simulation: real UDP datagrams over loopback, but in a language of our own
-- instead of DHCP's, and with a clock of our own, on which hours pass at once.
local hours = 0      -- on that clock
local lease_time = 2 -- hours
local pool = {"192.0.2.10", "192.0.2.11"} -- addresses for documentation
local leases = {}                         -- by address: who has it, and until when

-- An address for a client: the one it has, a free one, or one whose lease is over.
local function address_for(client)
  for _, address in ipairs(pool) do
    if leases[address] and leases[address].client == client then return address end
  end
  for _, address in ipairs(pool) do
    local lease = leases[address]
    if not lease or lease.ends <= hours then
      if lease then print("reclaimed " .. address .. " from " .. lease.client) end
      leases[address] = nil
      return address
    end
  end
end

-- DISCOVER asks what there is, REQUEST takes it or keeps it, RELEASE gives it back.
local function answer(verb, client)
  if not verb then return "NAK say DISCOVER, REQUEST or RELEASE, and a name" end
  local address = address_for(client)
  if verb == "RELEASE" then
    leases[address] = nil
    return "BYE"
  elseif not address then
    return "NAK the pool is empty"
  elseif verb == "DISCOVER" then
    return "OFFER " .. address
  end
  leases[address] = {client = client, ends = hours + lease_time}
  return "ACK " .. address
end

local function dhcp_server(socket)
  while true do
    local data, host, port = socket:recvfrom(4096)
    if not data then break end -- closed
    local reply = answer(data:match("^(%u+) (%S+)$"))
    socket:sendto(host, port, reply)
  end
end

-- What a client says to the server, and what comes back.
function ask_server(text)
  assert(client:send(text))
  local reply = assert(client:recv(4096, {timeout = 2}))
  print(text .. " -> " .. reply)
  return reply
end

return lesson {
  id = "dhcp-pool",
  title = "A pool of addresses: DHCP, simulated",
  part = 0,
  order = 5,
  learn = "how a machine gets its address for a while: offered, leased, renewed, reclaimed",
  needs = "private-ranges",

  steps = {
    step [[
      A machine's address is static, written down by a person, or dynamic, handed out by a server when it asks: DHCP. Home
      routers, hotspots and mobile networks do that. This is a simulation: the datagrams are real UDP over loopback, the
      words are simpler than DHCP's, and the hours of a lease pass on a clock of our own.
    ]],
    step.server "The server owns a pool of two addresses." (function()
      server = assert(udp.bind("127.0.0.1", 0))
      task.spawn(dhcp_server, server)
      client = assert(udp.connect("127.0.0.1", server.lport))
    end),
    step.client "A laptop asks what there is, and takes what is offered. (A real one must ask everybody: it has no address yet.)" (function()
      lesson.equal("the offer", ask_server("DISCOVER laptop"), "OFFER 192.0.2.10")
      lesson.equal("the lease", ask_server("REQUEST laptop"), "ACK 192.0.2.10")
    end),
    step.client "A phone gets the other one; then the pool is empty." (function()
      lesson.equal("the lease", ask_server("REQUEST phone"), "ACK 192.0.2.11")
      lesson.equal("the refusal", ask_server("DISCOVER guest"), "NAK the pool is empty")
    end),
    step.client "Leases last two hours. After one, the laptop renews its lease, and keeps its address. The phone has left without a word." (function()
      hours = 1
      lesson.equal("the renewal", ask_server("REQUEST laptop"), "ACK 192.0.2.10")
    end),
    step.client "The phone's lease is over: the server reclaims the address when somebody needs one." (function()
      hours = 2
      lesson.equal("the guest's lease", ask_server("REQUEST guest"), "ACK 192.0.2.11")
    end),
    step.client "Well-behaved machines give their address back when they leave." (function()
      lesson.equal("the farewell", ask_server("RELEASE laptop"), "BYE")
      lesson.equal("the phone's lease", ask_server("REQUEST phone"), "ACK 192.0.2.10")
    end),
  },

  try = "In the shell (s), as Lua: ask_server(\"REQUEST printer\"), and ask_server(\"DISCOVER camera\").",
  question = {
    ask = "The phone left without giving its address back. What brought it back into the pool: the end of its lease, or a message?",
    answer = {"the end of its lease", "end of its lease", "lease", "the lease", "the end of the lease"},
    why = "That is why leases end: machines vanish.",
  },
}
