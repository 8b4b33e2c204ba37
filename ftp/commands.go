package ftp

import (
	"context"
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"sosh/sock"
	"sosh/tlsinfo"
)

// A command is what a client can say.
type command struct {
	do    func(v *visit, arg string)
	early bool // before the login too
	arg   bool // needs an argument
	write bool // changes the folder
}

// commands are all that the server knows (RFC 959, 2228, 2389, 2428, 3659, 4217).
func commands() map[string]command {
	all := map[string]command{
		"USER": {do: (*visit).userIs, early: true, arg: true},
		"PASS": {do: (*visit).passwordIs, early: true},
		"QUIT": {do: (*visit).quit, early: true},
		"FEAT": {do: (*visit).features, early: true},
		"HELP": {do: (*visit).help, early: true},
		"AUTH": {do: (*visit).auth, early: true, arg: true},
		"PROT": {do: (*visit).protect, early: true, arg: true},
		"SYST": {do: does(215, "UNIX Type: L8"), early: true},
		"NOOP": {do: does(200, "nothing done"), early: true},
		"OPTS": {do: does(200, "names are UTF-8"), early: true},
		"PBSZ": {do: does(200, "PBSZ=0"), early: true},
		"CLNT": {do: does(200, "good to know"), early: true},
		"ALLO": {do: does(202, "no need to")},
		"ABOR": {do: does(226, "nothing to break off")},
		"STAT": {do: does(211, "all is well")},
		"MODE": {do: only("S", "a stream of bytes"), arg: true},
		"STRU": {do: only("F", "files without records"), arg: true},
		"TYPE": {do: (*visit).typeIs, arg: true},
		"PWD":  {do: (*visit).where},
		"CWD":  {do: (*visit).changeTo, arg: true},
		"CDUP": {do: func(v *visit, _ string) { v.changeTo("..") }},
		"PASV": {do: (*visit).pasv},
		"EPSV": {do: (*visit).epsv},
		"PORT": {do: (*visit).port, arg: true},
		"EPRT": {do: (*visit).eprt, arg: true},
		"REST": {do: (*visit).restAt, arg: true},
		"LIST": {do: func(v *visit, arg string) { v.list(arg, lsLine) }},
		"NLST": {do: func(v *visit, arg string) { v.list(arg, nameLine) }},
		"MLSD": {do: func(v *visit, arg string) { v.list(arg, factLine) }},
		"MLST": {do: (*visit).facts},
		"SIZE": {do: (*visit).sizeOf, arg: true},
		"MDTM": {do: (*visit).timeOf, arg: true},
		"RETR": {do: (*visit).retrieve, arg: true},
		"STOR": {do: func(v *visit, arg string) { v.store(arg, false) }, arg: true, write: true},
		"APPE": {do: func(v *visit, arg string) { v.store(arg, true) }, arg: true, write: true},
		"DELE": {do: (*visit).remove, arg: true, write: true},
		"RMD":  {do: (*visit).removeFolder, arg: true, write: true},
		"MKD":  {do: (*visit).makeFolder, arg: true, write: true},
		"RNFR": {do: (*visit).renameFrom, arg: true, write: true},
		"RNTO": {do: (*visit).renameTo, arg: true, write: true},
	}
	for old, now := range map[string]string{"XPWD": "PWD", "XCWD": "CWD", "XCUP": "CDUP", "XMKD": "MKD", "XRMD": "RMD"} {
		all[old] = all[now]
	}
	return all
}

// does answers and does nothing.
func does(code int, text string) func(*visit, string) {
	return func(v *visit, _ string) { v.reply(code, text) }
}

// only takes one value, which is how it is anyway.
func only(value, meaning string) func(*visit, string) {
	return func(v *visit, arg string) {
		if strings.EqualFold(arg, value) {
			v.reply(200, meaning)
			return
		}
		v.reply(504, "only "+value+": "+meaning)
	}
}

