-- Asks for / in HTTP/1.0, and reads no more than it needs for the title.
local most = 64 * 1024

return {
  description = "Status, server and title of a web page",
  kinds = {"safe", "default", "discovery"},
  ports = {80, 81, 591, 3000, 5000, 8000, 8008, 8080, 8081, 8888, 9000},
  services = {"http", "http-alt"},
  run = function(target)
    local c, message, kind = tcp.connect(target.host, target.port, {timeout = 3})
    if not c then return nil, message, kind end
    local host = target.name ~= "" and target.name or target.host
    if host:find(":", 1, true) then host = "[" .. host .. "]" end
    c:send("GET / HTTP/1.0\r\nHost: " .. host .. "\r\nUser-Agent: sosh\r\nAccept: text/html\r\nConnection: close\r\n\r\n")
    local page = ""
    while #page < most and not page:lower():find("</title>", 1, true) do
      local piece = c:recv(8192, {timeout = 3})
      if not piece then break end
      page = page .. piece
    end
    c:close()
    local status = page:match("^HTTP/%d%.%d (%d%d%d)")
    if not status then return nil end
    local head = page:match("^(.-)\r?\n\r?\n") or page
    local title = page:match("<[tT][iI][tT][lL][eE][^>]*>(.-)</[tT][iI][tT][lL][eE]>")
    return {
      status = tonumber(status),
      server = head:match("\n[sS]erver:[ \t]*([^\r\n]*)"),
      location = head:match("\n[lL]ocation:[ \t]*([^\r\n]*)"),
      title = title and title:gsub("%s+", " "):match("^ ?(.-) ?$"),
    }
  end,
}
