local lesson = require "lesson"
local step = lesson.step

-- A server that speaks TLS with a certificate, and repeats what it hears.
local function served(certificate) return serve(0, "echo", {tls_cert = certificate.pem, silent = true}) end

-- Says in a line what came of a connection that should not come about.
local function refused(port, kind, options)
  local c, why, what = tls.connect("localhost", port, options)
  print(why)
  lesson.equal("the connection", c, nil)
  lesson.equal("the kind of failure", what, "untrusted")
  local r = tls.info("localhost", port, options)
  lesson.equal("the problem", r.kinds[1], kind)
  lesson.check("the last line says so", r.verify:find("failed: " .. kind, 1, true), r.verify)
  return r
end

return lesson {
  id = "tls-trust",
  title = "Who is at the other end? TLS and certificates",
  part = 5,
  order = 80,
  learn = "TLS hides what is said, and proves to whom: a certificate, for a name, for a time, signed by somebody known",
  needs = "whole-messages",

  steps = {
    step.server "An authority of our own: a key, and a certificate that it signed itself. Those of browsers are made in the same way, and guarded better." (function()
      ca = assert(tls.certificate("Lesson authority", {authority = true}))
      print("authority: " .. ca.names[1], ca.sha256)
      lesson.check("it may sign others", ca.authority)
    end),
    step.server "It signs a certificate for localhost. The server gets that, and its private key, which nobody else sees." (function()
      good = assert(tls.certificate("localhost 127.0.0.1", {issuer = ca.pem, lasts = "90d"}))
      server = assert(served(good))
      lesson.equal("names", table.concat(good.names, " "), "localhost 127.0.0.1")
      lesson.check("no key in what is shown to others", not good.cert:find("PRIVATE KEY", 1, true))
    end),
    step.client "Who trusts that authority connects as ever, and gets a stream like any other; on the wire the bytes are secret." (function()
      c = assert(tls.connect("localhost", server.lport, {cacert = ca.cert}))
      assert(c:send("nobody else reads this\n"))
      local line = assert(c:recvline({timeout = 5}))
      print("the server said: " .. line)
      lesson.equal("what came back", line, "nobody else reads this")
      c:close()
    end),
    step.client "What the server showed: its certificate, and how both agreed to encrypt. The last line is the verdict." (function()
      local r = assert(tls.info("localhost", server.lport, {cacert = ca.cert}))
      print(r.version, r.cipher)
      print("verify: " .. r.verify)
      lesson.check("it is TLS 1.3 or 1.2", r.version == "TLS 1.3" or r.version == "TLS 1.2", r.version)
      lesson.check("it is good", r.ok and r.verify == "ok", r.verify)
      lesson.equal("who signed it", r.chain[1].issuer, "CN=Lesson authority")
      lesson.equal("it is the one that was made", r.chain[1].sha256, good.sha256)
      lesson.check("about 90 days are left", r.days > 88 and r.days < 90.1, r.days)
    end),
    step.client "Who does not know the authority trusts nobody it signed: anybody can make one." (function()
      refused(server.lport, "unknown-issuer")
    end),
    step.client "In the shell it is a failure, too." "tls connect localhost ${server.lport}" :fails "untrusted",
    step.client [[
      The right authority, and the wrong name: whoever answers there has proved to be somebody else. A thief of
      addresses gets as far as this.
    ]] (function()
      other = assert(served(assert(tls.certificate("shop.example", {issuer = ca.pem}))))
      local r = refused(other.lport, "wrong-name", {cacert = ca.cert})
      lesson.equal("whom it is for", r.chain[1].names[1], "shop.example")
      local named = assert(tls.info("localhost", other.lport, {cacert = ca.cert, name = "shop.example"}))
      lesson.equal("asked for by its own name", named.verify, "ok")
    end),
    step.client "A certificate ends. This one did three days ago, and nobody noticed." (function()
      old = assert(served(assert(tls.certificate("localhost", {issuer = ca.pem, begins = "-10d", lasts = "7d"}))))
      local r = refused(old.lport, "expired", {cacert = ca.cert})
      lesson.equal("the verdict", r.verify, "failed: expired 3 days ago")
    end),
    step.client "A night job asks earlier: does it last for another hundred days?" "tls info localhost ${server.lport} --cacert ${ca.cert} --expires-in 100d" :fails "expectation",
    step.client "One that signs itself proves nothing to who has not got it before. serve --secure makes such a one." (function()
      own = assert(serve(0, "echo", {secure = true, silent = true}))
      refused(own.lport, "self-signed")
    end),
    step.client "Who has got that very certificate before, by a way that he trusts, needs nobody else." (function()
      local seen = assert(tls.info("localhost", own.lport, {insecure = true}))
      c = assert(tls.connect("localhost", own.lport, {cacert = seen.chain[1].pem}))
      assert(c:send("it is you"))
      lesson.equal("what came back", assert(c:recv({exact = 9, timeout = 5})), "it is you")
      c:close()
    end),
    step.client "Which versions does it still take? Old ones are broken, and a good server refuses them." (function()
      local r = assert(tls.info("localhost", own.lport, {insecure = true, accepts = true}))
      local taken = {}
      for _, v in ipairs(r.accepts) do
        print(v.version, v.accepted and #v.ciphers .. " ciphers" or "refused: " .. v.reason)
        taken[v.version] = v.accepted
      end
      lesson.check("TLS 1.3 and 1.2 are taken", taken["TLS 1.3"] and taken["TLS 1.2"])
      lesson.check("SSL 3.0 is not", taken["SSL 3.0"] == false)
    end),
  },

  try = "In the shell (s): tls info localhost ${server.lport}, and the same with --accepts.",
  question = {
    ask = "A server has a certificate that your authority signed, for another name. Is what you say to it encrypted, if you insist?",
    answer = {"yes", "it is", "yes, it is"},
    hint = "Encryption and proof are two things.",
    why = "It is encrypted, for whoever is at the other end. Without the proof that may be the very one it should be hidden from.",
  },
}
