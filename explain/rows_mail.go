package explain

import (
	"fmt"
	"path"
	"strings"

	"sosh/primitive"
)

func (c Command) server(port int) primitive.Addr {
	s, _ := c.Args.Value("server").(primitive.Server)
	return s.Addr(port)
}

// hear is a reply of a server, whose code begins with one of the digits.
func hear(digits string) Step {
	return Step{Op: Code, Uses: "say reply", Name: fmt.Sprintf("reply(s, %q);", digits), Told: "read fd, the bytes of a reply, at most so many"}
}

// say is a line to a server, and its reply.
func say(line, digits string) []Step {
	line = oneLine(line) + "\r\n"
	told := fmt.Sprintf("write fd, %s, %d", primitive.CString([]byte(line), shown), len(line))
	return []Step{{Op: Code, Uses: "say reply", Name: "say(s, " + cString([]byte(line)) + ");", Told: told}, hear(digits)}
}

// oneLine is a text without what would end a line.
func oneLine(text string) string {
	return strings.NewReplacer("\r", "", "\n", "", "\x00", "").Replace(text)
}

func dialog(first Step, lines ...[]Step) []Step {
	all := []Step{first}
	for _, l := range lines {
		all = append(all, l...)
	}
	return all
}

// mailbox is the address in "Ann <ann@example.org>".
func mailbox(text string) string {
	if _, rest, ok := strings.Cut(text, "<"); ok {
		text, _, _ = strings.Cut(rest, ">")
	}
	return strings.TrimSpace(text)
}

// recipients are those of --to, which may be given again or with commas.
func recipients(c Command) (list []string) {
	for _, to := range c.many("to") {
		for one := range strings.SplitSeq(to, ",") {
			list = append(list, strings.TrimSpace(one))
		}
	}
	return list
}

func heloName(c Command) string {
	if name := c.text("helo"); name != "" {
		return name
	}
	return "localhost"
}

const noTLS = "in plain text; STARTTLS and then TLS in C with a library, as OpenSSL"

func smtpCheck(c Command) []Step {
	talk := dialog(hear("2"), say("EHLO "+heloName(c), "2"), say("QUIT", "2"))
	return append([]Step{{Op: Library, Name: smtpPython(c)}, {Op: Word, Name: noTLS}}, c.below(c.server(25), false, talk...)...)
}

func smtpSend(c Command) []Step {
	talk := dialog(hear("2"), say("EHLO "+heloName(c), "2"), say("MAIL FROM:<"+mailbox(c.text("from"))+">", "2"))
	for _, to := range recipients(c) {
		talk = append(talk, say("RCPT TO:<"+mailbox(to)+">", "2")...)
	}
	talk = append(talk, say("DATA", "3")...)
	talk = append(talk, Step{Op: Send, Data: letter(c)}, hear("2"))
	talk = append(talk, say("QUIT", "2")...)
	steps := []Step{{Op: Library, Name: smtpPython(c)}, {Op: Word, Name: noTLS}}
	steps = append(steps, remark(smtpLeft(c))...)
	return append(steps, c.below(c.server(25), false, talk...)...)
}

func smtpLeft(c Command) string {
	return c.leftOut("attach", "body-file", "user", "password", "password-file", "password-env", "strict", "show")
}

// letter is what follows DATA: lines that begin with a dot get another, and one
// dot alone ends it (RFC 5321 section 4.5.2).
func letter(c Command) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "From: %s\r\nTo: %s\r\nSubject: %s\r\n\r\n", oneLine(c.text("from")), oneLine(strings.Join(recipients(c), ", ")), oneLine(c.text("subject")))
	body := strings.TrimRight(string(clipped(c.bytes("body"))), "\r\n")
	for line := range strings.SplitSeq(body, "\n") {
		if strings.HasPrefix(line, ".") {
			b.WriteByte('.')
		}
		b.WriteString(strings.TrimSuffix(line, "\r") + "\r\n")
	}
	return append([]byte(clipped([]byte(b.String()))), ".\r\n"...)
}

func smtpPython(c Command) string {
	w, a, sends := &writer{}, c.server(25), c.Row.Name == "smtp send"
	secure := c.text("starttls") != "never"
	if w.line("import smtplib"); secure {
		w.line("import ssl")
	}
	if sends {
		w.line("from email.message import EmailMessage")
	}
	w.line("")
	w.left(smtpLeft(c))
	w.context(c, secure)
	if sends {
		w.line("letter = EmailMessage()\nletter[\"From\"] = %s\nletter[\"To\"] = %s\nletter[\"Subject\"] = %s",
			pythonText(c.text("from")), pythonText(strings.Join(recipients(c), ", ")), pythonText(c.text("subject")))
		w.line("letter.set_content(%s.decode(errors=\"replace\"))", pythonBytes(c.bytes("body")))
	}
	w.line("with smtplib.SMTP(%s, %d%s%s) as s:", pythonText(a.Host), a.Port, smtpName(c), c.seconds())
	w.line("    print(s.ehlo()[1].decode())")
	switch c.text("starttls") {
	case "always":
		w.line("    s.starttls(context=context)")
	case "auto":
		w.line("    if s.has_extn(\"starttls\"):\n        s.starttls(context=context)")
	}
	if sends {
		w.line("    print(s.send_message(letter), \"were refused\")")
	}
	return w.b.String()
}