func (v *visit) userIs(arg string) {
	v.user, v.loggedIn = arg, false
	v.reply(331, "and the password")
}

func (v *visit) passwordIs(arg string) {
	switch {
	case v.user == "":
		v.mistake(503, "say first who you are: USER")
	case v.site.admits(v.user, arg):
		v.loggedIn = true
		v.reply(230, "welcome")
	default:
		if v.failures++; v.failures >= maxFailures {
			v.bye("user or password wrong; goodbye")
			return
		}
		v.reply(530, "user or password wrong")
	}
}

func (v *visit) quit(string) {
	v.reply(221, "goodbye")
	v.leaving = true
}

func (v *visit) features(string) {
	lines := []string{"beyond RFC 959:", "EPRT", "EPSV", "MDTM", "MLST type*;size*;modify*;", "REST STREAM", "SIZE", "TVFS", "UTF8"}
	if v.site.c.TLS != nil {
		lines = append(lines, "AUTH TLS", "PBSZ", "PROT")
	}
	v.replies(211, append(lines, "that is all")...)
}

func (v *visit) help(string) {
	names := slices.Sorted(maps.Keys(v.site.commands))
	v.replies(214, "the commands are:", strings.Join(names, " "), "that is all")
}

// auth goes on over TLS. Bytes that came before it are nobody's, and end the visit.
func (v *visit) auth(arg string) {
	switch {
	case v.site.c.TLS == nil || !strings.EqualFold(arg, "TLS") && !strings.EqualFold(arg, "TLS-C") && !strings.EqualFold(arg, "SSL"):
		v.reply(504, "not that")
		return
	case tlsinfo.Version(v.control) != "":
		v.mistake(503, "it is encrypted already")
		return
	case v.control.Info().(sock.Info).Buffered > 0:
		v.bye("bytes before TLS; goodbye")
		return
	}
	v.reply(234, "go on with TLS")
	ctx, cancel := context.WithTimeout(v.ctx, v.site.c.Idle)
	defer cancel()
	secured, err := tlsinfo.SecureServer(ctx, v.control, v.site.c.TLS)
	if err != nil {
		v.failed = err
		return
	}
	v.control, v.loggedIn, v.user = secured, false, ""
}

func (v *visit) protect(arg string) {
	switch {
	case tlsinfo.Version(v.control) == "":
		v.mistake(503, "first AUTH TLS")
	case strings.EqualFold(arg, "P"):
		v.private = true
		v.reply(200, "the data is encrypted")
	case strings.EqualFold(arg, "C"):
		v.private = false
		v.reply(200, "the data is open to all")
	default:
		v.reply(536, "P or C")
	}
}

func (v *visit) typeIs(arg string) {
	switch kind, _, _ := strings.Cut(strings.ToUpper(arg), " "); kind {
	case "I", "L":
		v.ascii = false
		v.reply(200, "bytes as they are")
	case "A":
		v.ascii = true
		v.reply(200, "lines of text")
	default:
		v.reply(504, "A or I")
	}
}

func (v *visit) restAt(arg string) {
	n, err := strconv.ParseInt(arg, 10, 64)
	switch {
	case err != nil || n < 0:
		v.reply(501, "a number of bytes")
	case v.ascii && n > 0:
		v.reply(504, "first TYPE I")
	default:
		v.rest = n
		v.reply(350, fmt.Sprintf("the next transfer begins at %d", n))
	}
}

func (v *visit) where(string) { v.reply(257, quoted(v.cwd)+" is where you are") }

// quoted is a name as RFC 959 has it: between quotes, those inside doubled.
func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// absolute is a name as the client sees it: from "/" on, without . and .., which
// lead nowhere above "/".
func (v *visit) absolute(arg string) string {
	if strings.HasPrefix(arg, "/") {
		return path.Clean(arg)
	}
	return path.Join("/", v.cwd, arg)
}
