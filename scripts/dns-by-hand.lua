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
  },

  try = "In the shell (s), as Lua: encoded(\"example.org\")",
  question = {
    ask = "Which transport carries most DNS questions: TCP or UDP?",
    answer = {"udp"},
    why = "One datagram there and one back cost less than a connection; long answers come over TCP.",
  },
}
