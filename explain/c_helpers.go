package explain

import "strings"

// cHeaders are those that a program may need, in order.
var cHeaders = [...]string{
	"arpa/inet.h", "errno.h", "netdb.h", "netinet/in.h", "netinet/ip_icmp.h", "netinet/tcp.h", "poll.h", "stdio.h",
	"stdlib.h", "string.h", "sys/socket.h", "sys/time.h", "sys/un.h", "time.h", "unistd.h", "linux/errqueue.h",
}

// A cHelper is a function in C that lines of Code call.
type cHelper struct{ name, headers, text string }

// cCode writes lines of C, and notes what they need.
func (w *writer) cCode(s Step) {
	for _, h := range cHelpers() {
		for name := range strings.FieldsSeq(s.Uses) {
			if h.name != name {
				continue
			}
			w.has[name] = true
			for header := range strings.FieldsSeq(h.headers) {
				w.has[header] = true
			}
		}
	}
	for line := range strings.Lines(s.Name) {
		w.line("    %s", strings.TrimRight(line, "\n"))
	}
}

// cHelpers are in the order in which they may call each other.
func cHelpers() []cHelper {
	return []cHelper{
		{"copy", "", cCopy}, {"say", "string.h", cSay}, {"reply", "string.h", cReply},
		{"passive", "string.h netinet/in.h", cPassive}, {"records", "arpa/inet.h string.h", cRecords},
		{"names", "arpa/inet.h netdb.h string.h netinet/in.h", ""}, {"icmp", "arpa/inet.h netinet/in.h netinet/ip_icmp.h string.h sys/time.h", ""},
		{"hops", "arpa/inet.h netinet/in.h linux/errqueue.h time.h poll.h string.h sys/time.h errno.h", ""}, {"string", "string.h", ""},
	}
}

const cCopy = `
/* copies what arrives until the peer ends its side */
static void copy(int s, FILE *out) {
    char piece[4096];
    for (long n; (n = check(recv(s, piece, sizeof piece, 0), "recv")) > 0;)
        fwrite(piece, 1, n, out);
}
`

const cSay = `
static void say(int s, const char *line) {
    printf("> %s", line);
    for (size_t sent = 0; sent < strlen(line);)
        sent += check(send(s, line + sent, strlen(line) - sent, 0), "send");
}
`

const cReply = `
static char text[1024]; /* the line that came last */

static void hear(int s) {
    size_t n = 0;
    char c = 0;
    while (c != '\n' && check(recv(s, &c, 1, 0), "recv") == 1)
        if (n + 1 < sizeof text)
            text[n++] = c;
    text[n] = 0;
    printf("< %s", text);
    if (c != '\n')
        exit(1); /* the peer ended its side */
}

/* hears a reply, "250-" begins one of several lines; its code must begin with one of the digits */
static void reply(int s, const char *digits) {
    hear(s);
    char code[4] = {text[0], text[1], text[2], 0};
    while (text[3] == '-' || strncmp(text, code, 3))
        hear(s);
    if (!strchr(digits, text[0]))
        exit(1);
}
`

const cPassive = `
/* asks for a second connection, for data, and opens it to the same host (RFC 2428) */
static int passive(int s) {
    say(s, "EPSV\r\n");
    reply(s, "2");
    char *at = strstr(text, "|||");
    struct sockaddr_storage peer = {0};
    socklen_t size = sizeof peer;
    check(getpeername(s, (struct sockaddr *)&peer, &size), "getpeername");
    in_port_t port = htons(at ? atoi(at + 3) : 0);
    if (peer.ss_family == AF_INET6)
        ((struct sockaddr_in6 *)&peer)->sin6_port = port;
    else
        ((struct sockaddr_in *)&peer)->sin_port = port;
    int d = check(socket(peer.ss_family, SOCK_STREAM, 0), "socket");
    check(connect(d, (struct sockaddr *)&peer, size), "connect");
    return d;
}
`

const cRecords = `
/* where a name ends: labels with their lengths, a zero or two bytes that point to another */
static long skip(const unsigned char *m, long at, long n) {
    while (at < n && m[at] != 0 && m[at] < 0xc0)
        at += m[at] + 1;
    return at < n && m[at] != 0 ? at + 2 : at + 1;
}

/* prints the answers of a message (RFC 1035 section 4.1) */
static void records(const unsigned char *m, long n) {
    if (n < 12)
        return;
    printf("code %d, %d answers\n", m[3] & 15, m[6] << 8 | m[7]);
    long at = skip(m, 12, n) + 4; /* behind the question */
    for (int i = m[6] << 8 | m[7]; i > 0; i--) {
        at = skip(m, at, n);
        if (at + 10 > n || at + 10 + (m[at + 8] << 8 | m[at + 9]) > n)
            return;
        int type = m[at] << 8 | m[at + 1], size = m[at + 8] << 8 | m[at + 9];
        char text[INET6_ADDRSTRLEN] = "";
        at += 10;
        if ((type == 1 && size == 4) || (type == 28 && size == 16))
            printf("type %d: %s\n", type, inet_ntop(type == 1 ? AF_INET : AF_INET6, m + at, text, sizeof text));
        else
            printf("type %d: %d bytes\n", type, size); /* names inside are compressed too */
        at += size;
    }
}
`
