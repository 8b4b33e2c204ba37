package ftp

import (
	"context"
	"fmt"
	"strings"

	"sosh/primitive"
	"sosh/sock"
	"sosh/tlsinfo"
)

// Bounds on what a client says.
const (
	maxCommand   = 4 << 10
	maxMistakes  = 20 // commands that are none, or too early
	maxFailures  = 3  // logins
	lastCommands = "USER, PASS and QUIT"
)

// A visit is one client, from its coming to its leaving.
type visit struct {
	site    *Site
	ctx     context.Context
	control *sock.Stream // the connection, or TLS over it
	peer    primitive.Addr

	user     string
	loggedIn bool
	failures int // logins
	mistakes int

	cwd     string // of the client: "/" is the folder that is served
	ascii   bool
	rest    int64  // where the next transfer begins
	rename  string // what RNTO renames
	data    rendezvous
	private bool // data over TLS

	said    string // the command, as the log shows it
	failed  error  // why it cannot go on
	leaving bool
}

// end lets go of what the client left behind.
func (v *visit) end() {
	v.data.close()
	if tlsinfo.Version(v.control) != "" {
		_ = v.control.Close() // says goodbye in TLS, too; the stream below is the caller's
	}
}

// line reads the next command.
func (v *visit) line() (string, error) {
	ctx, cancel := context.WithTimeout(v.ctx, v.site.c.Idle)
	defer cancel()
	line, err := v.control.RecvLine(ctx, maxCommand)
	switch primitive.KindOf(err) {
	case "":
		return withoutSignals(string(line)), nil
	case primitive.EOF:
		v.leaving = true // it is gone, which is no failure
		return "", nil
	case primitive.Oversized:
		v.said = "(a line of more than 4096 bytes)"
		v.reply(500, "that is no command")
	case primitive.Timeout:
		v.said = "(silence)"
		v.reply(421, "silent for too long; goodbye")
	}
	return "", err
}

// withoutSignals is a line without the signals of telnet that stand before ABOR:
// IAC, interrupt and mark.
func withoutSignals(line string) string {
	for line != "" && (line[0] == 0xff || line[0] == 0xf4 || line[0] == 0xf2) {
		line = line[1:]
	}
	return line
}

// obey does what a line says, and answers.
func (v *visit) obey(line string) {
	if v.leaving {
		return
	}
	name, arg, _ := strings.Cut(line, " ")
	name = strings.ToUpper(name)
	v.said = line
	if name == "PASS" {
		v.said = "PASS ***"
	}
	c, known := v.site.commands[name]
	switch {
	case !known:
		v.mistake(502, "not a command of this server")
	case strings.ContainsRune(arg, 0):
		v.mistake(501, "no name holds a zero byte")
	case !c.early && !v.loggedIn:
		v.mistake(530, "say first who you are: "+lastCommands)
	case c.arg && arg == "":
		v.mistake(501, name+" needs an argument")
	case c.write && !v.site.c.Write:
		v.reply(550, "the folder is for reading only")
	default:
		c.do(v, arg)
		if name != "REST" {
			v.rest = 0
		}
		if name != "RNFR" {
			v.rename = ""
		}
	}
}

// mistake answers what should not have been said; too many end the visit.
func (v *visit) mistake(code int, text string) {
	if v.mistakes++; v.mistakes > maxMistakes {
		v.bye("too many mistakes; goodbye")
		return
	}
	v.reply(code, text)
}

// bye shows the client out.
func (v *visit) bye(text string) {
	v.reply(421, text)
	v.leaving = true
}

// reply answers with one line, and logs it.
func (v *visit) reply(code int, text string) { v.replies(code, text) }

// replies answers with several lines.
func (v *visit) replies(code int, lines ...string) {
	if v.said != "" && code >= 200 {
		v.site.c.Log("%s %s %d %s", v.peer, v.said, code, lines[len(lines)-1])
	}
	v.send(code, lines...)
}

// preliminary answers that the data comes; the log waits for its end.
func (v *visit) preliminary(text string) { v.send(150, text) }

func (v *visit) send(code int, lines ...string) {
	var b strings.Builder
	for i, l := range lines {
		l = strings.NewReplacer("\r", "?", "\n", "?").Replace(l) // a name cannot make lines of its own
		switch {
		case i == len(lines)-1:
			fmt.Fprintf(&b, "%d %s\r\n", code, l)
		case i == 0:
			fmt.Fprintf(&b, "%d-%s\r\n", code, l)
		default:
			fmt.Fprintf(&b, " %s\r\n", l)
		}
	}
	ctx, cancel := context.WithTimeout(v.ctx, v.site.c.Idle)
	defer cancel()
	if _, err := v.control.Send(ctx, []byte(b.String())); err != nil && v.failed == nil {
		v.failed = err
	}
}
