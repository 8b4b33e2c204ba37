package complete

import (
	"slices"
	"strings"

	"sosh/primitive"
)

// own offers what the usage of a command that is no row tells.
func (s *search) own(k Command, before []Word) {
	if k.Means != "" {
		s.meant = true
		meant := lastStatement(s.c.o.Cut(k.Means), len(k.Means))
		s.behind(append(slices.Clone(meant.Words), before[1:]...))
		return
	}
	if k.Words != nil {
		for _, w := range k.Words(texts(before[1:])) {
			s.add(w.Text, w.Help, " ")
		}
	}
	if at := commandWithin(k.Usage); at > 0 && len(before) >= at {
		s.behind(before[at:])
		return
	}
	for _, u := range usages(k.Usage) {
		s.usage(u, before[1:], k.Short)
	}
	if k.Names[0] == "help" && len(before) == 2 {
		for _, r := range s.c.o.Table.Family(before[1].Text) {
			s.add(r.Verb(), r.Short, " ")
		}
		if r := s.c.o.Table.Named(before[1].Text); r != nil {
			for _, service := range r.ServiceRows() {
				s.add(service.Verb(), service.Short, " ")
			}
		}
	}
}

// usage offers what may stand behind the words of a command.
func (s *search) usage(u usage, before []Word, help string) {
	place := 0
	if !u.begins(before) {
		return
	}
	for i, w := range before {
		if i == len(before)-1 && w.Bare && u.values[w.Text] != nil {
			s.usageWords(u.values[w.Text])
			return
		}
		if !strings.HasPrefix(w.Text, "--") && (i == 0 || u.values[before[i-1].Text] == nil) {
			place++
		}
	}
	if strings.HasPrefix(s.typed, "-") {
		for _, flag := range u.flags {
			s.add(flag, help, " ")
		}
		return
	}
	if place < len(u.places) {
		s.usageWords(u.places[place])
		if place == 0 && u.verb != "" {
			s.add(u.verb, "", " ")
		}
	}
}

// begins is whether the words may be of this way.
func (u usage) begins(before []Word) bool {
	return u.verb == "" || len(before) == 0 || slices.ContainsFunc(before, func(w Word) bool { return w.Text == u.verb })
}

// A usage is one way to call a command, as its usage text tells it.
type usage struct {
	verb   string              // the word that this way begins with, of several ways; or ""
	places [][]string          // what may stand in each place
	flags  []string            // with dashes
	values map[string][]string // of flags that take one
}

// usages reads "run [lesson|file] [args…]"; a "|" of its own is between two ways:
// "lesson list | show ID".
func usages(text string) []usage {
	u := usage{values: map[string][]string{}}
	list := []usage{u}
	flag := "" // that may take a value
	for i, field := range strings.Fields(text) {
		words := strings.FieldsFunc(field, func(r rune) bool { return strings.ContainsRune("[]<>|…", r) })
		last := &list[len(list)-1]
		switch {
		case field == "|":
			list = append(list, usage{values: map[string][]string{}})
		case len(last.places) == 0 && field != strings.Fields(text)[0] && isVerb(field) && strings.Contains(text, " | "):
			last.verb, last.places = field, [][]string{words}
		case i == 0 || len(words) == 0 || words[0] == strings.Fields(text)[0]: // the name
		case strings.HasPrefix(words[0], "-"):
			last.flags = append(last.flags, words[0])
			if flag = words[0]; strings.HasSuffix(field, "]") {
				flag = ""
			}
			continue
		case flag != "":
			last.values[flag] = words
		default:
			last.places = append(last.places, words)
		}
		flag = ""
	}
	return list
}

// isVerb is whether a field of a usage stands for itself.
func isVerb(field string) bool {
	return !strings.ContainsFunc(field, func(r rune) bool { return r < 'a' || r > 'z' })
}

// commandWithin is the place of a whole command line in a usage: 2 in "every
// INTERVAL command…"; 0 where there is none.
func commandWithin(usage string) int {
	words := strings.Fields(usage)
	if last := words[len(words)-1]; strings.Trim(last, "[]<>.…") == "command" && len(words) > 1 {
		return len(words) - 1
	}
	return 0
}

// usageWords offers what words of a usage stand for; of several that stand for
// nothing, themselves.
func (s *search) usageWords(words []string) {
	for _, word := range words {
		if !s.placeholder(word) && len(words) > 1 {
			s.add(word, "", " ")
		}
	}
}

// namesFile is whether a word of a usage stands for a file.
func namesFile(word string) bool {
	return word == "file" || word == "FOLDER" || word == "PROGRAM" || strings.HasPrefix(word, "FILE")
}

// placeholder offers what a word of a usage stands for, if it stands for
// something.
func (s *search) placeholder(word string) bool {
	switch strings.ToLower(word) {
	case "command", "family":
		s.commands()
	case "lesson", "id":
		if s.c.o.Lessons != nil {
			for _, l := range s.c.o.Lessons() {
				s.add(l.Text, l.Help, " ")
			}
		}
	case "stream", "listener", "datagram", "socket", "task", "handle":
		s.handles(func(h primitive.Handle) bool { return plays(h, strings.ToLower(word)) })
	case "host":
		s.hosts(false)
	case "port":
		s.ports()
	case "args", "code", "n", "name", "value", "text", "interval":
	default:
		if word != strings.ToUpper(word) && !namesFile(word) {
			return false
		}
		if namesFile(word) {
			s.files()
		}
	}
	return true
}
