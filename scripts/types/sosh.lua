---@meta
-- Generated from the table of primitives by: go test . -update. Do not edit.
-- What is no primitive stands in docgen/stubs_library.lua.

---What kind of failure it is: the third value of a call that failed.
---@alias Kind "refused"|"timeout"|"eof"|"closed"|"reset"|"broken-pipe"|"unreachable"|"in-use"|"denied"|"not-found"|"not-ready"|"oversized"|"unsupported"|"canceled"|"untrusted"|"expectation"|"usage"|"failed"

---Anything live with a name.
---@alias Handle Stream|Listener|Datagram|Socket|Task|Websocket

---@class Info
---@field id string the name of the handle
---@field type string socket, stream, listener or datagram
---@field state string open, bound, listening, connected, read shut, write shut, shut down, peer ended, closed
---@field family string inet, inet6, unix, vsock or bluetooth
---@field laddr string local address in one word
---@field raddr string the peer's address in one word
---@field lhost string local host, or path
---@field lport integer local port
---@field rhost string the peer's host, or path
---@field rport integer the peer's port
---@field peer string process, user and group at the other end of a Unix stream, on Linux
---@field received integer bytes received
---@field sent integer bytes the system took for sending
---@field buffered integer bytes received and not yet taken
---@field backlog integer how many connections may wait to be accepted
---@field waiting integer connections waiting to be accepted, where the system tells
---@field accepted integer connections accepted so far
---@field age number time since it was opened

---@class TaskInfo
---@field id string its name
---@field what string what it runs
---@field state string running, done, failed or canceled
---@field age number time since it started
---@field error string why it failed; empty otherwise
---@field laddr string address it serves on; empty otherwise
---@field lport integer port it serves on; 0 otherwise

---@class SocketInfo
---@field id string the name of the handle
---@field type string websocket
---@field state string connected, peer ended or closed
---@field url string what it is connected to
---@field protocol string the subprotocol that was agreed on; empty for none
---@field laddr string local address in one word
---@field raddr string the peer's address in one word
---@field received integer messages received
---@field sent integer messages sent
---@field waiting integer messages received and not yet taken
---@field end string how it ended, with the peer's code; empty before
---@field age number time since it was opened

---@class socket.accept.Options
---@field timeout? number|string give up after this long; 0 waits for ever (seconds)

---@class socket.connect.Options
---@field timeout? number|string give up after this long; 0 leaves it to the system (seconds, default 10s)

---@class tcp.connect.Options
---@field timeout? number|string give up after this long; 0 leaves it to the system (seconds, default 10s)
---@field family? "any"|"inet"|"inet6" address family to use (default any)
---@field laddr? string local address to connect from, as HOST:PORT

---@class tcp.listen.Options
---@field backlog? integer connections that may wait to be accepted (default 128)
---@field dual? boolean an IPv6 listener takes IPv4 clients too
---@field allow? string|string[] take only clients of these networks, as 10.0.0.0/8
---@field deny? string|string[] refuse clients of these networks

---@class listen.Options
---@field backlog? integer connections that may wait to be accepted (default 128)
---@field dual? boolean an IPv6 listener takes IPv4 clients too
---@field allow? string|string[] take only clients of these networks, as 10.0.0.0/8
---@field deny? string|string[] refuse clients of these networks

---@class accept.Options
---@field timeout? number|string give up after this long; 0 waits for ever (seconds)

---@class tcp.check.Options
---@field timeout? number|string one try waits so long for an answer (seconds, default 3s)
---@field wait? number|string ask again until it is open, for so long (seconds)
---@field family? "any"|"inet"|"inet6" address family to use (default any)

---@class tcp.check.Result
---@field host string address that was asked
---@field name string name that it was given by; empty where it was an address
---@field port integer port that was asked
---@field proto string tcp or udp
---@field state string open, closed, timeout, unreachable, error; of UDP also open-or-filtered
---@field reason string why, in words
---@field rtt number? milliseconds until the answer, where one came

---@class send.Options
---@field line? boolean add a line feed
---@field crlf? boolean add a carriage return and a line feed
---@field once? boolean make one write and say how much was taken
---@field timeout? number|string give up after this long; 0 waits for ever (seconds)

---@class recv.Options
---@field exact? integer|string exactly this many bytes (bytes)
---@field line? boolean one line, without its end
---@field delim? string through this delimiter
---@field regex? string through the first match of this expression
---@field all? boolean everything to the peer's end
---@field limit? integer|string most bytes that --line, --delim, --regex and --all may take (bytes, default 16m)
---@field timeout? number|string give up after this long; 0 waits for ever (seconds)

---@class lines.Options
---@field limit? integer|string longest line (bytes, default 1m)
---@field timeout? number|string give up when no line comes for this long; 0 waits for ever (seconds)

---@class lines.Items
---@overload fun(): string?
local items = {}

---The next item; nil at the end; nil, message, kind if that item failed.
---@return string? item
---@return string? message
---@return Kind? kind
function items:next() end

---Ends the work behind it.
---@return true
function items:close() end

---@class peek.Options
---@field timeout? number|string give up after this long; 0 waits for ever (seconds)

---@class expect.Options
---@field regex? boolean the text is a regular expression
---@field limit? integer|string most bytes to take (bytes, default 16m)
---@field timeout? number|string give up after this long; 0 waits for ever (seconds, default 5s)

---@class udp.bind.Options
---@field dual? boolean an IPv6 socket takes IPv4 datagrams too
---@field allow? string|string[] take only clients of these networks, as 10.0.0.0/8
---@field deny? string|string[] refuse clients of these networks

---@class recvfrom.Options
---@field timeout? number|string give up after this long; 0 waits for ever (seconds)

---@class udp.check.Options
---@field timeout? number|string one try waits so long for an answer (seconds, default 3s)
---@field wait? number|string ask again until it is open, for so long (seconds)
---@field family? "any"|"inet"|"inet6" address family to use (default any)

---@class udp.check.Result
---@field host string address that was asked
---@field name string name that it was given by; empty where it was an address
---@field port integer port that was asked
---@field proto string tcp or udp
---@field state string open, closed, timeout, unreachable, error; of UDP also open-or-filtered
---@field reason string why, in words
---@field rtt number? milliseconds until the answer, where one came

---@class unix.connect.Options
---@field datagram? boolean a datagram socket with that peer
---@field laddr? string path of its own, for answers
---@field timeout? number|string give up after this long; 0 leaves it to the system (seconds, default 10s)

---@class unix.listen.Options
---@field datagram? boolean a datagram socket
---@field backlog? integer connections that may wait to be accepted (default 128)
---@field mode? string permissions of the file, as 0600; else as the umask says

---@class scan.Options
---@field udp? boolean scan UDP, with a question the usual service answers
---@field exclude? string|number|(string|number)[] hosts to leave out, written as targets are
---@field all? boolean show every probe, not only what is open
---@field plain? boolean show open ports alone, host:port for several hosts
---@field csv? boolean show lines of CSV
---@field banner? boolean listen to what open TCP ports say first
---@field probe? boolean find out what speaks on open ports, as probe does
---@field script? string|fun(stream: Stream, peer: string) scripts at open ports: names, files, folders, all
---@field script_kind? string kinds of scripts that may run: safe,intrusive, version (default safe)
---@field script_timeout? number|string one script at one port may take so long (seconds, default 10s)
---@field expect? string|number|(string|number)[] these ports are to be open and no others; none for no port
---@field rate? string tries a second, or max; 1000, max on the loopback
---@field parallel? integer most probes at once; 0 is what system and network bear
---@field timeout? number|string one try waits so long; 0 goes by the round trips measured (seconds)
---@field retries? integer further tries where no answer came (default 1)
---@field order? "port"|"host"|"random" by port or by host first, or neither (default port)
---@field seed? integer what decides the random order; it makes the order random
---@field shard? string only this part, as 2/7; auto asks the job runner
---@field out? string file that every result goes to as it comes, as JSON lines
---@field resume? string such a file to continue: what it holds is not probed again
---@field report? string file for a page that shows it all, for a browser
---@field dry_run? boolean show every probe and send none
---@field no_discovery? boolean do not ask several hosts first whether they are there
---@field yes? boolean you may scan that many public addresses
---@field family? "any"|"inet"|"inet6" address family that names are resolved to (default any)

---@class scan.Result
---@field host string address that was probed
---@field name string name that it was given by; empty where it was an address
---@field port integer port that was probed
---@field proto string tcp or udp
---@field state string open, closed, timeout, unreachable, error; of UDP also open-or-filtered; planned in a dry run
---@field reason string why, in words
---@field rtt number? milliseconds until the answer, where one came
---@field service string usual service of the port; empty where there is none
---@field banner string what the server said first, with --banner
---@field speaks table? who speaks there, with --probe: protocol, inside, sure, reason, product, version, tls, verify; else nil
---@field script any[] what scripts found out, with --script: name, output, error

---@class scan.Items
---@overload fun(): scan.Result?
local items = {}

---The next item; nil at the end; nil, message, kind if that item failed.
---@return scan.Result? item
---@return string? message
---@return Kind? kind
function items:next() end

---Ends the work behind it.
---@return true
function items:close() end

---@class banner.Options
---@field max? integer|string most bytes to take (bytes, default 4k)
---@field wait? number|string listen for so long (seconds, default 3s)
---@field timeout? number|string connecting may take so long (seconds, default 10s)
---@field family? "any"|"inet"|"inet6" address family to use (default any)

---@class ping.Options
---@field count? integer times that each host is asked; 0 is without end (default 4)
---@field interval? number|string between two times (seconds, default 1s)
---@field timeout? number|string one waits so long for its answer (seconds, default 4s)
---@field size? integer|string bytes that an ICMP echo carries (bytes, default 56)
---@field ttl? integer hops that an ICMP echo may take; 0 is the system's own
---@field flood? boolean ask again at once; shows the summary alone
---@field tcp? integer ask by connecting to this port
---@field udp? integer ask by a datagram to this port
---@field http? string ask by a request for this URL
---@field show? "replies"|"summary"|"both" data for each reply, for each host, or for both (default replies)
---@field plain? boolean show the hosts that answer, one a line
---@field exclude? string|number|(string|number)[] hosts to leave out, written as hosts are
---@field yes? boolean you may ask that many public addresses, or flood
---@field family? "any"|"inet"|"inet6" address family that names are resolved to (default any)

---@class ping.Result
---@field host string address that was asked
---@field name string name that it was given by; empty where it was an address
---@field seq integer number of the request, from 1; 0 in a summary
---@field state string reply, timeout, late, duplicate, corrupt, ttl-exceeded, too-big, unreachable, error; or summary
---@field reason string why, in words, where there is more to say
---@field rtt number? milliseconds until the answer, where one came
---@field ttl integer? hops that the answer had left, where that is known
---@field from string who answered: the host, or a router that says why not; empty where nobody did
---@field summary table? in a summary what all requests came to

---@class ping.Items
---@overload fun(): ping.Result?
local items = {}

---The next item; nil at the end; nil, message, kind if that item failed.
---@return ping.Result? item
---@return string? message
---@return Kind? kind
function items:next() end

---Ends the work behind it.
---@return true
function items:close() end

---@class trace.Options
---@field udp? boolean send datagrams; so it is on Linux without another choice
---@field icmp? boolean send ICMP echo requests
---@field tcp? integer connect to this port
---@field max_hops? integer longest way that is looked at (default 30)
---@field queries? integer probes for each hop; 0 is 3, in several rounds 1
---@field rounds? integer times that the way is gone; 0 is without end (default 1)
---@field interval? number|string between two rounds (seconds, default 1s)
---@field timeout? number|string a probe waits so long for its answer (seconds, default 2s)
---@field parallel? integer most probes under way (default 16)
---@field names? boolean ask the name service who the hops are
---@field family? "any"|"inet"|"inet6" address family that the name is resolved to (default any)

---@class trace.Result
---@field hop integer how far it is, from 1
---@field host string address that answered, the first of several; empty where nobody did
---@field name string its name, with --names
---@field state string hop, reached, unreachable, timeout, error
---@field reason string what it said, in words
---@field mark string the mark of traceroute: !H, !N, !X …; empty where there is none
---@field hosts any[] all addresses that answered
---@field rtts any[] milliseconds until each answer, the last ones of many
---@field sent integer probes
---@field received integer answers
---@field loss number percent without an answer
---@field min number? shortest round trip
---@field mean number? mean round trip
---@field max number? longest round trip
---@field jitter number? mean difference between one round trip and the next

---@class trace.Items
---@overload fun(): trace.Result?
local items = {}

---The next item; nil at the end; nil, message, kind if that item failed.
---@return trace.Result? item
---@return string? message
---@return Kind? kind
function items:next() end

---Ends the work behind it.
---@return true
function items:close() end

---@class probe.Options
---@field udp? boolean ask over UDP
---@field name? string name to ask for in TLS, if it is not the host
---@field wait? number|string listen so long for a greeting, half of it for an answer (seconds, default 2s)
---@field connect? number|string connecting may take so long (seconds, default 3s)
---@field timeout? number|string one port may take so long, all told (seconds, default 30s)
---@field family? "any"|"inet"|"inet6" address family that names are resolved to (default any)

