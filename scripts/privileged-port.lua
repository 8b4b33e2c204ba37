-- Title: Ports that not everybody may use
-- Order: 15
-- Part: 1
-- Learn: binding a low port needs a permission, and what gives it
-- Run: sosh run privileged-port [--port N]
local lesson = require "lesson"
local options = lesson.options(arg, {host = "127.0.0.1", port = 80})

-- The lecture says: an ordinary user cannot bind a port below 1024. That is the
-- usual setting, and there are three ways around it on Linux.

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

local server = assert(socket.open("inet", "stream"))
local ok, why, kind = server:bind(options.host, options.port)
server:close()

local allowed = permission(options.port)
if ok then
  print("bound port " .. options.port .. ": " .. (allowed or "this system allows it"))
elseif kind == "denied" then
  print("not bound, reason: " .. why)
  print("below the limit it takes root, or a capability")
  lesson.check("binding works where it is allowed", not allowed, kind)
else
  -- The permission is looked at first, so whoever gets this far was allowed.
  print("not bound, but not for lack of permission: " .. why)
  lesson.equal("the kind", kind, "in-use")
end
