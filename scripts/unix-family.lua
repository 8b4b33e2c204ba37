local lesson = require "lesson"
local step = lesson.step
local path = lesson.options(arg, {path = ""}).path
if path == "" then
  path = os.tmpname()
  os.remove(path) -- of that file only the name is wanted
end

return lesson {
  id = "unix-family",
  title = "Another address family: AF_UNIX",
  part = 1,
  order = 13,
  learn = "AF_UNIX: the same calls, but an address is the path of a file",
  needs = "address-families",
  run = "sosh run unix-family [--path FILE]",

  steps = {
    step.server [[
      The family says what addresses look like. AF_INET has a host and a port; AF_UNIX has the path of a file, and so is
      for programs on one machine. The mode says who may connect, as of any file.
    ]] (function()
      server = assert(unix.listen(path, {mode = "0600"}))
      print("listening on " .. server.laddr .. ", family " .. server.family)
    end),
    step.client "The other calls are the same." (function()
      client = assert(unix.connect(path))
      assert(client:send("hello"))
    end),
    step.server "The system says who is there: something no address of the internet can." (function()
      accepted = assert(server:accept())
      local data = assert(accepted:recv())
      print("received " .. data .. " from " .. (accepted.peer ~= "" and accepted.peer or "somebody here"))
      lesson.equal("what came", data, "hello")
    end),
    step.server "The path is taken while somebody listens, as a port would be." (function()
      assert(unix.listen(path))
    end) :fails "in-use",
    step.server [[
      The system never removes such a file by itself. A program that ends without doing so leaves it behind: the raw
      steps show it.
    ]] (function()
      for _, handle in ipairs {client, accepted, server} do handle:close() end
      local raw = assert(socket.open("unix", "stream"))
      assert(raw:bind("unix:" .. path))
      raw:close()
    end),
    step.client "The file is there, but nobody listens." (function()
      assert(unix.connect(path))
    end) :fails "refused",
    step.server "unix listen replaces such a file, and close removes it." (function()
      assert(unix.listen(path)):close()
      assert(unix.connect(path))
    end) :fails "not-found",
    step [[
      Datagrams, too. Here they arrive, whole and in order; but without an address of its own the sender cannot be
      answered.
    ]] (function()
      receiver = assert(unix.listen(path, {datagram = true}))
      nameless = assert(unix.connect(path, {datagram = true}))
      named = assert(unix.connect(path, {datagram = true, laddr = path .. "2"}))
      assert(nameless:send("one"))
      assert(named:send("two"))
      local one, nobody = receiver:recvfrom(4096)
      local two, somebody = receiver:recvfrom(4096)
      print("received " .. one .. " from nobody, and " .. two .. " from " .. somebody)
      lesson.equal("the nameless sender", nobody, "")
      assert(receiver:sendto("unix:" .. somebody, "an answer"))
      lesson.equal("the answer", named:recv(), "an answer")
    end),
  },

  finally = function()
    for _, name in ipairs {path, path .. "2"} do os.remove(name) end
  end,

  try = "sosh unix listen /tmp/talk in one terminal, sosh unix connect /tmp/talk in another; ls -l /tmp/talk shows what it is.",
  question = {
    ask = "A server with a UNIX socket was killed. What is left behind?",
    answer = {"the file", "a file", "file", "its file", "the path"},
    why = "A port comes free by itself; a file stays until somebody removes it.",
  },
}
