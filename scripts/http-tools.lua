local lesson = require "lesson"
local step = lesson.step

-- Where requests go that are sent elsewhere.
local function elsewhere(c)
  repeat
    local line = c:recvline({timeout = 5}) or ""
  until line == "" or line == "\r"
  c:send("HTTP/1.1 302 Found\r\nLocation: http://" .. mirror.laddr .. "/moved\r\nContent-Length: 0\r\n\r\n")
end

return lesson {
  id = "http-tools",
  title = "HTTP, with the commands for it",
  part = 5,
  order = 76,
  learn = "methods, status codes, redirects, and servers that fail now and then",
  needs = "http-by-hand",

  steps = {
    step.server "A server that answers each request with the request itself: so you see what arrives." (function()
      mirror = assert(serve(0, "http", {silent = true}))
    end),
    step.client "GET only asks. Nothing on the server changes, however often it is asked." (function()
      local page = assert(http.get("http://" .. mirror.laddr .. "/hello?name=Ada", {header = {"X-Mine: yes"}}))
      print(page.body)
      lesson.check("path, query and header arrive", page.body:find("^GET /hello%?name=Ada HTTP/1.1\n") and page.body:find("X-Mine: yes", 1, true), page.body)
    end),
    step.client "POST brings something: here the fields of a form, as a browser sends them." (function()
      local page = assert(http.post("http://" .. mirror.laddr .. "/form", {form = {"name=Ada Lovelace", "born=1815"}}))
      print(page.body)
      lesson.equal("the body", page.body:match("\n\n(.*)$"), "born=1815&name=Ada+Lovelace")
    end),
    step.client "There are more methods: PUT stores, DELETE removes. The server decides whether it may be." (function()
      local page = assert(http.request("DELETE", "http://" .. mirror.laddr .. "/old", {show = true}))
      lesson.check("the method arrives", page.body:find("^DELETE /old "), page.body)
    end),
    step.server "Servers also send clients elsewhere." (function()
      moved = assert(serve(0, elsewhere))
    end),
    step.client "302 is an answer like any other. A browser goes on at once; here you say so." (function()
      local url = "http://" .. moved.laddr .. "/"
      local there = assert(http.get(url))
      print(there.status, there.headers.location)
      lesson.equal("the status", there.status, 302)
      local page = assert(http.get(url, {follow = true}))
      print(page.status, page.url, #page.redirects)
      lesson.check("it arrived", page.body:find("^GET /moved ") and page.redirects[1].status == 302, page.body)
    end),
    step.server "This one fails every second time, as busy servers do." (function()
      busy = assert(serve(0, "http", {body = "here you are", status = 503, every = 2, silent = true}))
    end),
    step.client "A status of 5xx says that the server is at fault: it may be worth asking again. 4xx says that the request is." (function()
      local seen = {}
      for i = 1, 4 do seen[i] = assert(http.get("http://" .. busy.laddr .. "/")).status end
      print(table.concat(seen, " "))
      lesson.equal("what came", table.concat(seen, " "), "200 503 200 503")
    end),
    step.client "With --fail such an answer is an error, which ends a script." (function()
      assert(http.get("http://" .. busy.laddr .. "/"))
      assert(http.get("http://" .. busy.laddr .. "/", {fail = true}))
    end) :fails "failed",
  },

  try = "In the shell (s): serve 8080 http . & and open http://127.0.0.1:8080/ in a browser; each request is told.",
  question = {
    ask = "Who is at fault when the status is 404: the client or the server?",
    answer = {"client", "the client", "the request"},
    hint = "It begins with a 4.",
    why = "4xx: the request was wrong, or asks for what is not there. 5xx: the server could not do what it should.",
  },
}
