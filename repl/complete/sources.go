package complete

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"sosh/primitive"
)

// commands offers all that a line can begin with.
func (s *search) commands() {
	t := s.c.o.Table
	for _, f := range t.Families() {
		if strings.HasPrefix(f, s.typed) {
			s.add(f, "commands: "+verbs(t.Family(f)), " ")
		}
	}
	for _, name := range t.Names() {
		if strings.HasPrefix(name, s.typed) && !strings.ContainsRune(name, ' ') {
			if r, _ := t.Find(name); r != nil {
				s.add(name, r.Short, " ")
			}
		}
	}
	for _, own := range s.c.ownCommands() {
		s.add(own.Names[0], own.Short, " ")
	}
}

func verbs(rows []*primitive.Row) string {
	names := make([]string, len(rows))
	for i, r := range rows {
		names[i] = r.Verb()
	}
	return strings.Join(names, ", ")
}

func (c *Completer) ownCommands() []Command {
	if c.o.Commands == nil {
		return nil
	}
	return c.o.Commands()
}

// own is the command of that name that is no row.
func (c *Completer) own(name string) *Command {
	for _, k := range c.ownCommands() {
		if slices.Contains(k.Names, name) {
			return &k
		}
	}
	return nil
}

// plays is whether a handle is of a type, or has such a role.
func plays(h primitive.Handle, kind string) bool {
	if r, ok := h.(primitive.Roler); ok && r.Role() != nil && r.Role().Type() == kind {
		return true
	}
	return kind == "handle" || h.Type() == kind
}

// argument offers what may stand behind the words of a row.
func (s *search) argument(row *primitive.Row, before []Word) {
	r := s.c.read(row, before)
	switch typed := s.typed; {
	case r.awaited != nil:
	case s.word.Bare && !r.data && strings.HasPrefix(typed, "@"):
		s.start, s.typed = s.start+1, typed[1:]
		s.files()
		return
	case s.word.Bare && !r.data && strings.HasPrefix(typed, "--") && strings.ContainsRune(typed, '='):
		s.assigned(r, typed)
		return
	case s.word.Bare && !r.data && strings.HasPrefix(typed, "-"):
		s.flags(r)
		return
	}
	required := r.awaited != nil
	for _, next := range r.next() {
		required = required || next.param != nil && next.param.Required && !next.param.IsHandle()
		s.slot(next)
		if p := next.param; p != nil && next.role != port && !r.begun(p) {
			s.offered(r, p)
		}
	}
	if s.typed == "" && s.word.Open == 0 && len(s.found) == 0 && !required && r.after == argument {
		s.flags(r)
	}
}

// offered offers what a row says that its parameter may be, and the services that
// a handler may be.
func (s *search) offered(r *reading, p *primitive.Param) {
	if isHandler(p) {
		for _, service := range r.row.ServiceRows() {
			s.add(service.Verb(), service.Short, " ")
		}
	}
	for _, row := range r.rows() {
		if offers := row.Offers[p.Name]; offers != nil {
			for _, k := range offers() {
				s.add(k.Text, k.Help, k.Suffix)
			}
		}
	}
}

// assigned completes the value of --name=value.
func (s *search) assigned(r *reading, typed string) {
	name, value, _ := strings.Cut(typed[2:], "=")
	raw := s.line[s.word.Start:]
	p := r.flagNamed(name)
	if p == nil || !strings.HasPrefix(raw, "--"+name+"=") {
		return
	}
	s.start, s.typed = s.start+len(name)+3, value
	s.slot(slot{role: flagValue, param: p})
}

func (s *search) flags(r *reading) {
	for _, row := range r.rows() {
		for _, p := range row.Params {
			if !p.Positional {
				s.add("--"+p.FlagName(), p.Help, " ")
			}
		}
	}
	for _, g := range s.c.o.Flags {
		s.add("--"+g.Text, g.Help, " ")
	}
}

// slot offers the values of a parameter.
func (s *search) slot(to slot) {
	p := to.param
	switch {
	case to.role == file || to.role == program:
		s.redirected(map[role]string{file: ">", program: "|"}[to.role])
	case p == nil:
	case to.role == port:
		s.ports()
	case p.IsHandle():
		if s.word.Bare {
			s.handles(func(h primitive.Handle) bool { return p.Fits(h) != nil })
		}
	case p.Enum != nil:
		s.enum(p)
	case p.Kind.Unix:
		s.files()
	case p.Kind.Pair != nil || p.Kind.Host:
		s.hosts(p.Listen)
	case p.IsSwitch():
		s.add("on", p.Help, " ")
		s.add("off", p.Help, " ")
	case p.Name == "interface" || p.Name == "dev":
		s.interfaces()
	case strings.HasPrefix(p.Help, "file ") || strings.Contains(p.Name, "file") || strings.Contains(p.Name, "path") || strings.Contains(p.Name, "dir"):
		s.files()
	}
}

