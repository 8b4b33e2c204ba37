package complete

import "strings"

// lua completes a name of Lua; where nothing but one name stands there, it may
// also become a command.
func (s *search) lua(st Statement) {
	text := s.line[min(st.LuaStart, len(s.line)):]
	if identifier(text) == text {
		s.start, s.typed = len(s.line)-len(text), text
		s.commands()
		if text == "" {
			return
		}
	}
	s.expression(text, false)
}

// expression completes the name that a piece of Lua ends with; simple is whether
// only a global may stand there, as behind '$'.
func (s *search) expression(text string, simple bool) {
	path, sep, name, ok := chain(text)
	if !ok || simple && sep != 0 {
		return
	}
	s.raw = true
	s.start, s.typed = len(s.line)-len(name), name
	if sep == 0 && name == "" && !simple {
		return
	}
	if s.c.o.Lua != nil {
		for _, k := range s.c.o.Lua.Fields(path, sep == ':') {
			if !simple {
				s.add(k.Text, k.Help, k.Suffix)
			} else {
				s.add(k.Text, k.Help, "")
			}
		}
	}
	if sep != 0 {
		return
	}
	s.handleNames()
	if !simple {
		s.words(text)
	}
}

// handleNames offers the names of handles, which are names of Lua at the prompt.
func (s *search) handleNames() {
	for _, h := range s.c.o.Session.Handles() {
		for _, name := range append(s.c.o.Session.OwnNames(h), h.Name()) {
			s.add(name, describe(h), "")
		}
	}
}

// words offers the names that the text has already, and the words of Lua.
func (s *search) words(text string) {
	for pos := 0; ; {
		t, ok := next(text, pos)
		if !ok || t.end >= len(text) {
			break
		}
		if word := text[t.start:t.end]; t.kind == luaName && word != s.typed && (t.start == 0 || text[t.start-1] != '.' && text[t.start-1] != ':') {
			s.add(word, "in this text", "")
		}
		pos = t.end
	}
	if len(s.typed) < 2 {
		return
	}
	for _, word := range strings.Fields("and break else elseif end false for function if in local nil not or repeat return then true until while") {
		s.add(word, "a word of Lua", " ")
	}
}

// chain finds what the text ends with: "t.field:na" is the path "t.field", the
// separator ':' and the name "na". A list index counts as a name: t[1].x. Ok is
// false where no name can stand: in a string, a comment, behind a call.
func chain(text string) (path string, sep byte, name string, ok bool) {
	var tokens []token
	for pos := 0; ; {
		t, more := next(text, pos)
		if !more {
			break
		}
		if t.kind == luaString && t.open || t.kind == luaComment && t.end == len(text) {
			return "", 0, "", false
		}
		tokens = append(tokens, t)
		pos = t.end
	}
	i := len(tokens) - 1
	of := func(t token) string { return text[t.start:t.end] }
	if i >= 0 && tokens[i].end == len(text) && (tokens[i].kind == luaName || tokens[i].kind == luaKeyword) {
		name = of(tokens[i])
		i--
	} else if i >= 0 && tokens[i].kind == luaNumber && tokens[i].end == len(text) {
		return "", 0, "", false
	}
	if i < 0 || !isDot(of(tokens[i])) {
		return "", 0, name, true
	}
	sep = of(tokens[i])[0]
	parts, ok := pathBefore(text, tokens[:i])
	return strings.Join(parts, "."), sep, name, ok
}

func isDot(text string) bool { return text == "." || text == ":" }

// pathBefore reads the names joined by dots that the tokens end with.
func pathBefore(text string, tokens []token) (parts []string, ok bool) {
	of := func(i int) string { return text[tokens[i].start:tokens[i].end] }
	for i := len(tokens) - 1; i >= 0; {
		key := ""
		switch {
		case tokens[i].kind == luaName:
			key = of(i)
			i--
			parts = append([]string{key}, parts...)
			if i < 0 || of(i) != "." {
				return parts, true
			}
			i--
			continue
		case of(i) == "]" && i >= 3 && of(i-2) == "[":
			key = strings.Trim(of(i-1), `"'`)
			if key == "" || strings.Contains(key, ".") || tokens[i-1].kind == luaName {
				return nil, false
			}
			parts = append([]string{key}, parts...)
			i -= 3
			continue
		}
		return nil, false
	}
	return nil, false
}