---@class probe.Result
---@field host string address that was asked
---@field name string name that it was given by; empty where it was an address
---@field port integer port that was asked
---@field proto string tcp or udp
---@field state string open, closed, timeout, unreachable, error; of UDP also open-or-filtered
---@field protocol string what speaks there: ssh, http, tls, smtp …; empty where nothing was recognised
---@field inside string what speaks within TLS; empty where that is unknown, or there is no TLS
---@field sure string certain, likely or guess; empty where nothing was recognised
---@field reason string what makes so sure, or what happened instead
---@field question string the question that was answered; greeting where none was needed
---@field product string the program, where it says so
---@field version string its version, where it says so
---@field tls string version of TLS; empty where there is none
---@field alpn string protocol that TLS agreed on (ALPN)
---@field subject string who the certificate is for
---@field verify string ok, or failed: and why; empty without TLS
---@field evidence string the beginning of what it said

---@class probe.Items
---@overload fun(): probe.Result?
local items = {}

---The next item; nil at the end; nil, message, kind if that item failed.
---@return probe.Result? item
---@return string? message
---@return Kind? kind
function items:next() end

---Ends the work behind it.
---@return true
function items:close() end

---@class tls.info.Options
---@field name? string name to ask for and to check, if it is not the host
---@field expires_in? number|string fail when a certificate ends within this time, as 14d (seconds)
---@field starttls? "smtp"|"imap"|"pop3"|"ftp"|"postgres" begin in plain text, in that protocol
---@field cacert? string file with the authorities to trust, and no others
---@field alpn? string|string[] protocols to offer, the liked ones first: h2,http/1.1
---@field accepts? boolean also ask which versions and ciphers it accepts
---@field insecure? boolean a failed verification is no error
---@field timeout? number|string give up after this long; --accepts takes that six times (seconds, default 10s)
---@field family? "any"|"inet"|"inet6" address family to use (default any)

---@class tls.info.Result
---@field host string address that answered
---@field port integer port that was asked
---@field name string name that was asked for, and that the certificate is to be for
---@field version string version of TLS that was agreed on
---@field cipher string cipher suite that was agreed on
---@field group string group of the key exchange; empty without (EC)DHE
---@field alpn string protocol that was agreed on (ALPN); empty where none was
---@field starttls string protocol that it began in; empty where it began with TLS
---@field client boolean it asks clients for a certificate
---@field stapled boolean it sent a statement that its certificate is not revoked (OCSP)
---@field rtt number? milliseconds the handshake took
---@field days number? days until the first certificate of the chain expires; below 0 it has
---@field ok boolean it proved to be who was asked for
---@field kinds any[] what is wrong: expired, not-yet-valid, wrong-name, self-signed, incomplete-chain, unknown-issuer, bad-signature, weak-signature, wrong-usage, no-certificate, invalid
---@field verify string ok, or failed: and why, in words
---@field chain any[] the certificates it sent, its own first
---@field accepts any[] versions and ciphers it accepts, with --accepts

---@class tls.connect.Options
---@field name? string name to ask for and to check, if it is not the host
---@field insecure? boolean take any certificate: anybody may be at the other end
---@field cacert? string file with the authorities to trust, and no others
---@field alpn? string|string[] protocols to offer, the liked ones first: h2,http/1.1
---@field starttls? "smtp"|"imap"|"pop3"|"ftp"|"postgres" begin in plain text, in that protocol
---@field timeout? number|string give up after this long (seconds, default 10s)
---@field family? "any"|"inet"|"inet6" address family to use (default any)

---@class tls.certificate.Options
---@field authority? boolean it may sign others; the name is its own
---@field issuer? string file of an authority and its key; none: it signs itself
---@field begins? string when it begins: 2026-01-31, or from now: -10d, 2h
---@field lasts? number|string for how long it is valid (seconds, default 365d)
---@field out? string file to write the certificate and its key to, a new one

---@class tls.certificate.Result
---@field names any[] whom it is for
---@field authority boolean it may sign others
---@field not_before string valid from, as RFC 3339
---@field not_after string valid until, as RFC 3339
---@field sha256 string its SHA-256 fingerprint
---@field file string file it was written to; empty where none was asked for
---@field cert string the certificate with those of its issuers, in PEM form
---@field pem string that with its private key

---@class script.list.Result
---@field name string what --script takes
---@field kinds string what it is: safe or intrusive, and more
---@field proto string tcp or udp
---@field ports string ports and services that it is for; empty for any open port
---@field description string what it finds out
---@field file string where it is from; empty for a built-in one

---@class script.run.Options
---@field timeout? number|string it may take so long, unless it says itself (seconds, default 10s)

---@class script.run.Result
---@field name string name of the script
---@field host string host that it was run at
---@field port integer port that it was run at
---@field output any what it returned; null when it had nothing to say

---@class handles.Result
---@field id string its name
---@field names string names of your own for it
---@field type string stream, listener, datagram, socket, websocket or task
---@field state string what it can do now
---@field laddr string its own address
---@field raddr string the peer's address

---@class serve.chargen.Options: serve.Options
---@field limit? integer|string bytes for each client; 0 is without end (bytes, default 0)

---@class serve.chat.Options: serve.Options
---@field queue? integer lines that may wait for a slow reader (default 100)
---@field patience? number|string so long a full queue holds up the room; then out (seconds, default 1s)
---@field line? integer|string longest line (bytes, default 4k)

---@class serve.http.Options: serve.Options
---@field body? string answer to every request
---@field header? string|string[] a line of every answer's header; again for more
---@field status? integer status of the answers, as 503
---@field tls? boolean encrypt, with a certificate made for the moment
---@field cert_out? string file to keep that certificate in, for clients to trust
---@field cert? string file of a certificate to encrypt with, in PEM
---@field key? string file of its key, if it stands in another one

---@class serve.smtp.Options: serve.Options
---@field dir? string folder for what it gets, a file .eml each
---@field user? string take letters only after a login as this user
---@field password? string password of the user
---@field password_env? string variable of the environment that holds the password
---@field refuse? string|string[] refuse this recipient, or all of *@DOMAIN; again for more
---@field status? integer answer letters with this code, as 451 (default 0)
---@field max_size? integer|string most bytes of a letter (bytes, default 16m)
---@field max_to? integer most recipients of a letter (default 100)
---@field max_letters? integer most letters that are kept (default 1000)
---@field tls? boolean encrypt, with a certificate made for the moment
---@field cert_out? string file to keep that certificate in, for clients to trust
---@field cert? string file of a certificate to encrypt with, in PEM
---@field key? string file of its key, if it stands in another one

---@class serve.ftp.Options: serve.Options
---@field write? boolean clients may store, rename and delete
---@field user? string only this user may come; anybody without
---@field password? string password of the user
---@field password_env? string variable of the environment that holds the password
---@field max_size? integer|string most bytes of a file that is stored (bytes, default 1g)
---@field tls? boolean encrypt, with a certificate made for the moment
---@field cert_out? string file to keep that certificate in, for clients to trust
---@field cert? string file of a certificate to encrypt with, in PEM
---@field key? string file of its key, if it stands in another one

---@class serve.bench.Options: serve.Options
---@field longest? number|string end a connection after so long (seconds, default 5m)

---@class serve.dns.Options: serve.Options
---@field record? string|string[] further records, as 'www A 127.0.0.1,mail A 127.0.0.2'
---@field origin? string what names without a final dot are below (default test)
---@field size? integer most bytes of an answer by datagram (default 1232)
---@field rcode? string answer with this code instead: SERVFAIL, REFUSED …
---@field drop? boolean do not answer

---@class serve.Options
---@field iterative? boolean one client after another
---@field backlog? integer connections that may wait to be accepted (default 128)
---@field max_conns? integer clients served at once; 0 is no limit (default 0)
---@field idle? number|string close clients that are silent for so long; 0 is never (seconds, default 0)
---@field silent? boolean log no clients and requests
---@field allow? string|string[] take only clients of these networks, as 10.0.0.0/8
---@field deny? string|string[] refuse clients of these networks
---@field secure? boolean speak TLS, with a certificate made for it or --tls-cert
---@field tls_cert? string file with the certificate for that, and its key
---@field tls_key? string file with the key, if it is not in --tls-cert
---@field udp? boolean serve datagrams instead of connections
---@field tcp? boolean serve connections; with --udp both
---@field reset? boolean tear connections down, at once or where --truncate says
---@field truncate? integer|string send so many bytes, then end; 0 is all (bytes, default 0)
---@field delay? number|string wait so long before a client is served (seconds, default 0)
---@field every? integer faults are for each such client only, as the 3rd of 3 (default 0)
---@field chance? number faults are for such a share of clients only, as 0.3 (default 0)
---@field seed? integer of --chance; the same one makes the same choices (default 0)

---@class http.get.Options
---@field data? string body to send, as it stands
---@field json_data? string body to send, said to be JSON
---@field form? string|string[] field of a form, as name=value or name=@file
---@field output? string file for the body
---@field resume? boolean go on with what an earlier --output left
---@field follow? boolean go where redirects lead
---@field max_redirects? integer redirects that are followed (default 10)
---@field max_size? integer|string most bytes of a body; 0 is 16m, or 16g to a file (bytes)
---@field compressed? boolean ask for gzip, and unpack it
---@field fail? boolean take 4xx and 5xx for errors
---@field header? string|string[] a line of the header, as "Name: value"; again for more
---@field user? string NAME:PASSWORD for the server, or @FILE that holds it
---@field timeout? number|string give up after this long without an answer; 0 is never (seconds, default 30s)
---@field insecure? boolean believe any certificate: anybody may be the server
---@field cacert? string file of the authorities to trust, and no others (PEM)
---@field unix? string connect to this Unix socket, whatever the host
---@field family? "any"|"inet"|"inet6" address family to use (default any)
---@field show? boolean tell each line of the protocol, and the timing

---@class http.get.Result
---@field status integer code: 200
---@field reason string words of the server for it: OK
---@field proto string version: HTTP/1.1
---@field url string where it came from, after redirects
---@field headers any header fields by name in lower case; several of a name are joined
---@field body string what came, decoded; empty where it went to a file
---@field size integer bytes of the body
---@field file string file that has the body; empty where there is none
---@field redirects any[] redirects that were followed: status and url of each
---@field tls any version, cipher, subject, issuer, expires, verified; nil without TLS
---@field timings any seconds of dns, connect, tls, first_byte, body, total

---@class http.head.Options
---@field data? string body to send, as it stands
---@field json_data? string body to send, said to be JSON
---@field form? string|string[] field of a form, as name=value or name=@file
---@field output? string file for the body
---@field resume? boolean go on with what an earlier --output left
---@field follow? boolean go where redirects lead
---@field max_redirects? integer redirects that are followed (default 10)
---@field max_size? integer|string most bytes of a body; 0 is 16m, or 16g to a file (bytes)
---@field compressed? boolean ask for gzip, and unpack it
---@field fail? boolean take 4xx and 5xx for errors
---@field header? string|string[] a line of the header, as "Name: value"; again for more
---@field user? string NAME:PASSWORD for the server, or @FILE that holds it
---@field timeout? number|string give up after this long without an answer; 0 is never (seconds, default 30s)
---@field insecure? boolean believe any certificate: anybody may be the server
---@field cacert? string file of the authorities to trust, and no others (PEM)
---@field unix? string connect to this Unix socket, whatever the host
---@field family? "any"|"inet"|"inet6" address family to use (default any)
---@field show? boolean tell each line of the protocol, and the timing

---@class http.head.Result
---@field status integer code: 200
---@field reason string words of the server for it: OK
---@field proto string version: HTTP/1.1
---@field url string where it came from, after redirects
---@field headers any header fields by name in lower case; several of a name are joined
---@field body string what came, decoded; empty where it went to a file
---@field size integer bytes of the body
---@field file string file that has the body; empty where there is none
---@field redirects any[] redirects that were followed: status and url of each
---@field tls any version, cipher, subject, issuer, expires, verified; nil without TLS
---@field timings any seconds of dns, connect, tls, first_byte, body, total

---@class http.post.Options
---@field data? string body to send, as it stands
---@field json_data? string body to send, said to be JSON
---@field form? string|string[] field of a form, as name=value or name=@file
---@field output? string file for the body
---@field resume? boolean go on with what an earlier --output left
---@field follow? boolean go where redirects lead
---@field max_redirects? integer redirects that are followed (default 10)
---@field max_size? integer|string most bytes of a body; 0 is 16m, or 16g to a file (bytes)
---@field compressed? boolean ask for gzip, and unpack it
---@field fail? boolean take 4xx and 5xx for errors
---@field header? string|string[] a line of the header, as "Name: value"; again for more
---@field user? string NAME:PASSWORD for the server, or @FILE that holds it
---@field timeout? number|string give up after this long without an answer; 0 is never (seconds, default 30s)
---@field insecure? boolean believe any certificate: anybody may be the server
---@field cacert? string file of the authorities to trust, and no others (PEM)
---@field unix? string connect to this Unix socket, whatever the host
---@field family? "any"|"inet"|"inet6" address family to use (default any)
---@field show? boolean tell each line of the protocol, and the timing

