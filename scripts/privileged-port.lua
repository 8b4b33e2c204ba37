local lesson = require "lesson"
local step = lesson.step
local options = lesson.options(arg, {host = "127.0.0.1", port = 80})

-- Reads a small file; nil where there is none (no Linux, or not allowed).
local function contents(path)
  local file = io.open(path)
  if not file then return nil end
  local text = file:read("*a")
  file:close()
  return text
end

-- Whether the capability CAP_NET_BIND_SERVICE, bit 10, is among ours.
local function has_capability(status)
  local low = tonumber(status:match("CapEff:%s*%x+(%x%x%x)%s"), 16)
  return math.floor(low / 2 ^ 10) % 2 == 1
end

-- Why we may bind the port, or nil if we may not; false where nobody says.
local function permission(port)
  local first = tonumber(contents("/proc/sys/net/ipv4/ip_unprivileged_port_start"))
  local status = contents("/proc/self/status")
  if not first or not status then return false end
  if port == 0 or port >= first then
    return "ports from " .. first .. " up are for everybody here (net.ipv4.ip_unprivileged_port_start)"
  end
  if not has_capability(status) then return nil end
  if status:match("Uid:%s*%d+%s+(%d+)") == "0" then return "we are root" end
  return "we are not root, but have the capability CAP_NET_BIND_SERVICE"
end

return lesson {
  id = "privileged-port",
  title = "Ports that not everybody may use",
  part = 1,
  order = 15,
  learn = "binding a low port needs a permission, and what gives it",
  needs = "socket-steps",
  run = "sosh run privileged-port [--port N]",

  steps = {
    step [[
      The lecture says: an ordinary user cannot bind a port below 1024. That is the usual setting, and there are three
      ways around it on Linux: to be root, to have the capability CAP_NET_BIND_SERVICE, or a machine whose setting
      net.ipv4.ip_unprivileged_port_start is lower.
    ]],
    step.server "Try it, and see what this system says." (function()
      server = assert(socket.open("inet", "stream"))
      bound, reason, kind = server:bind(options.host, options.port)
      print(bound and "bound port " .. options.port or "not bound, reason: " .. reason)
    end),
    step.server "And why? The permission is looked at first: a port that is only in use was allowed." (function()
      local allowed = permission(options.port)
      if bound then
        print(allowed or "this system allows it")
      elseif kind == "denied" then
        print("below the limit it takes root, or a capability")
        lesson.check("binding works where it is allowed", not allowed, kind)
      else
        print("not for lack of permission: somebody has it")
        lesson.equal("the kind", kind, "in-use")
      end
    end),
  },

  try = "In the shell (s): socket open, then socket bind s2 127.0.0.1 1024.",
  question = {
    ask = "On most systems, what is the lowest port that everybody may bind?",
    answer = {"1024"},
    why = "Below are the well-known ones: a service there was started by whoever runs the machine.",
  },
}