func smtpName(c Command) string {
	if c.text("helo") == "" {
		return ""
	}
	return ", local_hostname=" + pythonText(c.text("helo"))
}

// ftpSteps log in and do what a command does, with a second connection for the
// data, d.
func ftpSteps(c Command, command, python string, move Step) []Step {
	open := Step{Op: Code, Uses: "say reply passive", Name: "int d = passive(s);",
		Told: "write fd, \"EPSV\\r\\n\", 6\nread fd, the bytes of a reply, at most so many\nsocket AF_INET, SOCK_STREAM, IPPROTO_IP\nconnect fd2, {the same host, the port that the reply says}, 16"}
	talk := dialog(hear("2"), say("USER anonymous", "23"), say("PASS sosh@", "2"), say("TYPE I", "2"), []Step{open}, say(command, "1"),
		[]Step{move, {Op: Code, Name: "close(d);", Told: "close fd2"}, hear("2")}, say("QUIT", "2"))
	steps := []Step{{Op: Library, Name: ftpPython(c, python)}}
	steps = append(steps, remark(ftpLeft(c))...)
	if c.on("tls") {
		steps = append(steps, Step{Op: Word, Name: "AUTH TLS and then TLS in C with a library, as OpenSSL; here in plain text"})
	}
	return append(steps, c.below(c.server(21), false, talk...)...)
}

func ftpLeft(c Command) string {
	return c.leftOut("user", "password", "password-file", "password-env", "resume", "show")
}

// take copies the data to where text says, in C.
func take(open string) Step {
	return Step{Op: Code, Uses: "copy", Name: open, Told: "read fd2, the bytes, 4096\n-- as often as it takes"}
}

func ftpList(c Command) []Step {
	command, python := "LIST", "f.retrlines(\"LIST\")"
	if p := c.text("path"); p != "" {
		command += " " + p
		python = "f.retrlines(\"LIST \" + " + pythonText(p) + ")"
	}
	return ftpSteps(c, command, python, take("copy(d, stdout);"))
}

func ftpGet(c Command) []Step {
	p, file := c.text("path"), c.text("output")
	if file == "" {
		file = path.Base(p)
	}
	python := fmt.Sprintf("with open(%s, \"wb\") as file:\n    f.retrbinary(\"RETR \" + %s, file.write)", pythonText(file), pythonText(p))
	return ftpSteps(c, "RETR "+p, python, take(cFile(file, "wb")+"copy(d, file);\nfclose(file);"))
}

func ftpPut(c Command) []Step {
	p, file := c.text("path"), c.text("file")
	if p == "" || strings.HasSuffix(p, "/") {
		p += path.Base(file)
	}
	python := fmt.Sprintf("with open(%s, \"rb\") as file:\n    f.storbinary(\"STOR \" + %s, file)", pythonText(file), pythonText(p))
	lines := cFile(file, "rb") + "char piece[4096];\nfor (size_t n; (n = fread(piece, 1, sizeof piece, file)) > 0;)\n" +
		"    for (size_t sent = 0; sent < n;)\n        sent += check(send(d, piece + sent, n - sent, 0), \"send\");\nfclose(file);"
	return ftpSteps(c, "STOR "+p, python, Step{Op: Code, Name: lines, Told: "write fd2, the bytes, 4096\n-- as often as it takes"})
}

// cFile opens a file in C.
func cFile(name, mode string) string {
	return fmt.Sprintf("FILE *file = fopen(%s, %q);\ncheck(file ? 0 : -1, \"fopen\");\n", cString([]byte(name)), mode)
}

func ftpPython(c Command, command string) string {
	w, a, class := &writer{}, c.server(21), "FTP()"
	if w.line("import ftplib"); c.on("tls") {
		w.line("import ssl")
		class = "FTP_TLS(context=context)"
	}
	w.line("")
	w.left(ftpLeft(c))
	w.context(c, c.on("tls"))
	w.line("f = ftplib.%s", class)
	w.line("f.connect(%s, %d%s)\nf.login()", pythonText(a.Host), a.Port, c.seconds())
	if c.on("tls") {
		w.line("f.prot_p()")
	}
	if c.on("active") {
		w.line("f.set_pasv(False)")
	}
	w.line("%s\nf.quit()", command)
	return w.b.String()
}