---@class http.post.Result
---@field status integer code: 200
---@field reason string words of the server for it: OK
---@field proto string version: HTTP/1.1
---@field url string where it came from, after redirects
---@field headers any header fields by name in lower case; several of a name are joined
---@field body string what came, decoded; empty where it went to a file
---@field size integer bytes of the body
---@field file string file that has the body; empty where there is none
---@field redirects any[] redirects that were followed: status and url of each
---@field tls any version, cipher, subject, issuer, expires, verified; nil without TLS
---@field timings any seconds of dns, connect, tls, first_byte, body, total

---@class http.request.Options
---@field data? string body to send, as it stands
---@field json_data? string body to send, said to be JSON
---@field form? string|string[] field of a form, as name=value or name=@file
---@field output? string file for the body
---@field resume? boolean go on with what an earlier --output left
---@field follow? boolean go where redirects lead
---@field max_redirects? integer redirects that are followed (default 10)
---@field max_size? integer|string most bytes of a body; 0 is 16m, or 16g to a file (bytes)
---@field compressed? boolean ask for gzip, and unpack it
---@field fail? boolean take 4xx and 5xx for errors
---@field header? string|string[] a line of the header, as "Name: value"; again for more
---@field user? string NAME:PASSWORD for the server, or @FILE that holds it
---@field timeout? number|string give up after this long without an answer; 0 is never (seconds, default 30s)
---@field insecure? boolean believe any certificate: anybody may be the server
---@field cacert? string file of the authorities to trust, and no others (PEM)
---@field unix? string connect to this Unix socket, whatever the host
---@field family? "any"|"inet"|"inet6" address family to use (default any)
---@field show? boolean tell each line of the protocol, and the timing

---@class http.request.Result
---@field status integer code: 200
---@field reason string words of the server for it: OK
---@field proto string version: HTTP/1.1
---@field url string where it came from, after redirects
---@field headers any header fields by name in lower case; several of a name are joined
---@field body string what came, decoded; empty where it went to a file
---@field size integer bytes of the body
---@field file string file that has the body; empty where there is none
---@field redirects any[] redirects that were followed: status and url of each
---@field tls any version, cipher, subject, issuer, expires, verified; nil without TLS
---@field timings any seconds of dns, connect, tls, first_byte, body, total

---@class ws.connect.Options
---@field protocol? string|string[] subprotocol that would do; again for more
---@field max_message? integer|string most bytes of a message, and of those that wait (bytes, default 1m)
---@field header? string|string[] a line of the header, as "Name: value"; again for more
---@field user? string NAME:PASSWORD for the server, or @FILE that holds it
---@field timeout? number|string give up after this long without an answer; 0 is never (seconds, default 30s)
---@field insecure? boolean believe any certificate: anybody may be the server
---@field cacert? string file of the authorities to trust, and no others (PEM)
---@field unix? string connect to this Unix socket, whatever the host
---@field family? "any"|"inet"|"inet6" address family to use (default any)
---@field show? boolean tell each line of the protocol, and the timing

---@class ws.send.Options
---@field binary? boolean as bytes, not as text
---@field timeout? number|string give up after this long; 0 waits for ever (seconds)

---@class ws.recv.Options
---@field timeout? number|string give up after this long; 0 waits for ever (seconds)

---@class ws.ping.Options
---@field timeout? number|string give up after this long; 0 waits for ever (seconds, default 5s)

---@class ws.ping.Result
---@field rtt number time until the answer

---@class smtp.send.Options
---@field from? string sender, as ann@example.org or "Ann <ann@example.org>"
---@field to? string|string[] recipient; again, or with commas, for more
---@field subject? string what it is about
---@field body? string the text; @FILE is what a file holds
---@field body_file? string file with the text
---@field attach? string|string[] file to go with it; again for more
---@field strict? boolean send to all recipients or to none
---@field user? string user to log in as
---@field password? string password of the user; better kept in a file or asked for
---@field password_file? string file whose first line is the password
---@field password_env? string variable of the environment that holds the password
---@field starttls? "auto"|"never"|"always" encrypt: auto where the server offers it (default auto)
---@field insecure? boolean believe any certificate, and log in where others can read
---@field cacert? string file of the authorities to trust, and no others (PEM)
---@field helo? string name to introduce this machine by; its own when left out
---@field timeout? number|string give up when a reply takes longer; 0 is never (seconds, default 30s)
---@field show? boolean tell each line of the protocol

---@class smtp.send.Result
---@field host string the server
---@field code integer of the last reply to the letter: 250 is taken
---@field reply string the words of that reply
---@field accepted any[] recipients the server takes it for
---@field refused any[] recipients it does not: address, code, reply
---@field size integer bytes of the message as sent
---@field id string the Message-ID
---@field tls string version of TLS; empty without encryption
---@field auth string mechanism of the login; empty without
---@field connect number time until the server had greeted and TLS was up
---@field total number time of everything
---@field dialogue any[] each line sent (>) and received (<)

---@class smtp.check.Options
---@field starttls? "auto"|"never"|"always" ask again over TLS: auto where the server offers it (default never)
---@field insecure? boolean believe any certificate: anybody may be the server
---@field cacert? string file of the authorities to trust, and no others (PEM)
---@field helo? string name to introduce this machine by; its own when left out
---@field timeout? number|string give up when a reply takes longer; 0 is never (seconds, default 10s)
---@field show? boolean tell each line of the protocol

---@class smtp.check.Result
---@field host string the server
---@field code integer of the greeting: 220
---@field greeting string its words
---@field extended boolean it knows EHLO, and so extensions
---@field extensions any[] what it offers, line by line
---@field starttls boolean it offers TLS, or was offering it
---@field tls string version of TLS that was agreed on; empty without
---@field auth any[] ways to log in
---@field size integer most bytes of a message; 0 where it says nothing
---@field total number time of everything
---@field dialogue any[] each line sent (>) and received (<)

---@class ftp.list.Options
---@field user? string user to log in as
---@field password? string password of the user; better kept in a file or asked for
---@field password_file? string file whose first line is the password
---@field password_env? string variable of the environment that holds the password
---@field active? boolean let the server connect for the data (active mode)
---@field tls? boolean encrypt the talk and the data (AUTH TLS)
---@field insecure? boolean believe any certificate: anybody may be the server
---@field cacert? string file of the authorities to trust, and no others (PEM)
---@field timeout? number|string give up when more takes longer than this; 0 is never (seconds, default 30s)
---@field show? boolean tell each line of the protocol

---@class ftp.list.Result
---@field name string name in the folder
---@field type string file, folder, link, or unknown
---@field size integer bytes; 0 where the server says nothing
---@field modified string time of the last change in UTC, as 2026-01-31T12:00:00Z; empty where unknown
---@field link string what a link points to

---@class ftp.get.Options
---@field output? string file to write; the last part of the path, here, without
---@field resume? boolean go on with what an earlier try left
---@field user? string user to log in as
---@field password? string password of the user; better kept in a file or asked for
---@field password_file? string file whose first line is the password
---@field password_env? string variable of the environment that holds the password
---@field active? boolean let the server connect for the data (active mode)
---@field tls? boolean encrypt the talk and the data (AUTH TLS)
---@field insecure? boolean believe any certificate: anybody may be the server
---@field cacert? string file of the authorities to trust, and no others (PEM)
---@field timeout? number|string give up when more takes longer than this; 0 is never (seconds, default 30s)
---@field show? boolean tell each line of the protocol

---@class ftp.get.Result
---@field host string the server
---@field path string name on the server
---@field file string name on this side
---@field size integer bytes of the whole file
---@field bytes integer bytes that were moved now
---@field offset integer where it began: more than 0 when resumed
---@field mode string passive or active
---@field tls string version of TLS; empty without encryption
---@field code integer of the last reply: 226
---@field reply string the words of that reply
---@field connect number time until the server was ready to move
---@field total number time of everything
---@field dialogue any[] each line sent (>) and received (<)

---@class ftp.put.Options
---@field resume? boolean go on where the server's file ends
---@field user? string user to log in as
---@field password? string password of the user; better kept in a file or asked for
---@field password_file? string file whose first line is the password
---@field password_env? string variable of the environment that holds the password
---@field active? boolean let the server connect for the data (active mode)
---@field tls? boolean encrypt the talk and the data (AUTH TLS)
---@field insecure? boolean believe any certificate: anybody may be the server
---@field cacert? string file of the authorities to trust, and no others (PEM)
---@field timeout? number|string give up when more takes longer than this; 0 is never (seconds, default 30s)
---@field show? boolean tell each line of the protocol

---@class ftp.put.Result
---@field host string the server
---@field path string name on the server
---@field file string name on this side
---@field size integer bytes of the whole file
---@field bytes integer bytes that were moved now
---@field offset integer where it began: more than 0 when resumed
---@field mode string passive or active
---@field tls string version of TLS; empty without encryption
---@field code integer of the last reply: 226
---@field reply string the words of that reply
---@field connect number time until the server was ready to move
---@field total number time of everything
---@field dialogue any[] each line sent (>) and received (<)

---@class tasks.Result
---@field id string its name
---@field what string what it runs
---@field state string running, done, failed or canceled
---@field age number time since it started
---@field error string why it failed; empty otherwise
---@field laddr string address it serves on; empty otherwise
---@field lport integer port it serves on; 0 otherwise

---@class kill.Options
---@field timeout? number|string give up waiting after this long (seconds, default 5s)

---@class wait.Options
---@field timeout? number|string give up after this long; 0 waits for ever (seconds)

---@class waitfor.Options
---@field timeout? number|string give up after this long; 0 waits for ever (seconds)

---@class every.Options
---@field count? integer how often; 0 is for ever
---@field duration? number|string no more after this long; 0 is for ever (seconds)

---@class explain.Options
---@field dry_run? boolean run nothing: the calls have no results
---@field only? "all"|"calls"|"lua"|"python"|"c" one part alone (default all)

---@class explain.Result
---@field command string the command
---@field ran boolean whether it was run
---@field calls any[] the system calls, in order; with results if it was run
---@field result any what the command gave; a list of items
---@field error string why it failed; empty otherwise
---@field lua string the same in Lua
---@field python string the same in Python, a program
---@field c string the same in C, a program

---@class diagram.Options
---@field of? Handle only what this handle did, and others with it
---@field last? integer only so many events, the newest; 0 is all
---@field ascii? boolean draw with plain characters
---@field width? integer columns; 0 is those of the window, else 80

---@class diagram.Result
---@field journal string on or off
---@field events any[] what happened, oldest first
---@field lost integer earlier events that were not kept
---@field text string the diagram

---@class ip.info.Result
---@field address string the address as it is usually written
---@field version integer 4 or 6
---@field integer string the address as one number
---@field hex string that number in hexadecimal
---@field binary string that number bit by bit
---@field class string historic class of IPv4, A to E
---@field block string the most specific block it is in; empty for none
---@field name string what the registry calls the block
---@field rfc string the document that says so
---@field meaning string what such addresses are for
---@field scope string how far it reaches: host, link, private, global, none …
---@field global string reachable from everywhere: yes, no, by a relay
---@field zone string the interface of a link-local address
---@field inside string the IPv4 address inside, if there is one
---@field inside_name string what block that one is in
---@field embedded string how it stands there: IPv4-mapped, NAT64, 6to4, Teredo
---@field reverse string the name under which the DNS keeps its name

---@class ip.convert.Options
---@field to? "address"|"integer"|"hex"|"binary"|"full"|"mapped"|"reverse" the form to write; without it all
---@field ipv6? boolean a number is an IPv6 address however small

---@class ip.subnet.Options
---@field split? boolean|number|string prefix length of the parts, as /26
---@field hosts? boolean|number|string hosts a part has room for, or a list: 50,20,10

---@class ip.range.Result
---@field first string first address
---@field last string last address
---@field addresses any how many addresses there are
---@field cidrs any[] the fewest networks that hold just these

---@class ip.special.Options
---@field family? "any"|"inet"|"inet6" address family to list (default any)