// enum offers the values of a parameter; its other words only to whom begins one.
func (s *search) enum(p *primitive.Param) {
	for _, e := range p.Enum {
		s.add(e, p.Help, " ")
	}
	if len(s.found) > 0 || s.typed == "" {
		return
	}
	for other, e := range p.Aliases {
		s.add(other, "is "+e, " ")
		s.add(strings.ToUpper(other), "is "+e, " ")
	}
}

// handles offers the live handles that fit, with a line about each.
func (s *search) handles(fits func(primitive.Handle) bool) {
	for _, h := range s.c.o.Session.Handles() {
		if s.over() || h.Closed() || !fits(h) {
			continue
		}
		help := describe(h)
		for _, name := range append(s.c.o.Session.OwnNames(h), h.Name()) {
			s.add(name, help, " ")
		}
	}
}

// describe tells a handle in a few words: "stream 127.0.0.1:5000 -> 127.0.0.1:7".
func describe(h primitive.Handle) string {
	text := h.Type()
	rec, _ := primitive.Plain(h.Info()).(primitive.Record)
	for _, f := range []struct{ name, before string }{{"laddr", " "}, {"raddr", " -> "}, {"what", " "}} {
		if v, _ := rec.Get(f.name); v != nil {
			if v, ok := v.(string); ok && v != "" {
				text += f.before + v
			}
		}
	}
	return primitive.Escape(text, false)
}

// hosts offers this machine, its addresses where one can listen, and the hosts
// that were named before.
func (s *search) hosts(listen bool) {
	s.add("127.0.0.1", "this machine", " ")
	s.add("localhost", "this machine", " ")
	s.add("::1", "this machine", " ")
	if listen {
		s.add("0.0.0.0", "every address of this machine", " ")
		s.add("::", "every address of this machine", " ")
	}
	s.seen()
	if listen || strings.ContainsRune(s.typed, '%') {
		s.interfaces()
	}
	if strings.HasPrefix(s.line[s.start:], "unix:") && strings.HasPrefix(s.typed, "unix:") {
		s.start, s.typed = s.start+len("unix:"), s.typed[len("unix:"):]
		s.files()
	}
}

func (s *search) interfaces() {
	if s.c.o.Interfaces == nil || s.over() {
		return
	}
	for _, k := range s.c.o.Interfaces() {
		s.add(k.Text, k.Help, " ")
	}
}

// Lines of the history that are looked through for hosts.
const historyLines = 500

// seen offers the hosts of the open handles and of the lines typed before.
func (s *search) seen() {
	for _, h := range s.c.o.Session.Handles() {
		rec, _ := primitive.Plain(h.Info()).(primitive.Record)
		for _, name := range []string{"raddr", "laddr"} {
			v, _ := rec.Get(name)
			text, _ := v.(string)
			if addr, err := netip.ParseAddrPort(text); err == nil {
				s.add(addr.Addr().String(), "of "+h.Name(), " ")
			}
		}
	}
	if s.c.o.History == nil {
		return
	}
	lines := s.c.o.History()
	for _, line := range slices.Backward(lines[max(0, len(lines)-historyLines):]) {
		if s.over() {
			return
		}
		for _, host := range s.c.hostsIn(line) {
			s.add(host, "typed before", " ")
		}
	}
}

// hostsIn lists the hosts that the commands of a line name.
func (c *Completer) hostsIn(line string) (hosts []string) {
	for _, st := range c.o.Cut(line) {
		row, used := c.row(st.Words)
		if row == nil {
			continue
		}
		for i, to := range c.read(row, st.Words[used:]).slots {
			if to.param == nil || to.param.Kind.Pair == nil && !to.param.Kind.Host || to.role == port {
				continue
			}
			host := st.Words[used+i].Text
			if a, err := primitive.ParseAddr(host, to.param.Listen); err == nil {
				host = a.Host
			}
			if host != "" && !control(rune(host[0])) {
				hosts = append(hosts, host)
			}
		}
	}
	return hosts
}

// ports offers the names of services, to whom begins a number their numbers.
func (s *search) ports() {
	for _, name := range primitive.ServiceNames() {
		n, err := primitive.ParsePort(name, false)
		if err != nil {
			continue
		}
		s.add(name, "port "+strconv.Itoa(n), " ")
		if s.typed != "" {
			s.add(strconv.Itoa(n), name, " ")
		}
	}
}
