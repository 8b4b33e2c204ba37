package session

import (
	"slices"
	"strconv"
	"strings"

	"sosh/primitive"
)

func generated(prefix string, n int) string { return prefix + strconv.Itoa(n) }

// Letters are what generated names begin with: stream, listener, socket, task,
// datagram, WebSocket.
const Letters = "clstuw"

// LooksGenerated is whether a word has the form of a generated name, live or not.
func LooksGenerated(word string) bool {
	return len(word) > 1 && strings.IndexByte(Letters, word[0]) >= 0 && strings.Trim(word[1:], "0123456789") == ""
}

// Name gives a handle a further name of the user's own. The name moves if
// another handle had it.
func (s *Session) Name(name string, h primitive.Handle) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.entries[h]; e != nil && name != h.Name() && !LooksGenerated(name) {
		s.names[name] = h
		if !slices.Contains(e.own, name) {
			e.own = append(e.own, name)
		}
	}
}

// OwnNames lists the names the user gave a handle that it still has.
func (s *Session) OwnNames(h primitive.Handle) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.entries[h]
	if e == nil {
		return nil
	}
	var own []string
	for _, name := range e.own {
		if s.names[name] == h {
			own = append(own, name)
		}
	}
	return own
}

// Lookup finds a live handle by a generated or own name. A word of the form of
// a generated name that is not live is an error; another word is just not found.
func (s *Session) Lookup(name string) (primitive.Handle, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if h := s.names[name]; h != nil {
		return h, nil
	}
	if !LooksGenerated(name) {
		return nil, nil
	}
	n, err := strconv.Atoi(name[1:])
	if err == nil && n >= 1 && n <= s.counts[name[:1]] {
		return nil, primitive.Newf(primitive.Closed, "%s is closed", name).WithHint("handles lists what is open")
	}
	return nil, primitive.Newf(primitive.NotFound, "there is no %s", name).WithHint("handles lists what is open")
}

// Use makes a handle the shell's current one.
func (s *Session) Use(h primitive.Handle) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.current = slices.DeleteFunc(s.current, func(x primitive.Handle) bool { return x == h })
	s.current = append(s.prune(), h)
}

// prune drops closed handles from the list of current ones, but for the last of
// each type: it keeps an older one from taking its place unasked.
func (s *Session) prune() []primitive.Handle {
	seen := map[string]bool{}
	var kept []primitive.Handle
	for _, h := range slices.Backward(s.current) {
		if !h.Closed() || !seen[h.Type()] {
			kept = append(kept, h)
		}
		seen[h.Type()] = true
	}
	slices.Reverse(kept)
	return kept
}

// Current is the handle used last that fits; nil when there is none. When that
// one is closed it is an error, so that nothing is done to another by surprise.
func (s *Session) Current(fits func(primitive.Handle) bool) (primitive.Handle, error) {
	s.mu.Lock()
	list := slices.Clone(s.current)
	s.mu.Unlock()
	for _, h := range slices.Backward(list) {
		if !fits(h) {
			continue
		}
		if h.Closed() {
			return nil, primitive.Newf(primitive.Closed, "%s, the current %s, is closed", h.Name(), h.Type()).
				WithHint("name another (see handles), or: use NAME")
		}
		return h, nil
	}
	return nil, nil
}

// SetLast keeps the last result, the prompt's _.
func (s *Session) SetLast(v any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = v
}

// Last is the last result, the prompt's _; nil at first.
func (s *Session) Last() any {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last
}
