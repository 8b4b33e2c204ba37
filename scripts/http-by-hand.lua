local lesson = require "lesson"
local step = lesson.step

-- A web server of a dozen lines: one page, and 404 for everything else.
local page = "<h1>It is only text.</h1>\n"
local function web_server(c)
  while true do
    local request = c:recvline({timeout = 5})
    if not request then break end
    local method, path = request:match("^(%u+) (%S+) HTTP/1%.1\r?$")
    local last = false
    repeat -- the header lines, to the empty one
      local line = c:recvline({timeout = 5}) or ""
      last = last or line:lower():find("^connection: *close") ~= nil
    until line == "" or line == "\r"
    local status, body = "200 OK", page
    if not method then status, body, last = "400 Bad Request", "What?\n", true
    elseif path ~= "/" then status, body = "404 Not Found", "No " .. path .. " here.\n" end
    c:send("HTTP/1.1 " .. status .. "\r\nContent-Type: text/html\r\nContent-Length: " .. #body .. "\r\n\r\n")
    if method ~= "HEAD" then c:send(body) end
    if last then break end
  end
end

-- Prints the header of an answer, and gives the length of what follows.
function header(c)
  local length = 0
  repeat
    local line = assert(c:recvline({timeout = 2})):gsub("\r$", "")
    print(line)
    length = tonumber(line:match("^Content%-Length: (%d+)") or length)
  until line == ""
  return length
end

return lesson {
  id = "http-by-hand",
  title = "HTTP, spoken by hand",
  part = 5,
  order = 70,
  learn = "a web browser sends lines of text over TCP; so can you",
  needs = "whole-messages",

  steps = {
    step.server "A web server, inside of this lesson; a dozen lines of Lua. Real ones listen on port 80, or 443 with TLS." (function()
      server = serve(0, web_server)
    end),
    step.client "A browser connects, as any client does." "client = tcp connect 127.0.0.1 ${server.lport}",
    step.client "The request: method, path, version. Lines end with CR LF, which --crlf adds."
      'send client --crlf "GET / HTTP/1.1"',
    step.client "Header lines follow; Host is the one that HTTP/1.1 asks for. An empty line ends them."
      'send client --crlf "Host: localhost"; send client --crlf ""',
    step.client "The answer begins alike: version, status, words for it; then a header. The body is not a line: its length is said." (function()
      length = header(client)
      lesson.equal("the length", length, #"<h1>It is only text.</h1>\n")
    end),
    step.client "So exactly as many bytes are the body. That is framing by length." (function()
      local body = assert(client:recv({exact = length, timeout = 2}))
      print(body)
      lesson.equal("the body", body, "<h1>It is only text.</h1>\n")
    end),
    step.client "The connection stays for the next request. This page does not exist." (function()
      client:send("GET /other HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
      lesson.equal("the body", client:recv({exact = header(client), timeout = 2}), "No /other here.\n")
    end),
    step.client "It was asked to close after that, and did." (function()
      assert(client:recv(10, {timeout = 2}))
    end) :fails "eof",
    step.client "The same with one command, which shows the lines that you have typed (>) and those that came (<)." (function()
      local page = assert(http.get("http://" .. server.laddr .. "/", {show = true}))
      print(page.status, page.headers["content-type"], page.body)
      lesson.equal("the body", page.body, "<h1>It is only text.</h1>\n")
      lesson.check("it took some time", page.timings.total > 0, page.timings.total)
    end),
    step.client "HEAD asks for the header alone: as long as the body would be, without it." (function()
      local page = assert(http.head("http://" .. server.laddr .. "/"))
      lesson.equal("the length that is said", page.headers["content-length"], "26")
      lesson.equal("the length of the body", #page.body, 0)
    end),
  },

  try = "In the shell (s): tcp connect 127.0.0.1 ${server.lport}, and type a request with HEAD instead of GET.",
  question = {
    ask = "What ends the header of a request?",
    answer = {"an empty line", "empty line", "a blank line", "blank line", "crlf crlf", "\\r\\n\\r\\n"},
    why = "Framing by lines for the header, by length for the body.",
  },
}