---@class ip.special.Result
---@field block string first address and prefix length
---@field name string what the registry calls it
---@field rfc string the document that says so
---@field source string a packet may come from there
---@field destination string a packet may go there
---@field forwardable string a router may pass it on
---@field global string reachable from everywhere
---@field reserved string every IP stack must know it
---@field table string special (IANA's registries), multicast or other
---@field meaning string what it is for

---@class net.interfaces.Options
---@field family? "any"|"inet"|"inet6" address family to list (default any)

---@class net.interfaces.Result
---@field interface string its name
---@field state string up, no carrier (nothing is plugged in), down
---@field address string address and prefix length
---@field assigned string static, dynamic, temporary, automatic; and what is wrong
---@field lifetime any how long it stays valid; nothing is for ever, or unknown
---@field mac string hardware address
---@field mtu integer most bytes of one packet
---@field flags string what it can do

---@class net.route.Options
---@field family? "any"|"inet"|"inet6" which address of a name to take (default any)

---@class net.route.Result
---@field destination string the address
---@field interface string packets leave here
---@field gateway string the router they are given to; empty for none
---@field source string the address they come from
---@field kind string unicast, local, broadcast, multicast …

---@class net.routes.Options
---@field family? "any"|"inet"|"inet6" address family to list (default any)

---@class net.routes.Result
---@field destination string network, or default
---@field gateway string the router packets are given to; empty for none
---@field interface string they leave here
---@field source string the address they come from
---@field metric integer of several routes the lowest is taken
---@field protocol string who set it: kernel, boot, static, dhcp, ra …
---@field scope string global, link or host
---@field kind string unicast, blackhole, unreachable, prohibit …

---@class net.sockets.Options
---@field listening? boolean only those that wait for clients or datagrams
---@field port? integer only those of this port, on either side (default 0)
---@field proto? "tcp"|"udp"|"unix" protocols to list: tcp, udp, unix (default tcp,udp)

---@class net.sockets.Result
---@field proto string tcp, udp, unix-stream, unix-dgram
---@field state string LISTEN, ESTABLISHED, TIME-WAIT …; bound, connected
---@field laddr string its own address
---@field raddr string the other side's address
---@field recv_q integer bytes received and not taken; connections that wait
---@field send_q integer bytes sent and not acknowledged
---@field pid integer a process that holds it; 0 where the system does not say
---@field program string its name
---@field handle string its name in this session

---@class net.resolvers.Options
---@field hosts? boolean every line of the hosts file
---@field root? string folder that holds etc, where it is not /

---@class net.resolvers.Result
---@field setting string order, hosts, nameserver, search, options
---@field value string what it is set to
---@field file string where that stands

---@class dns.lookup.Options
---@field family? "any"|"inet"|"inet6" family of the addresses wanted (default any)
---@field timeout? number|string give up after this long (seconds, default 10s)

---@class dns.lookup.Result
---@field name string the name that was asked for
---@field addresses any[] in the order to try them
---@field source string who answered: hosts file, name server, a rule (RFC 6761), or nobody, as it is an address
---@field file string file and line that says so, of the hosts file
---@field server string name server that answered
---@field asked any[] names that name servers were asked for: search domains are tried too
---@field time number how long it took

---@class dns.query.Options
---@field server? string server, HOST or HOST:PORT; else the first of this system
---@field tcp? boolean ask over TCP at once
---@field norecurse? boolean do not ask the server to ask others
---@field edns? integer largest datagram taken (EDNS); 0 is without EDNS (default 1232)
---@field show? boolean show the messages as they were on the wire
---@field timeout? number|string one try waits so long for an answer (seconds, default 3s)
---@field tries? integer times to ask over UDP (default 2)

---@class dns.query.Result
---@field name string the name that was asked for
---@field type string the type that was asked for
---@field rcode string how it went: NOERROR, NXDOMAIN, SERVFAIL, REFUSED …
---@field meaning string that in words
---@field flags any[] bits of the header: qr, aa, tc, rd, ra, ad, cd
---@field answer any[] what was asked for
---@field authority any[] who knows, or who says that there is nothing
---@field additional any[] what may be asked next
---@field server string address that was asked
---@field transport string udp or tcp
---@field time number from the question to the answer
---@field size integer bytes of the answer
---@field truncated boolean it was too long for a datagram, and so asked for again over TCP
---@field edns integer bytes of a datagram that the server takes; 0 without EDNS
---@field ignored integer datagrams that were no answer to this question
---@field sent string the question as it was sent, in hexadecimal; with --show
---@field received string the answer as it came, in hexadecimal; with --show

---@class dns.reverse.Options
---@field server? string ask only this server, HOST or HOST:PORT
---@field timeout? number|string give up after this long (seconds, default 10s)

---@class dns.reverse.Result
---@field address string the address that was asked for
---@field reverse string the name under which the DNS keeps its names
---@field names any[] its names
---@field source string who answered: hosts file or name server
---@field file string file and line that says so, of the hosts file
---@field server string name server that answered
---@field time number how long it took

---@class dns.trace.Options
---@field server? string begin at this server, HOST or HOST:PORT, not at the root
---@field ipv6? boolean ask servers over IPv6 too
---@field edns? integer bytes of a datagram that we take (EDNS); 0 is without EDNS (default 1232)
---@field timeout? number|string one try waits so long for an answer (seconds, default 2s)
---@field tries? integer times to ask a server (default 2)

---@class dns.trace.Result
---@field step integer number of the question
---@field zone string zone whose server is asked; empty for the one of --server
---@field host string name of the server; empty for the first
---@field server string address that was asked
---@field name string name that was asked for
---@field type string type that was asked for
---@field result string referral, answer, alias, nodata, or the code: NXDOMAIN …; timeout, refused, lame
---@field next string zone that is asked next, or the name that this one stands for
---@field data any[] the answer, or the name servers of the next zone
---@field why string what went wrong, or who needs it
---@field time number from the question to the answer

---@class dns.trace.Items
---@overload fun(): dns.trace.Result?
local items = {}

---The next item; nil at the end; nil, message, kind if that item failed.
---@return dns.trace.Result? item
---@return string? message
---@return Kind? kind
function items:next() end

---Ends the work behind it.
---@return true
function items:close() end

---@class ask.Options
---@field default? string answer when there is none

---@class bench.Options
---@field mode? "up"|"down"|"both"|"rr" what is measured: bytes there, here, both, or answers (default up)
---@field time? number|string how long in all (seconds, default 5s)
---@field interval? number|string time between two results (seconds, default 1s)
---@field streams? integer connections at once (default 1)
---@field size? integer|string bytes of a message; 0 is 128k, or 64 for rr (bytes, default 0)
---@field timeout? number|string give up a connect after this long (seconds, default 10s)

---@class bench.Result
---@field total boolean whether it is the whole run, which comes last
---@field mode string up, down, both or rr
---@field streams integer connections at once
---@field from number seconds since the start
---@field to number seconds since the start
---@field up integer bytes that arrived there
---@field down integer bytes that arrived here
---@field rate number bits a second, both ways
---@field requests integer messages answered; of rr alone
---@field rps number messages answered a second
---@field p50 number? half of the answers came within so many milliseconds
---@field p90 number? nine tenths of them
---@field p99 number? 99 of 100
---@field max number? the longest

---@class bench.Items
---@overload fun(): bench.Result?
local items = {}

---The next item; nil at the end; nil, message, kind if that item failed.
---@return bench.Result? item
---@return string? message
---@return Kind? kind
function items:next() end

---Ends the work behind it.
---@return true
function items:close() end

---@class tcp.load.Options
---@field clients? integer clients at once (default 10)
---@field time? number|string how long in all (seconds, default 5s)
---@field interval? number|string time between two results (seconds, default 1s)
---@field rate? number connections a second by all; 0 is as many as it takes (default 0)
---@field send? string bytes of a request
---@field expect? string text that the answer, or a greeting, holds
---@field requests? integer on each connection; 0 is until the time is over (default 1)
---@field pause? number|string between two requests, or how long to stay (seconds, default 0)
---@field timeout? number|string give up a connect or an answer after this long (seconds, default 5s)
---@field yes? boolean you may load a server that is not on this machine

---@class tcp.load.Result
---@field total boolean whether it is the whole run, which comes last
---@field from number seconds since the start
---@field to number seconds since the start
---@field connected integer connections made
---@field answered integer requests answered as expected
---@field failed integer connections and requests that failed
---@field failures any[] of each kind: step, kind, cause and count
---@field short integer clients given up for want of descriptors or ports here
---@field in_flight integer connections at once, at most
---@field behind integer connections that were due by then and not begun; with a rate
---@field sent integer bytes sent
---@field received integer bytes of answers
---@field rate number connections made a second
---@field rps number requests answered a second
---@field connect_p50 number? half of the connects took at most so many milliseconds
---@field connect_p90 number? nine tenths of them
---@field connect_p99 number? 99 of 100
---@field connect_max number? the longest
---@field answer_p50 number? half of the answers came within so many milliseconds
---@field answer_p90 number? nine tenths of them
---@field answer_p99 number? 99 of 100
---@field answer_max number? the longest

---@class tcp.load.Items
---@overload fun(): tcp.load.Result?
local items = {}

---The next item; nil at the end; nil, message, kind if that item failed.
---@return tcp.load.Result? item
---@return string? message
---@return Kind? kind
function items:next() end

---Ends the work behind it.
---@return true
function items:close() end

---@class Stream: Info
local Stream = {}

---Close a handle and free its port
---@return true? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Stream:close() end

---Wait for a text from the peer
---@param text string text that must come
---@param options? expect.Options
---@return string? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Stream:expect(text, options) end

---Show what is known of a handle
---@return any result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Stream:info() end

---Read the peer's lines one by one
---@param options? lines.Options
---@return lines.Items? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Stream:lines(options) end

---Read or set a socket option
---@param option? string name of the option
---@param value? boolean|number|string on, off or a number
---@return any result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Stream:opt(option, value) end

---Look at bytes without taking them
---@param max? integer|string most bytes to show (bytes, default 4k)
---@param options? peek.Options
---@overload fun(self: Stream, options?: peek.Options): string?, string?, Kind?
---@return string? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Stream:peek(max, options) end

---Receive bytes from the peer
---@param max? integer|string most bytes of one read (bytes, default 64k)
---@param options? recv.Options
---@overload fun(self: Stream, options?: recv.Options): string?, string?, Kind?
---@return string? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Stream:recv(max, options) end

---Receive bytes from the peer
---with --all: everything to the peer's end
---@param options? recv.Options
---@return string? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Stream:recvall(options) end

---Receive bytes from the peer
---with --line: one line, without its end
---@param options? recv.Options
---@return string? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Stream:recvline(options) end

---Send bytes to the peer
---@param data string bytes to send
---@param options? send.Options
---@return integer? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Stream:send(data, options) end

---Send bytes to the peer
---with --line: add a line feed
---@param data string bytes to send
---@param options? send.Options
---@return integer? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Stream:sendline(data, options) end

---End one direction of a stream, or both
---@param how? "read"|"write"|"both" direction that ends (default both)
---@return true? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Stream:shutdown(how) end

---Make a handle the current one
---@return Handle? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Stream:use() end

---@class Listener: Info
local Listener = {}

---Take the next waiting connection
---@param options? accept.Options
---@return Stream? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Listener:accept(options) end

---Close a handle and free its port
---@return true? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Listener:close() end

---Show what is known of a handle
---@return any result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Listener:info() end

---Read or set a socket option
---@param option? string name of the option
---@param value? boolean|number|string on, off or a number
---@return any result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Listener:opt(option, value) end

---Make a handle the current one
---@return Handle? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Listener:use() end

---@class Datagram: Info
local Datagram = {}

---Close a handle and free its port
---@return true? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Datagram:close() end

---Show what is known of a handle
---@return any result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Datagram:info() end

---Read or set a socket option
---@param option? string name of the option
---@param value? boolean|number|string on, off or a number
---@return any result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Datagram:opt(option, value) end

---Receive bytes from the peer
---@param max? integer|string most bytes of one read (bytes, default 64k)
---@param options? recv.Options
---@overload fun(self: Datagram, options?: recv.Options): string?, string?, Kind?
---@return string? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Datagram:recv(max, options) end

---Receive bytes from the peer
---with --all: everything to the peer's end
---@param options? recv.Options
---@return string? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Datagram:recvall(options) end

---Receive one datagram and its sender
---@param max? integer|string most bytes to take; the rest of a larger datagram is lost (bytes, default 64k)
---@param options? recvfrom.Options
---@overload fun(self: Datagram, options?: recvfrom.Options): string|nil, string, integer|Kind, integer, boolean
---@return string|nil data the bytes, at most as many as asked for; nil when it failed
---@return string host who sent it: address, or path of a Unix socket; the message when it failed
---@return integer|Kind port the sender's port; the kind when it failed
---@return integer length how long the datagram was, where the system tells; else the bytes received
---@return boolean truncated whether it was longer than asked for, and so cut
function Datagram:recvfrom(max, options) end

---Receive bytes from the peer
---with --line: one line, without its end
---@param options? recv.Options
---@return string? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Datagram:recvline(options) end

---Send bytes to the peer
---@param data string bytes to send
---@param options? send.Options
---@return integer? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Datagram:send(data, options) end

---Send bytes to the peer
---with --line: add a line feed
---@param data string bytes to send
---@param options? send.Options
---@return integer? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Datagram:sendline(data, options) end

---Send one datagram from a socket
---@param host string host and port to send to
---@param port integer|string number or name of the port
---@param data string bytes of the datagram
---@overload fun(self: Datagram, addr: string, data: string): integer?, string?, Kind?
---@return integer? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Datagram:sendto(host, port, data) end

---Make a handle the current one
---@return Handle? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Datagram:use() end

---@class Socket: Info
local Socket = {}

---Take the next waiting connection
---@param options? socket.accept.Options
---@return Stream? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Socket:accept(options) end

---Give a socket its local address
---@param addr integer|string local address; port 0 chooses one
---@overload fun(self: Socket, host: string, port: integer|string): true?, string?, Kind?
---@return true? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Socket:bind(addr) end

---Close a handle and free its port
---@return true? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Socket:close() end

---Connect a socket to a peer
---@param host string peer to connect to
---@param port integer|string number or name of the port
---@param options? socket.connect.Options
---@overload fun(self: Socket, addr: string, options?: socket.connect.Options): true?, string?, Kind?
---@return true? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Socket:connect(host, port, options) end

---Wait for a text from the peer
---@param text string text that must come
---@param options? expect.Options
---@return string? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Socket:expect(text, options) end

---Show what is known of a handle
---@return any result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Socket:info() end

---Read the peer's lines one by one
---@param options? lines.Options
---@return lines.Items? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Socket:lines(options) end

---Let a bound socket take connections
---@param backlog? integer connections that may wait to be accepted (default 128)
---@return true? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Socket:listen(backlog) end

---Read or set a socket option
---@param option? string name of the option
---@param value? boolean|number|string on, off or a number
---@return any result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Socket:opt(option, value) end

---Look at bytes without taking them
---@param max? integer|string most bytes to show (bytes, default 4k)
---@param options? peek.Options
---@overload fun(self: Socket, options?: peek.Options): string?, string?, Kind?
---@return string? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Socket:peek(max, options) end

---Receive bytes from the peer
---@param max? integer|string most bytes of one read (bytes, default 64k)
---@param options? recv.Options
---@overload fun(self: Socket, options?: recv.Options): string?, string?, Kind?
---@return string? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Socket:recv(max, options) end

---Receive bytes from the peer
---with --all: everything to the peer's end
---@param options? recv.Options
---@return string? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Socket:recvall(options) end

---Receive one datagram and its sender
---@param max? integer|string most bytes to take; the rest of a larger datagram is lost (bytes, default 64k)
---@param options? recvfrom.Options
---@overload fun(self: Socket, options?: recvfrom.Options): string|nil, string, integer|Kind, integer, boolean
---@return string|nil data the bytes, at most as many as asked for; nil when it failed
---@return string host who sent it: address, or path of a Unix socket; the message when it failed
---@return integer|Kind port the sender's port; the kind when it failed
---@return integer length how long the datagram was, where the system tells; else the bytes received
---@return boolean truncated whether it was longer than asked for, and so cut
function Socket:recvfrom(max, options) end

---Receive bytes from the peer
---with --line: one line, without its end
---@param options? recv.Options
---@return string? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Socket:recvline(options) end

---Send bytes to the peer
---@param data string bytes to send
---@param options? send.Options
---@return integer? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Socket:send(data, options) end

---Send bytes to the peer
---with --line: add a line feed
---@param data string bytes to send
---@param options? send.Options
---@return integer? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Socket:sendline(data, options) end

---Send one datagram from a socket
---@param host string host and port to send to
---@param port integer|string number or name of the port
---@param data string bytes of the datagram
---@overload fun(self: Socket, addr: string, data: string): integer?, string?, Kind?
---@return integer? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Socket:sendto(host, port, data) end

---End one direction of a stream, or both
---@param how? "read"|"write"|"both" direction that ends (default both)
---@return true? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Socket:shutdown(how) end

---Make a handle the current one
---@return Handle? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Socket:use() end

---@class Task: TaskInfo
local Task = {}

---Close a handle and free its port
---@return true? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Task:close() end

---Show what is known of a handle
---@return any result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Task:info() end

---End a task
---@param options? kill.Options
---@return true? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Task:kill(options) end

---Read or set a socket option
---@param option? string name of the option
---@param value? boolean|number|string on, off or a number
---@return any result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Task:opt(option, value) end

---Make a handle the current one
---@return Handle? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Task:use() end

---Wait for a task, or for all of them
---@param options? wait.Options
---@return true? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Task:wait(options) end

---@class Websocket: SocketInfo
local Websocket = {}

---Close a handle and free its port
---@return true? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Websocket:close() end

---Show what is known of a handle
---@return any result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Websocket:info() end

---Read or set a socket option
---@param option? string name of the option
---@param value? boolean|number|string on, off or a number
---@return any result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Websocket:opt(option, value) end

---Ask the peer of a WebSocket for an answer
---@param options? ws.ping.Options
---@return ws.ping.Result? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Websocket:ping(options) end

---Receive a message from a WebSocket
---@param options? ws.recv.Options
---@return string|nil data the message; nil when it failed
---@return string kind text or binary; the message when it failed
function Websocket:recv(options) end

---Send a message over a WebSocket
---@param data string message
---@param options? ws.send.Options
---@return true? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Websocket:send(data, options) end

---Make a handle the current one
---@return Handle? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function Websocket:use() end

socket = {}

tcp = {}

udp = {}

unix = {}

tls = {}

script = {}

http = {}

ws = {}

smtp = {}

ftp = {}

ip = {}

net = {}

dns = {}

---Create a socket
---
---The system call socket(2): an endpoint of an address family and a type, not yet bound or connected. Nothing is set on it; opt does that. AF_INET, SOCK_STREAM and the like are understood.
---@param family? "inet"|"inet6"|"unix"|"vsock"|"bluetooth" address family (default inet)
---@param type? "stream"|"dgram" stream (TCP) or dgram (UDP) (default stream)
---@return Socket? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function socket.open(family, type) end

---Give a socket its local address
---
---The system call bind(2). A port that another socket holds fails here; port 0 lets the system choose. A datagram socket can send and receive from then on.
---@param socket Socket socket to bind
---@param addr integer|string local address; port 0 chooses one
---@overload fun(socket: Socket, host: string, port: integer|string): true?, string?, Kind?
---@return true? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function socket.bind(socket, addr) end

---Let a bound socket take connections
---
---The system call listen(2). The backlog is how many finished handshakes may wait to be accepted; Linux completes one more than that.
---@param socket Socket bound socket
---@param backlog? integer connections that may wait to be accepted (default 128)
---@return true? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function socket.listen(socket, backlog) end

---Take the next waiting connection
---
---The system call accept(2): waits for a client and returns a new socket for it; the listening one stays.
---@param socket Socket listening socket
---@param options? socket.accept.Options
---@return Stream? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function socket.accept(socket, options) end

---Connect a socket to a peer
---
---The system call connect(2). On a datagram socket it only fixes the peer.
---@param socket Socket socket to connect
---@param host string peer to connect to
---@param port integer|string number or name of the port
---@param options? socket.connect.Options
---@overload fun(socket: Socket, addr: string, options?: socket.connect.Options): true?, string?, Kind?
---@return true? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function socket.connect(socket, host, port, options) end

---Open a TCP connection
---
---Resolves the host and tries each of its addresses in turn. As an argument of the program itself it attaches the connection to standard input and output, as netcat does.
---@param host string host and port to connect to
---@param port integer|string number or name of the port
---@param options? tcp.connect.Options
---@overload fun(addr: string, options?: tcp.connect.Options): Stream?, string?, Kind?
---@return Stream? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function tcp.connect(host, port, options) end

---Listen for TCP connections
---
---Creates, binds and listens in one step, with SO_REUSEADDR set. A port alone listens on 127.0.0.1, this machine only; write 0.0.0.0:PORT for others too. The short form is listen.
---@param addr integer|string port, or address and port, to listen on
---@param options? tcp.listen.Options
---@overload fun(host: string, port: integer|string, options?: tcp.listen.Options): Listener?, string?, Kind?
---@return Listener? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function tcp.listen(addr, options) end

---Listen for TCP connections
---
---The short form of tcp listen: creates, binds and listens in one step, with SO_REUSEADDR set. A port alone listens on 127.0.0.1, this machine only; write 0.0.0.0:PORT for others too.
---@param addr integer|string port, or address and port, to listen on
---@param options? listen.Options
---@overload fun(host: string, port: integer|string, options?: listen.Options): Listener?, string?, Kind?
---@return Listener? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function listen(addr, options) end

---Take the next waiting connection
---
---Waits for a client and returns a stream for it; the listener goes on listening.
---@param listener Listener|Socket listener to accept on
---@param options? accept.Options
---@return Stream? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function accept(listener, options) end

---Ask whether a TCP port is open
---
---Connects and closes. The state is open, closed, timeout, unreachable or error; any but open is exit code 1. With --wait it asks again until the port is open or the time is over. In Lua the result comes whatever the state is.
---@param host string host and port to ask
---@param port integer|string number or name of the port
---@param options? tcp.check.Options
---@overload fun(addr: string, options?: tcp.check.Options): tcp.check.Result?, string?, Kind?
---@return tcp.check.Result? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function tcp.check(host, port, options) end

---Send bytes to the peer
---
---Sends everything, however many writes it takes. Nothing is added: --line adds \n, --crlf adds \r\n. With --once it makes a single write(2), which may take fewer bytes than given, and says how many it took.
---@param connection Stream|Datagram|Socket stream or connected datagram socket
---@param data string bytes to send
---@param options? send.Options
---@return integer? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function send(connection, data, options) end

---Receive bytes from the peer
---
---Without a flag: what one read gives, at most max bytes, waiting until there is something. --exact, --line, --delim, --regex and --all read until that much has come. When a read fails half way, what came stays buffered for the next one. The end of the stream is an error of kind eof, a note in the shell.
---@param connection Stream|Datagram|Socket stream or connected datagram socket
---@param max? integer|string most bytes of one read (bytes, default 64k)
---@param options? recv.Options
---@overload fun(connection: Stream|Datagram|Socket, options?: recv.Options): string?, string?, Kind?
---@return string? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function recv(connection, max, options) end

---Read the peer's lines one by one
---
---Each line without its end, until the peer ends. In Lua an iterator: for line in c:lines() do … end.
---@param stream Stream|Socket stream to read
---@param options? lines.Options
---@return lines.Items? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function lines(stream, options) end

---Look at bytes without taking them
---
---Waits until there is something; the next recv gives the same bytes.
---@param stream Stream|Socket stream to look at
---@param max? integer|string most bytes to show (bytes, default 4k)
---@param options? peek.Options
---@overload fun(stream: Stream|Socket, options?: peek.Options): string?, string?, Kind?
---@return string? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function peek(stream, max, options) end

---Wait for a text from the peer
---
---Takes everything through the text and returns it; --regex makes the text a regular expression (RE2). When it does not come it is an error of kind expectation, exit code 3, that shows what did.
---@param stream Stream|Socket stream to read
---@param text string text that must come
---@param options? expect.Options
---@return string? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function expect(stream, text, options) end

---End one direction of a stream, or both
---
---The system call shutdown(2). After write the peer reads the end of the stream, and its answer can still be received. SHUT_RD, SHUT_WR, SHUT_RDWR and 0, 1, 2 are understood.
---@param stream Stream|Socket stream to end
---@param how? "read"|"write"|"both" direction that ends (default both)
---@return true? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function shutdown(stream, how) end

---Receive datagrams on a port
---
---A datagram socket with a port of its own. UDP has no listen and no accept: every datagram carries its sender's address. A port alone is that port of 127.0.0.1, this machine only.
---@param addr integer|string port, or address and port; port 0 chooses one
---@param options? udp.bind.Options
---@overload fun(host: string, port: integer|string, options?: udp.bind.Options): Datagram?, string?, Kind?
---@return Datagram? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function udp.bind(addr, options) end

---Make a datagram socket with one peer
---
---Nothing is sent. The socket then sends to this peer and receives only from it, and is told when the peer's port is closed: an ICMP refusal is the error of the next send or recv, once.
---@param host string host and port of the peer
---@param port integer|string number or name of the port
---@overload fun(addr: string): Datagram?, string?, Kind?
---@return Datagram? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function udp.connect(host, port) end

---Send one datagram to an address
---
---Uses the current datagram socket if it is of the address's family, else opens one; it gets its port here. Returns the socket, to receive an answer with. Nothing says that the datagram arrived.
---@param host string host and port to send to
---@param port integer|string number or name of the port
---@param data string bytes of the datagram
---@overload fun(datagram: Datagram|Socket, host: string, port: integer|string, data: string): Datagram?, string?, Kind?
---@overload fun(addr: string, data: string): Datagram?, string?, Kind?
---@overload fun(datagram: Datagram|Socket, addr: string, data: string): Datagram?, string?, Kind?
---@return Datagram? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function udp.sendto(host, port, data) end

---Send one datagram from a socket
---
---One send is one datagram. Nothing says that it arrived.
---@param datagram Datagram|Socket datagram socket to send from
---@param host string host and port to send to
---@param port integer|string number or name of the port
---@param data string bytes of the datagram
---@overload fun(datagram: Datagram|Socket, addr: string, data: string): integer?, string?, Kind?
---@return integer? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function sendto(datagram, host, port, data) end

---Receive one datagram and its sender
---
---A datagram larger than max is cut, and truncated says so; on Linux length is its true size. An empty datagram is empty data, not an end. In Lua: data, host, port, length, truncated.
---@param datagram Datagram|Socket datagram socket to receive on
---@param max? integer|string most bytes to take; the rest of a larger datagram is lost (bytes, default 64k)
---@param options? recvfrom.Options
---@overload fun(datagram: Datagram|Socket, options?: recvfrom.Options): string|nil, string, integer|Kind, integer, boolean
---@return string|nil data the bytes, at most as many as asked for; nil when it failed
---@return string host who sent it: address, or path of a Unix socket; the message when it failed
---@return integer|Kind port the sender's port; the kind when it failed
---@return integer length how long the datagram was, where the system tells; else the bytes received
---@return boolean truncated whether it was longer than asked for, and so cut
function recvfrom(datagram, max, options) end

---Ask whether a UDP port is open
---
---Sends one datagram, a harmless question in the words of the port's usual service. An answer is open, an ICMP refusal closed. Silence is open-or-filtered: UDP does not say whether anybody got it. Any state but open is exit code 1.
---@param host string host and port to ask
---@param port integer|string number or name of the port
---@param options? udp.check.Options
---@overload fun(addr: string, options?: udp.check.Options): udp.check.Result?, string?, Kind?
---@return udp.check.Result? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function udp.check(host, port, options) end

---Open a Unix connection
---
---The address family AF_UNIX is for programs on one machine: an address is the path of a file, or @NAME (abstract: no file, Linux only). With --datagram a datagram socket with that peer; for answers it needs an address of its own, --laddr. On Linux info tells the peer's process, user and group.
---@param path string path of the socket's file, or @NAME
---@param options? unix.connect.Options
---@return Handle? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function unix.connect(path, options) end

---Listen on a Unix socket
---
---Makes the file, which close removes. One that was left behind by a program that has ended is replaced; one that is in use never, and the error says who holds it. Who connects needs permission to write to the file: --mode 0600 is for oneself only. With --datagram a datagram socket bound to that path.
---@param path string path of the file to make, or @NAME
---@param options? unix.listen.Options
---@return Handle? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function unix.listen(path, options) end

---Find the open TCP or UDP ports of hosts
---
---Targets are names, addresses, networks (10.0.0.0/24), ranges (10.0.0.1-9) and @files, joined by commas. Ports are numbers, ranges, names of services, all, and top N; none are the 100 most usual. Shown is what is open, and a summary of the rest; every probe with --all, or when there are at most 32. Several hosts are first asked whether they are there. Off the loopback a scan is considerate: 1000 probes a second, 1000 at once. --rate decides otherwise. Scan only what you may. --probe finds out what speaks on the open ports, sixteen at once, as probe does: protocol, product and version. --script runs Lua scripts at the open ports (script list shows the built-in ones), --report writes a page for a browser. With --expect it is an error of kind expectation, exit code 3, when other ports are open. In Lua an iterator: for r in scan("127.0.0.1", "1-1024") do print(r.port) end.
---@param targets string|number|(string|number)[] hosts: names, addresses, networks, ranges, @file
---@param ports? string|number|(string|number)[] ports: numbers, ranges, service names, all, top N
---@param options? scan.Options
---@overload fun(targets: string|number|(string|number)[], options?: scan.Options): scan.Items?, string?, Kind?
---@return scan.Items? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function scan(targets, ports, options) end

---Show what a server says first, unasked
---
---Connects and listens, sends nothing. It ends when the server pauses, ends, has said enough, or the time is over; waited tells which. A server that says nothing is no error.
---@param host string host and port to connect to
---@param port integer|string number or name of the port
---@param options? banner.Options
---@overload fun(addr: string, options?: banner.Options): string|nil, string, string|Kind, integer, number?
---@return string|nil banner what the server said; nil when it failed
---@return string waited what ended the listening: a pause, the peer's end, the limit, the time; the message when it failed
---@return string|Kind host address that was asked; the kind when it failed
---@return integer port port that was asked
---@return number? rtt milliseconds until it was connected
function banner(host, port, options) end

---Ask hosts whether they are there, and measure how long
---
---Hosts are names, addresses, networks (10.0.0.0/24), ranges (10.0.0.1-9) and @files, joined by commas. They are asked by ICMP echo: on a socket that needs no privilege, else a raw one. Where the system gives neither, --tcp PORT asks by connecting, where a refusal is an answer too; --udp PORT sends a datagram in the words of the port's usual service; --http URL makes a request, of HOSTS or of the URL's own host. A state is reply, timeout, late, duplicate, corrupt, ttl-exceeded, too-big, unreachable or error. The summary is told beside the replies; --show summary gives it as data, one record for each host. Its jitter is the mean difference between one round trip and the next. Exit code 0 if there was any reply, also after Ctrl-C; else 1. In Lua the loop just ends.
---@param hosts? string|number|(string|number)[] hosts: names, addresses, networks, ranges, @file
---@param options? ping.Options
---@overload fun(options?: ping.Options): ping.Items?, string?, Kind?
---@return ping.Items? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function ping(hosts, options) end

---Find the way to a host, router by router
---
---Probes with 1, 2, 3 … hops to live make each router say that it is there. They are datagrams to ports that nobody has, with --icmp echo requests, with --tcp PORT connections. On Linux datagrams and connections need no privilege; elsewhere there is --icmp. A hop's state is hop, reached, unreachable, timeout or error; its mark is that of traceroute: !H host, !N network, !P protocol unreachable, !X prohibited by a filter. --rounds 10 goes the way ten times and counts what is lost, as mtr does, --rounds 0 until Ctrl-C; on a terminal the table is shown meanwhile. Exit code 1 where the host was not reached. In Lua the loop just ends.
---@param host string name or address of the host
---@param options? trace.Options
---@return trace.Items? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function trace(host, options) end

---Find out what speaks on ports
---
---Connects and listens; when nothing comes it asks a short list of harmless questions, each on a connection of its own, those of the port's usual service first, and stops at the first answer it knows. It says how sure it is (certain, likely, guess), why, and by which bytes; product and version where the server tells. TLS is unwrapped, and what speaks inside is asked in the same way; the certificate is judged and not trusted for anything. Nothing logs in and nothing is changed, but servers write down that somebody came. Exit code 1 when nothing came back from any port. In Lua an iterator: for r in probe("127.0.0.1", 22) do print(r.protocol) end.
---@param targets string|number|(string|number)[] hosts: names, addresses, ranges, @file; or host:port
---@param ports? string|number|(string|number)[] ports: numbers, ranges, service names
---@param options? probe.Options
---@overload fun(targets: string|number|(string|number)[], options?: probe.Options): probe.Items?, string?, Kind?
---@return probe.Items? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function probe(targets, ports, options) end

---Show a server's certificates and handshake
---
---The chain is shown whatever is wrong with it. The last line is verify: ok, or verify: failed: and why, which is exit code 1: expired, not-yet-valid, wrong-name, self-signed, incomplete-chain, unknown-issuer and others, several if there are. With --insecure that is no error. With --expires-in a certificate that ends earlier is an error of kind expectation, exit code 3. --accepts asks, in some dozens of short connections, which versions and ciphers the server takes. --starttls begins in plain text; the port is then the usual one of the protocol. Nothing is read from stdin. In Lua the result comes whatever the verdict is: r.ok, r.verify, r.chain[1].names.
---@param host string host, and port if it is not 443
---@param port integer|string number or name of the port
---@param options? tls.info.Options
---@overload fun(addr: string, options?: tls.info.Options): tls.info.Result?, string?, Kind?
---@return tls.info.Result? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function tls.info(host, port, options) end

---Open a connection over TLS
---
---A stream whose bytes are encrypted on the way: send, recv, expect and the others work as on any. The server must prove that it is who was asked for; --insecure does without, and says so. A send or recv that is interrupted within a record may leave the connection unusable. As an argument of the program itself it attaches the connection to standard input and output.
---@param host string host, and port if it is not 443
---@param port integer|string number or name of the port
---@param options? tls.connect.Options
---@overload fun(addr: string, options?: tls.connect.Options): Stream?, string?, Kind?
---@return Stream? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function tls.connect(host, port, options) end

---Make a certificate, signed by itself or by another
---
---For tests, lessons and one's own network; nobody else trusts it. Without names it is for this machine: localhost, 127.0.0.1, ::1. --authority makes one that may sign others, --issuer has one of these sign; --out writes the certificate and its key into a new file that only its owner can read. --begins and --lasts make one that is over, or not yet valid. In Lua, cert is the certificate and pem that with its key; both do wherever a file does: tls.connect(h, p, {cacert = ca.cert}).
---@param names? string|number|(string|number)[] names and addresses it is for; none: this machine
---@param options? tls.certificate.Options
---@overload fun(options?: tls.certificate.Options): tls.certificate.Result?, string?, Kind?
---@return tls.certificate.Result? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function tls.certificate(names, options) end

---List the scripts that a scan can run
---
---The built-in ones, or those of a file or a folder. Each looks closer at open ports: scan HOST --script NAME. A script that is safe takes, changes and guesses nothing. One that is intrusive may, and has to be asked for: --script-kind safe,intrusive.
---@param script? string|number|(string|number)[] built-in scripts, files and folders; all built-in ones (default all)
---@return script.list.Result[]? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function script.list(script) end

---Run a scan's script at one port
---
---The script need not be for that port, and its kind is not asked for: for trying out one's own. The result is what the script returned, with the fields output and name; a failure of the script is one of the command.
---@param script string|number|(string|number)[] a built-in script or a file
---@param host string host and port to run it at
---@param port integer|string number or name of the port
---@param options? script.run.Options
---@overload fun(script: string|number|(string|number)[], addr: string, options?: script.run.Options): script.run.Result?, string?, Kind?
---@return script.run.Result? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function script.run(script, host, port, options) end

---List what is open
---@return handles.Result[]? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function handles() end

---Show what is known of a handle
---
---The same fields can be read in Lua: c.laddr, c.raddr, c.state …
---@param handle Handle what to show
---@return any result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function info(handle) end

---Make a handle the current one
---
---The current handle stands in for one left out at the prompt.
---@param handle Handle handle to make current
---@return Handle? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function use(handle) end

---Read or set a socket option
---
---Without a name: all options that can be read. With a name: its value. With a value: sets it. The system may round: Linux doubles sndbuf and rcvbuf.
---@param handle Handle socket
---@param option? string name of the option
---@param value? boolean|number|string on, off or a number
---@return any result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function opt(handle, option, value) end

---Close a handle and free its port
---
---Wakes whoever waits on it. A task is cancelled.
---@param handle Handle what to close
---@return true? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function close(handle) end

---Run a server
---
---Serves a built-in service, with its own arguments and flags behind its name (help serve echo); or, in Lua, a function, called with each client's stream and its address; $name hands one over in the shell. Each client is served in a task of its own; with --iterative one after another. In the foreground it runs until Ctrl-C, with & as a task. A port alone is that port of 127.0.0.1, this machine only.
---A mock of a flaky service: --reset, --truncate and --delay do to every client, or to those that --every and --chance choose, what networks and crashing servers do, whatever is served. --truncate with --reset resets after that many bytes.
---@param addr integer|string port, or address and port, to serve on
---@param handler fun(stream: Stream, peer: string) a built-in service and its arguments, or a Lua function
---@param options? serve.Options
---@overload fun(host: string, port: integer|string, handler: fun(stream: Stream, peer: string), options?: serve.Options): Task?, string?, Kind?
---@overload fun(addr: integer|string, handler: "echo", options?: serve.Options): Task?, string?, Kind?
---@overload fun(host: string, port: integer|string, handler: "echo", options?: serve.Options): Task?, string?, Kind?
---@overload fun(addr: integer|string, handler: "discard", options?: serve.Options): Task?, string?, Kind?
---@overload fun(host: string, port: integer|string, handler: "discard", options?: serve.Options): Task?, string?, Kind?
---@overload fun(addr: integer|string, handler: "daytime", options?: serve.Options): Task?, string?, Kind?
---@overload fun(host: string, port: integer|string, handler: "daytime", options?: serve.Options): Task?, string?, Kind?
---@overload fun(addr: integer|string, handler: "chargen", options?: serve.chargen.Options): Task?, string?, Kind?
---@overload fun(host: string, port: integer|string, handler: "chargen", options?: serve.chargen.Options): Task?, string?, Kind?
---@overload fun(addr: integer|string, handler: "chat", options?: serve.chat.Options): Task?, string?, Kind?
---@overload fun(host: string, port: integer|string, handler: "chat", options?: serve.chat.Options): Task?, string?, Kind?
---@overload fun(addr: integer|string, handler: "reply", text: string, options?: serve.Options): Task?, string?, Kind?
---@overload fun(host: string, port: integer|string, handler: "reply", text: string, options?: serve.Options): Task?, string?, Kind?
---@overload fun(addr: integer|string, handler: "http", dir?: string, options?: serve.http.Options): Task?, string?, Kind?
---@overload fun(host: string, port: integer|string, handler: "http", dir?: string, options?: serve.http.Options): Task?, string?, Kind?
---@overload fun(addr: integer|string, handler: "http", options?: serve.http.Options): Task?, string?, Kind?
---@overload fun(host: string, port: integer|string, handler: "http", options?: serve.http.Options): Task?, string?, Kind?
---@overload fun(addr: integer|string, handler: "ws", options?: serve.Options): Task?, string?, Kind?
---@overload fun(host: string, port: integer|string, handler: "ws", options?: serve.Options): Task?, string?, Kind?
---@overload fun(addr: integer|string, handler: "smtp", options?: serve.smtp.Options): Task?, string?, Kind?
---@overload fun(host: string, port: integer|string, handler: "smtp", options?: serve.smtp.Options): Task?, string?, Kind?
---@overload fun(addr: integer|string, handler: "ftp", dir?: string, options?: serve.ftp.Options): Task?, string?, Kind?
---@overload fun(host: string, port: integer|string, handler: "ftp", dir?: string, options?: serve.ftp.Options): Task?, string?, Kind?
---@overload fun(addr: integer|string, handler: "ftp", options?: serve.ftp.Options): Task?, string?, Kind?
---@overload fun(host: string, port: integer|string, handler: "ftp", options?: serve.ftp.Options): Task?, string?, Kind?
---@overload fun(addr: integer|string, handler: "bench", options?: serve.bench.Options): Task?, string?, Kind?
---@overload fun(host: string, port: integer|string, handler: "bench", options?: serve.bench.Options): Task?, string?, Kind?
---@overload fun(addr: integer|string, handler: "dns", zonefile?: string, options?: serve.dns.Options): Task?, string?, Kind?
---@overload fun(host: string, port: integer|string, handler: "dns", zonefile?: string, options?: serve.dns.Options): Task?, string?, Kind?
---@overload fun(addr: integer|string, handler: "dns", options?: serve.dns.Options): Task?, string?, Kind?
---@overload fun(host: string, port: integer|string, handler: "dns", options?: serve.dns.Options): Task?, string?, Kind?
---@return Task? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function serve(addr, handler, options) end

---Fetch what a URL names
---
---Asks once, over HTTP/1.1 and a connection of its own. What comes is shown, or with --output kept in a file, which gets its name when it is whole. --show tells each line of the protocol, as it is sent (>) and received (<), and how long each phase took. An answer of 4xx or 5xx is an answer, and an error only with --fail or --output. In Lua a table: http.get(url).status, .body, .headers["content-type"].
---@param url string what to ask for
---@param options? http.get.Options
---@return http.get.Result? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function http.get(url, options) end

---Fetch the header of what a URL names
---
---Asks once, over HTTP/1.1 and a connection of its own. What comes is shown, or with --output kept in a file, which gets its name when it is whole. --show tells each line of the protocol, as it is sent (>) and received (<), and how long each phase took. An answer of 4xx or 5xx is an answer, and an error only with --fail or --output. Shown is the header of the answer.
---@param url string what to ask for
---@param options? http.head.Options
---@return http.head.Result? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function http.head(url, options) end

---Send something to a URL
---
---Asks once, over HTTP/1.1 and a connection of its own. What comes is shown, or with --output kept in a file, which gets its name when it is whole. --show tells each line of the protocol, as it is sent (>) and received (<), and how long each phase took. An answer of 4xx or 5xx is an answer, and an error only with --fail or --output. What is sent is one of --data, --json-data and --form; @FILE is what a file holds.
---@param url string what to ask for
---@param options? http.post.Options
---@return http.post.Result? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function http.post(url, options) end

---Send a request of any method
---
---Asks once, over HTTP/1.1 and a connection of its own. What comes is shown, or with --output kept in a file, which gets its name when it is whole. --show tells each line of the protocol, as it is sent (>) and received (<), and how long each phase took. An answer of 4xx or 5xx is an answer, and an error only with --fail or --output.
---@param method string GET, PUT, DELETE, OPTIONS …
---@param url string what to ask for
---@param options? http.request.Options
---@return http.request.Result? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function http.request(method, url, options) end

---Open a WebSocket
---
---RFC 6455. Asks a web server for another protocol on the same connection: messages in both directions, each text or bytes. Pings of the peer are answered by themselves; messages that nobody has taken wait, up to the size of one. close w1 says goodbye.
---@param url string what to connect to, as ws://HOST:PORT/path
---@param options? ws.connect.Options
---@return Websocket? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function ws.connect(url, options) end

---Send a message over a WebSocket
---
---As text, which must be UTF-8, or with --binary as bytes.
---@param ws Websocket socket to send on, as w1
---@param data string message
---@param options? ws.send.Options
---@return true? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function ws.send(ws, data, options) end

---Receive a message from a WebSocket
---
---The next message, whole, and whether it is text or binary. When the peer has closed it is an error of kind eof that tells its code and reason. In Lua: data, kind = w:recv().
---@param ws Websocket socket to receive from, as w1
---@param options? ws.recv.Options
---@return string|nil data the message; nil when it failed
---@return string kind text or binary; the message when it failed
function ws.recv(ws, options) end

---Ask the peer of a WebSocket for an answer
---
---Sends a ping and waits for the pong; the result is the time between.
---@param ws Websocket socket to ask on, as w1
---@param options? ws.ping.Options
---@return ws.ping.Result? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function ws.ping(ws, options) end

---Hand a letter to a mail server
---
---Makes a letter of the text and the attachments and hands it to one server, on port 25 unless another is given. A server that offers TLS gets it encrypted; --starttls always insists, never does not. With a user it logs in, off this machine only over TLS. Recipients that the server refuses are in the result; with --strict, or when it refuses all, that is an error, and nothing is sent. --show tells each line of the protocol, as it is sent (>) and received (<); passwords are shown as ***.
---@param server string mail server, as HOST or HOST:PORT; 25 is the port of none
---@param options? smtp.send.Options
---@return smtp.send.Result? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function smtp.send(server, options) end

---Ask a mail server what it is and offers
---
---Connects, hears the greeting, says EHLO and goodbye. With --starttls auto or always it asks again over TLS.
---@param server string mail server, as HOST or HOST:PORT; 25 is the port of none
---@param options? smtp.check.Options
---@return smtp.check.Result? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function smtp.check(server, options) end

---List a folder of an FTP server
---
---Without a path the folder where the server begins. The server is on port 21 unless another is given; without a user it is asked as anonymous. The data comes over a second connection: to the server (passive), or with --active from it. It is only ever taken from the server itself. --tls encrypts both. --show tells each line of the protocol, as it is sent (>) and received (<).
---@param server string FTP server, as HOST or HOST:PORT; 21 is the port of none
---@param path? string folder or file on the server
---@param options? ftp.list.Options
---@overload fun(server: string, options?: ftp.list.Options): ftp.list.Result[]?, string?, Kind?
---@return ftp.list.Result[]? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function ftp.list(server, path, options) end

---Fetch a file from an FTP server
---
---The file gets its name when it is whole; until then, and when the transfer breaks off, it is called FILE.part, and --resume goes on with it. The server is on port 21 unless another is given; without a user it is asked as anonymous. The data comes over a second connection: to the server (passive), or with --active from it. It is only ever taken from the server itself. --tls encrypts both. --show tells each line of the protocol, as it is sent (>) and received (<).
---@param server string FTP server, as HOST or HOST:PORT; 21 is the port of none
---@param path string file on the server
---@param options? ftp.get.Options
---@return ftp.get.Result? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function ftp.get(server, path, options) end

---Store a file on an FTP server
---
---Without a path it is stored under its own name. --resume goes on where the server's file ends. The server is on port 21 unless another is given; without a user it is asked as anonymous. The data comes over a second connection: to the server (passive), or with --active from it. It is only ever taken from the server itself. --tls encrypts both. --show tells each line of the protocol, as it is sent (>) and received (<).
---@param server string FTP server, as HOST or HOST:PORT; 21 is the port of none
---@param file string file here
---@param path? string name on the server; a folder when it ends in /
---@param options? ftp.put.Options
---@overload fun(server: string, file: string, options?: ftp.put.Options): ftp.put.Result?, string?, Kind?
---@return ftp.put.Result? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function ftp.put(server, file, path, options) end

---List the tasks
---
---Those that run, and those that ended lately.
---@return tasks.Result[]? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function tasks() end

---End a task
---
---Cancels it and waits until it has ended; it may clean up first.
---@param task Task task to end
---@param options? kill.Options
---@return true? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function kill(task, options) end

---Wait for a task, or for all of them
---
---Its failure is the failure of wait. A server ends only when it is killed.
---@param task? Task task to wait for; all when left out
---@param options? wait.Options
---@overload fun(options?: wait.Options): true?, string?, Kind?
---@return true? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function wait(task, options) end

---Wait for some time
---@param duration number|string how long: 500ms, 2s; a bare number is seconds (seconds)
---@return true? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function sleep(duration) end

---Do something each time something happens
---
---accept: each client of a listener is accepted, and is what the command is about. data: whenever bytes or datagrams wait that nobody has taken. close, once: the peer ended the connection, or the handle was closed. end, once: a task ended. The command is the rest of the line; in it the handle it is about is the current one, and is called it, or _. $name hands over a Lua function, which gets the handle. It runs as a task, which jobs lists and kill ends; it ends with its handle.
---@param event "accept"|"data"|"close"|"end" what is to happen
---@param handle Handle where
---@param command string|fun(it: any): any command with its arguments, or a Lua function
---@return Task? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function on(event, handle, command) end

---Wait until something happens
---
---accept: a client waits to be accepted. data: bytes or datagrams wait. close: the peer ended the connection, or the handle was closed. end: a task ended. It takes nothing: accept and recv do.
---@param event "accept"|"data"|"close"|"end" what is to happen
---@param handle Handle where
---@param options? waitfor.Options
---@return true? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function waitfor(event, handle, options) end

---Do something again and again
---
---At once, and each time the interval has passed; a time that comes while the command still runs is left out. A failure is told, and it goes on. In the foreground it runs until Ctrl-C, with & as a task. In Lua a function is called; when it returns false, that was the last time.
---@param interval number|string time between two beginnings (seconds)
---@param command string|fun(it: any): any command with its arguments, or a Lua function
---@param options? every.Options
---@return Task? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function every(interval, command, options) end

---Show the system calls behind a command
---
---Runs a network command and shows each system call that it made, as strace does, with its result or error; then the same in Lua, Python and C. With --dry-run nothing is run: the calls have no results. --only shows one part alone, as a program to be saved. Its own flags stand before the command. What the short forms leave to Go's net package is made here call by call, so that it can be seen; what Go's runtime does by itself is told in words.
---@param command string|fun(it: any): any network command with its arguments
---@param options? explain.Options
---@return explain.Result? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function explain(command, options) end

---Draw who spoke with whom, and what passed
---
---The interaction diagram of the session so far, from what really happened on its sockets: typed, in tasks, servers and scripts. A connection or datagram with both ends here is one arrow. The journal that it is drawn from is on at the prompt and in lessons; elsewhere diagram on begins it, diagram off ends it, diagram clear forgets it. It keeps the newest 4000 events. --json gives the events.
---@param action? "show"|"on"|"off"|"clear" draw it, or begin, end or forget the journal (default show)
---@param options? diagram.Options
---@overload fun(options?: diagram.Options): diagram.Result?, string?, Kind?
---@return diagram.Result? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function diagram(action, options) end

---Show what an IP address is
---
---Its forms, and the block it is in by IANA's special-purpose registries: private, loopback, documentation … with the RFC. Of several blocks the most specific counts. An IPv4 address inside an IPv6 one (IPv4-mapped, NAT64, 6to4, Teredo) is looked through: it decides scope and global. Of a bad address the error says what is bad. Nothing is asked of any network.
---@param addr string IPv4 or IPv6 address
---@return ip.info.Result? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function ip.info(addr) end

---Write an IP address in another form
---
---Reads dotted and colon forms, an integer, hexadecimal (0x7f000001) and binary (0b…, or 32 or 128 digits with or without dots). Without --to: all forms. What fits in 32 bits is IPv4 unless --ipv6.
---@param value boolean|number|string address, integer, hexadecimal or binary
---@param options? ip.convert.Options
---@return any result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function ip.convert(value, options) end

---Show a network, or split it
---
---The network that an address with a prefix length or a mask belongs to. --split cuts it into equal parts of a longer prefix, --hosts 50 into the smallest equal parts for so many hosts, --hosts 50,20,10 into one part for each number.
---@param cidr string network as ADDRESS/LENGTH or ADDRESS/MASK
---@param options? ip.subnet.Options
---@return any result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function ip.subnet(cidr, options) end

---Show a range of addresses as networks
---
---From one address to another: the fewest networks that hold just these. Or of one network: its first and last address.
---@param from string first address, or a network
---@param to? string last address
---@return ip.range.Result? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function ip.range(from, to) end

---Tell whether a network holds an address
---
---True or false; the address may be a network too. An IPv4-mapped address is the IPv4 address that it carries.
---@param cidr string network as ADDRESS/LENGTH
---@param addr string address or network to look for
---@return boolean? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function ip.contains(cidr, addr) end

---List the blocks of addresses with a meaning
---
---The tables of ip info: IANA's IPv4 and IPv6 Special-Purpose Address Registries as they stood on 2026-07-18, multicast, and a few others. With an address: the blocks that it is in, the most specific last.
---@param addr? string only the blocks that this address is in
---@param options? ip.special.Options
---@overload fun(options?: ip.special.Options): ip.special.Result[]?, string?, Kind?
---@return ip.special.Result[]? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function ip.special(addr, options) end

---List network interfaces and their addresses
---
---One line for each address; an interface without one has a line too. Assigned is static, dynamic (it has a lifetime: DHCP or router advertisement), temporary (dynamic and random, for privacy) or automatic (link-local); empty where the system does not say, which only Linux does.
---@param interface? string only this one, by its name or an address of it
---@param options? net.interfaces.Options
---@overload fun(options?: net.interfaces.Options): net.interfaces.Result[]?, string?, Kind?
---@return net.interfaces.Result[]? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function net.interfaces(interface, options) end

---Show the way that packets to a host take
---
---The interface they leave by, the router they are given to, and the source address they get. No packet is sent; only a name is looked up first. The gateway is told on Linux only; without one the host is on the link itself, or is this machine (kind local).
---@param host string address or name of the destination
---@param options? net.route.Options
---@return net.route.Result? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function net.route(host, options) end

---List the routes of this machine
---
---The main routing table, on Linux. Of several that fit the longest prefix is taken, then the lowest metric; default fits everything.
---@param options? net.routes.Options
---@return net.routes.Result[]? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function net.routes(options) end

---List the sockets of this machine
---
---As ss -tunap does, on Linux. For TCP the states are those of RFC 9293. Recv_q of a listener is how many connections wait to be accepted. Pid and program are told of one's own processes, of others only to root; handle is ours.
---@param options? net.sockets.Options
---@return net.sockets.Result[]? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function net.sockets(options) end

---Show how names become addresses here
---
---In which order sources are asked (nsswitch.conf), what the hosts file has, which name servers and search domains there are (resolv.conf), and the file each setting stands in. --root reads those of another root folder, as of a container.
---@param options? net.resolvers.Options
---@return net.resolvers.Result[]? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function net.resolvers(options) end

---Show what a name is to this system, and who says so
---
---Asks as programs do: the hosts file and the name servers of resolv.conf, in the order of nsswitch.conf, with its search domains. Source says who answered. Names in .localhost and .invalid are answered here, as RFC 6761 says. Other sources of nsswitch.conf (mDNS, LDAP) are not asked; !getent ahosts NAME does.
---@param name string name to look up
---@param options? dns.lookup.Options
---@return dns.lookup.Result? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function dns.lookup(name, options) end

---Ask a DNS server, and show all of its answer
---
---Over UDP; an answer that is too long for a datagram is asked for again over TCP. Without --server the first of net resolvers. Datagrams with another number, question or sender are ignored and counted. NXDOMAIN, SERVFAIL and the like are answers too: they are shown, and end with exit code 1; in Lua the result comes whatever the code is. --show adds the messages as they were on the wire. Names are ASCII (IDNA is not translated); \DDD is any byte.
---@param name string name to ask for
---@param type? string type of record: A, AAAA, MX, NS, TXT, SOA, PTR, SRV, ANY … (default A)
---@param options? dns.query.Options
---@overload fun(name: string, options?: dns.query.Options): dns.query.Result?, string?, Kind?
---@return dns.query.Result? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function dns.query(name, type, options) end

---Show the names of an address, and who says so
---
---Asks as programs do, the hosts file too; with --server that server alone, for the PTR records of the reverse name (4.3.2.1.in-addr.arpa of 1.2.3.4). What an address says of itself is a claim: whoever has the network writes it.
---@param addr string IPv4 or IPv6 address
---@param options? dns.reverse.Options
---@return dns.reverse.Result? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function dns.reverse(addr, options) end

---Find a name from the root down, step by step
---
---Asks as a resolver does: a root server, then who that refers to, until one answers; aliases (CNAME) are followed from the start. Each question is an item. --server begins elsewhere, and its port is then the port of all. A server that is silent or does not know its zone (lame) is shown, and the next one asked.
---@param name string name to find
---@param type? string type of record (default A)
---@param options? dns.trace.Options
---@overload fun(name: string, options?: dns.trace.Options): dns.trace.Items?, string?, Kind?
---@return dns.trace.Items? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function dns.trace(name, type, options) end

---Show bytes in hexadecimal and ASCII
---
---Sixteen bytes a line. @file gives a file's bytes, $name a Lua value's.
---@param data string bytes to show
---@return string? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function hexdump(data) end

---Ask the person at the terminal
---
---An empty answer, and a session without a terminal, give the default.
---@param question string what to ask
---@param options? ask.Options
---@return string? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function ask(question, options) end

---Measure throughput or answers between two sosh
---
---The other side is: serve PORT bench. The mode says what is measured: up is what arrives there, down what arrives here, both at once; rr sends a message and waits for it to come back, and shows how many did in a second and how long they took. A result comes every interval, the total at the end.
---@param host string host and port of a: serve PORT bench
---@param port integer|string number or name of the port
---@param options? bench.Options
---@overload fun(addr: string, options?: bench.Options): bench.Items?, string?, Kind?
---@return bench.Items? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function bench(host, port, options) end

---Send many clients to a server
---
---Each client connects, talks, closes and connects again until the time is over. With --send and --expect it makes requests, with --expect alone it waits for a greeting, with neither it only connects; --requests 0 keeps each connection to the end. With --rate latencies count from when a connection, and with it its first request, was due, whether or not a client was free then: a server that stalls makes others wait, and that is seen (wrk2 does the same); behind is how many are still to be begun. Without it they count from when they begin. What fails is counted by its kind and ends nothing. Clients for which this machine has no descriptors or ports are given up, and counted as short. This is for servers of your own: one that is not on this machine takes --yes. At the prompt, load is short for it.
---@param host string host and port of the server
---@param port integer|string number or name of the port
---@param options? tcp.load.Options
---@overload fun(addr: string, options?: tcp.load.Options): tcp.load.Items?, string?, Kind?
---@return tcp.load.Items? result nil when it failed
---@return string? message why it failed
---@return Kind? kind
function tcp.load(host, port, options) end

-- What Lua offers beside the primitives.

---Ends the script and its tasks.
---@param code? integer|boolean exit code; true and nothing are 0, false is 1
function exit(code) end

---Runs a line of the shell and gives its result.
---@param line string
---@return any result nil when it failed; true when there is nothing to tell
---@return string? message
---@return Kind? kind
function sosh(line) end

---Functions put here become commands of the shell: command.greet is greet.
---@type table<string, function>
command = {}

---The arguments of the script; arg[0] is its name.
---@type table<integer, string>
arg = {}

---Tasks: functions that run beside each other and switch where they wait.
task = {}

---Runs a function as a task of its own.
---@param fn function
---@param ... any arguments of the function
---@return Task
function task.spawn(fn, ...) end

---Waits.
---@param seconds number
---@return true? done nil when it was interrupted
---@return string? message
---@return Kind? kind
function task.sleep(seconds) end

---The tasks that run, and those that ended lately.
---@return Task[]
function task.list() end

---The running task; nil in the script itself.
---@return Task?
function task.current() end

---Runs a function while no other task does; what may wait raises inside.
---@param fn function
---@param ... any arguments of the function
---@return any ... its results
function task.atomic(fn, ...) end

---A queue that carries values between tasks.
---@param n? integer how many values it holds; 1 when left out
---@return Queue
function task.queue(n) end

---A mutex, to keep tasks apart across calls that wait.
---@return Mutex
function task.mutex() end

---A group: tasks that are waited for together; the first that fails cancels the
---others. With a function: calls it with the group, then waits.
---@param fn fun(g: Group, ...: any)
---@param ... any further arguments of the function
---@return any[]? results what each task gave first; nil when one failed
---@return string? message
---@return Kind? kind
---@overload fun(): Group
function task.group(fn, ...) end

---Calls a function and interrupts it when it takes longer.
---@param seconds number
---@param fn function
---@param ... any arguments of the function
---@return any ... its results; nil, message, "timeout" when it took longer
function task.timeout(seconds, fn, ...) end

---Starts a task that calls a function again and again, at fixed times; calls that
---would be late are left out. It ends when it is cancelled, the function raises,
---or it returns false.
---@param seconds number at least 0.001
---@param fn function
---@param ... any arguments of the function
---@return Task
function task.every(seconds, fn, ...) end

---@class Task
local Task = {}

---Waits for the task.
---@return any ... its results; nil, message, kind when it failed
function Task:join() end

---Interrupts the task, which may clean up; the second time for good.
---@return true
function Task:cancel() end

---@class Group
local Group = {}

---Starts a task in the group; in one that has failed it begins cancelled.
---@param fn function
---@param ... any arguments of the function
---@return Task
function Group:spawn(fn, ...) end

---Waits for all tasks; the group is empty afterwards.
---@return any[]? results what each task gave first; nil when one failed
---@return string? message
---@return Kind? kind
function Group:wait() end

---Interrupts the tasks of the group.
---@return true
function Group:cancel() end

---@class Queue
local Queue = {}

---Adds a value; waits while the queue is full.
---@param value any not nil
---@param seconds? number give up after this long
---@return true? done nil when it failed
---@return string? message
---@return Kind? kind closed, timeout or canceled
function Queue:put(value, seconds) end

---Takes the oldest value; waits while the queue is empty.
---@param seconds? number give up after this long
---@return any value nil when it failed
---@return string? message
---@return Kind? kind closed when the queue is closed and empty
function Queue:get(seconds) end

---Ends the queue; what is in it can still be taken.
---@return true
function Queue:close() end

---How many values are in it.
---@return integer
function Queue:len() end

---@class Mutex
local Mutex = {}

---Waits for the mutex and takes it.
---@return true? done nil when it was interrupted
---@return string? message
---@return Kind? kind
function Mutex:lock() end

---Lets go of the mutex.
---@return true
function Mutex:unlock() end

---Calls a function with the mutex held, and lets go whatever happens.
---@param fn function
---@param ... any arguments of the function
---@return any ... its results
function Mutex:with(fn, ...) end

---JSON.
json = {}

---What null becomes, and what becomes null.
---@type userdata
json.null = nil

---One line of JSON; what JSON cannot say raises.
---@param value any
---@return string
function json.encode(value) end

---Reads JSON; arrays stay arrays, null is json.null.
---@param text string
---@return any value nil when it failed
---@return string? message
---@return Kind? kind
function json.decode(text) end

---Marks a table as an array, so that an empty one is [].
---@param t? table
---@return table
function json.array(t) end

---Bytes as hexadecimal digits.
hex = {}

---@param data string
---@return string digits
function hex.encode(data) end

---Reads digits in pairs, with blanks and colons between.
---@param digits string
---@return string? data nil when it failed
---@return string? message
---@return Kind? kind
function hex.decode(digits) end

---Sixteen bytes a line, with their characters.
---@param data string
---@return string
function hex.dump(data) end

---Bytes as base64.
base64 = {}

---@param data string
---@return string
function base64.encode(data) end

---Reads the standard and the URL alphabet, padded or not.
---@param text string
---@return string? data nil when it failed
---@return string? message
---@return Kind? kind
function base64.decode(text) end

---Numbers and strings as bytes. The formats are those of Lua 5.3's string.pack,
---without alignment: < > = ! for the byte order; b B h H i[n] I[n] l L j J for
---whole numbers; f d for floats; s[n] for a string after its length; z for one
---that a zero byte ends; x for a zero byte.
pack = {}

---@param format string
---@param ... number|string
---@return string
function pack.pack(format, ...) end

---@param format string
---@param data string
---@param position? integer where to begin; 1 when left out
---@return any ... the values and the position after them; nil, message, kind when the data is too short
function pack.unpack(format, data, position) end

---Operations on whole numbers of 32 bits; results are not negative.
bit = {}

---@param a integer
---@param ... integer
---@return integer
function bit.band(a, ...) end

---@param a integer
---@param ... integer
---@return integer
function bit.bor(a, ...) end

---@param a integer
---@param ... integer
---@return integer
function bit.bxor(a, ...) end

---@param a integer
---@return integer
function bit.bnot(a) end

---@param a integer
---@param n integer
---@return integer
function bit.lshift(a, n) end

---@param a integer
---@param n integer
---@return integer
function bit.rshift(a, n) end

---Digests, as hexadecimal digits.
hash = {}

---@param data string
---@return string
function hash.md5(data) end

---@param data string
---@return string
function hash.sha1(data) end

---@param data string
---@return string
function hash.sha256(data) end

---@param data string
---@return string
function hash.crc32(data) end

---unpack, by the name it has in later versions of Lua.
---@param list table
---@param first? integer
---@param last? integer
---@return any ...
function table.unpack(list, first, last) end
