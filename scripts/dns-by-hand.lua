local lesson = require "lesson"
local step = lesson.step

local zone = {["www.example.org"] = "\192\0\2\80"} -- addresses as their four bytes

-- The labels of a name, each with its length in front, and 0 at the end.
function encoded(name)
  local bytes = ""
  for label in name:gmatch("[^.]+") do bytes = bytes .. string.char(#label) .. label end
  return bytes .. "\0"
end

-- The name that is encoded at a place, and the place behind it.
function decoded(bytes, at)
  local labels = {}
  while true do
    local length = bytes:byte(at)
    if not length or length > 63 then return nil end -- cut off, or a form not used here
    at = at + 1
    if length == 0 then return table.concat(labels, "."), at end
    labels[#labels + 1] = bytes:sub(at, at + length - 1)
    at = at + length
  end
end

-- A name server of a few lines (RFC 1035, much shortened): type A only.
local function name_server(socket)
  while true do
    local query, host, port = socket:recvfrom(512)
    if not query then break end
    local name, behind = decoded(query, 13)
    if #query >= 17 and name then
      local question = query:sub(13, behind + 3)
      local address = zone[name:lower()]
      local flags = address and "\132\0" or "\132\3" -- an answer, by the one who owns the name; 3: no such name
      local reply = query:sub(1, 2) .. flags .. pack.pack(">HHHH", 1, address and 1 or 0, 0, 0) .. question
      if address then -- 0xC00C points to the name in the question
        reply = reply .. pack.pack(">HHHI4H", 0xC00C, 1, 1, 300, 4) .. address
      end
      socket:sendto(host, port, reply)
    end
  end
end

-- A query: number, flags (1: please ask others for me), one question, type A (1),
-- class internet (1).
function query(id, name) return pack.pack(">HHHHHH", id, 0x0100, 1, 0, 0, 0) .. encoded(name) .. pack.pack(">HH", 1, 1) end

return lesson {
  id = "dns-by-hand",
  title = "DNS, spoken by hand over UDP",
  part = 5,
  order = 73,
  learn = "how a name becomes an address: a question and an answer, a datagram each",
  needs = "udp-client, octets",

  steps = {
    step.server "A name server, inside of this lesson; real ones have port 53. It knows one name." (function()
      server = assert(udp.bind("127.0.0.1", 0))
      task.spawn(name_server, server)
    end),
    step.client "A name on the wire: each label with its length in front, and a zero at the end. No dots." (function()
      print(hex.encode(encoded("www.example.org")))
      lesson.equal("the name", encoded("www.example.org"), "\3www\7example\3org\0")
    end),
    step.client "The query: a number of our own, flags, how many questions, and the question: name, type 1 (A, an IPv4 address), class 1." (function()
      question = query(0x1234, "www.example.org")
      print(hex.encode(question))
    end),
    step.client "One datagram there, one back." (function()
      client = assert(udp.connect("127.0.0.1", server.lport))
      assert(client:send(question))
      reply = assert(client:recv(512, {timeout = 2}))
      print(#reply .. " bytes: " .. hex.encode(reply))
    end),
    step.client "The answer carries our number, so we know what it answers. A client must compare that: anybody can send datagrams." (function()
      local id, flags, questions, answers = pack.unpack(">HHHH", reply)
      print(("number %04x, answers: %d"):format(id, answers))
      lesson.equal("the number", id, 0x1234)
      lesson.equal("the number of answers", answers, 1)
    end),
    step.client "Behind the question stands the answer: its last four bytes are the address; before them how many seconds one may keep it." (function()
      local ttl, length, a, b, c, d = pack.unpack(">I4HBBBB", reply:sub(-10))
      print(("www.example.org is %d.%d.%d.%d, for %d seconds"):format(a, b, c, d, ttl))
      lesson.equal("the length of an address", length, 4)
      lesson.equal("the address", a .. "." .. b .. "." .. c .. "." .. d, "192.0.2.80")
    end),
    step.client "A name that is not there: the answer says so, with code 3 (NXDOMAIN), and no address." (function()
      assert(client:send(query(0x1235, "no.example.org")))
      local id, flags = pack.unpack(">HH", assert(client:recv(512, {timeout = 2})))
      print(("number %04x, code %d"):format(id, flags % 16))
      lesson.equal("the code", flags % 16, 3)
    end),
    step.client "The family's own command asks the same server; it writes the question, reads the answer, and says all of it in words." (function()
      local there = "127.0.0.1:" .. server.lport
      local r = assert(dns.query("www.example.org", {server = there, edns = 0}))
      print(r.rcode .. ": " .. r.answer[1].data .. ", " .. r.size .. " bytes over " .. r.transport)
      lesson.equal("the address", r.answer[1].data, "192.0.2.80")
      lesson.equal("the code of another name", dns.query("no.example.org", {server = there, edns = 0}).rcode, "NXDOMAIN")
    end),
    step.server "A whole name server: records as a zone file has them. It knows other types too, and answers over TCP as well." (function()
      zone = assert(serve(0, "dns", {silent = true, origin = "example.org", record = {
        "www A 192.0.2.80", "@ MX 10 mail", "mail A 192.0.2.25", "alias CNAME www", "long TXT " .. ("x"):rep(250) .. " " .. ("y"):rep(250),
      }}))
      there = "127.0.0.1:" .. zone.lport
    end),
    step.client "Mail for example.org goes to the host that its MX record names. The address comes along, as one would ask for it next." (function()
      local r = assert(dns.query("example.org", "MX", {server = there}))
      print(r.answer[1].data .. "  (" .. r.additional[1].name .. " " .. r.additional[1].data .. ")")
      lesson.equal("the mail host", r.answer[1].data, "10 mail.example.org.")
    end),
    step.client "An answer that does not fit into a datagram of 512 bytes is cut, and marked; so it is asked for again over TCP." (function()
      local r = assert(dns.query("long.example.org", "TXT", {server = there, edns = 0}))
      print(r.size .. " bytes over " .. r.transport)
      lesson.check("it came over TCP", r.truncated and r.transport == "tcp" and r.size > 512, r.size)
    end),
    step.client "The other way round: from an address to a name. 192.0.2.80 is kept as 80.2.0.192.in-addr.arpa, its octets backwards." (function()
      backwards = assert(serve(0, "dns", {silent = true, origin = "2.0.192.in-addr.arpa", record = {"80 PTR www.example.org."}}))
      local r = assert(dns.reverse("192.0.2.80", {server = "127.0.0.1:" .. backwards.lport}))
      print(r.reverse .. " is " .. r.names[1])
      lesson.equal("the name", r.names[1], "www.example.org.")
    end),
    step.client "What programs get: the system asks the hosts file first, then its name servers. Some names nobody is asked for: .localhost is always this machine." (function()
      local r = assert(dns.lookup("www.localhost", {family = "inet"}))
      print(r.addresses[1] .. ", from " .. r.source)
      lesson.equal("the address", r.addresses[1], "127.0.0.1")
      local _, why, kind = dns.lookup("www.abc.invalid")
      print(why)
      lesson.equal("the kind of failure", kind, "not-found")
    end),
  },

  try = "In the shell (s), as Lua: encoded(\"example.org\")",
  question = {
    ask = "Which transport carries most DNS questions: TCP or UDP?",
    answer = {"udp"},
    why = "One datagram there and one back cost less than a connection; long answers come over TCP.",
  },
}
