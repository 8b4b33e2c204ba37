package luabind

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"sosh/primitive"
)

// A source is the text of a chunk, kept to explain errors.
type source struct {
	text  string   // not cut into lines yet
	lines []string // when somebody has asked, or a later part came
}

// Sources kept, and lines of one that comes in parts.
const (
	keptSources = 64
	keptLines   = 20_000
)

// keepSource keeps the text of a chunk. One that begins with line feeds is a
// later part of a source that comes piece by piece, with its lines numbered as
// there: what came before stays.
func (s *State) keepSource(text, chunk string) {
	if len(s.sources) >= keptSources && s.sources[chunk] == nil {
		clear(s.sources)
	}
	before := s.sources[chunk]
	if before == nil || !strings.HasPrefix(text, "\n") {
		s.sources[chunk] = &source{text: text}
		return
	}
	before.add(text)
}

func (src *source) cut() []string {
	if src.lines == nil {
		src.lines = strings.Split(src.text, "\n")
	}
	return src.lines
}

// add puts the lines of a part in their places.
func (src *source) add(text string) {
	part := strings.TrimLeft(text, "\n")
	first := len(text) - len(part)
	lines := src.cut()
	for len(lines) < first {
		lines = append(lines, "")
	}
	lines = append(lines[:first], strings.Split(part, "\n")...)
	if n := len(lines) - keptLines; n > 0 {
		clear(lines[:n])
	}
	src.lines = lines
}

// lineText is a line of a chunk; empty when it is not known.
func (s *State) lineText(chunk string, line int) string {
	src := s.sources[chunk]
	if src == nil {
		return ""
	}
	lines := src.cut()
	if line < 1 || line > len(lines) {
		return ""
	}
	return lines[line-1]
}

// callerLine is the line of Lua that called the function that runs.
func (s *State) callerLine(L *lua.LState) string {
	dbg, ok := L.GetStack(1)
	if !ok {
		return ""
	}
	if _, err := L.GetInfo("Sl", dbg, lua.LNil); err != nil {
		return ""
	}
	return s.lineText(dbg.Source, dbg.CurrentLine)
}

// variable names what was used as a nil value by the caller's line: the word
// before ":send".
func (s *State) variable(L *lua.LState, pattern string) string {
	re, err := regexp.Compile(pattern)
	if err != nil {
		return ""
	}
	found := re.FindAllStringSubmatch(s.callerLine(L), 2)
	if len(found) != 1 {
		return "" // none, or not clear which
	}
	return found[0][1]
}

// argumentName is the variable given as the first argument of verb(…), or other.
func (s *State) argumentName(L *lua.LState, verb, other string) string {
	if name := s.variable(L, fmt.Sprintf(`\b%s\s*\(\s*(\w+)`, regexp.QuoteMeta(verb))); name != "" {
		return name
	}
	return other
}

// A failure is an operation that gave nil, and the line it is in: whoever uses
// that nil later is told why.
type failure struct{ text, line string }

const keptFailures = 8

func (t *task) failed(text, line string) {
	if len(t.failures) >= keptFailures {
		t.failures = slices.Clone(t.failures[1:])
	}
	t.failures = append(t.failures, failure{text, line})
}

// SetFailed sets a global to nil that a failed command should have set; whoever
// uses it is told why. The next line of the prompt knows it.
func (s *State) SetFailed(name string, err error) {
	s.Set(name, nil)
	s.take()
	defer s.give()
	t := &task{failures: s.failures}
	t.failed(primitive.AsError(err).Error(), name+" =")
	s.failures = t.failures
}

var assignment = pattern{expr: `^\s*(local\s+)?[\w.]+\s*(,[^=]*)?=([^=]|$)`}

// because says why a variable is nil: the last failure in a line that assigns
// it, else the last one if its line assigns nothing.
func (t *task) because(name string) string {
	if name != "" {
		assigns := regexp.MustCompile(`\b` + regexp.QuoteMeta(name) + `\s*(,[^=]*)?=([^=]|$)`)
		for _, f := range slices.Backward(t.failures) {
			if assigns.MatchString(f.line) {
				return ": " + f.text
			}
		}
	}
	if n := len(t.failures); n > 0 && (name == "" || !assignment.compiled().MatchString(t.failures[n-1].line)) {
		return ": " + t.failures[n-1].text
	}
	return ""
}

// explained adds a hint to an error of Lua's own if its line shows a habit. The
// line is in front of the text.
func (s *State) explained(e *primitive.Error) *primitive.Error {
	chunk, rest, _ := strings.Cut(e.Cause, ":")
	number, _, _ := strings.Cut(rest, ":")
	line, err := strconv.Atoi(number)
	if e.Hint != "" || err != nil {
		return e
	}
	if hint := hintIn(runtimeHabits, s.lineText(chunk, line)); hint != "" {
		return e.WithHint("%s", hint)
	}
	return e
}
