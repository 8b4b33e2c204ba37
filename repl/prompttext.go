package repl

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"sosh/primitive"
	"sosh/session"
)

const defaultPrompt = "sosh {handle}> "

// A promptField is what the prompt can show.
type promptField struct {
	name string
	text func(*Shell, primitive.Handle) string // the handle is the current one, or nil
}

func promptFields() []promptField {
	return []promptField{
		{"handle", func(_ *Shell, h primitive.Handle) string { return nameOf(h) }},
		{"laddr", func(_ *Shell, h primitive.Handle) string { return infoOf(h, "laddr") }},
		{"raddr", func(_ *Shell, h primitive.Handle) string { return infoOf(h, "raddr") }},
		{"state", func(_ *Shell, h primitive.Handle) string { return infoOf(h, "state") }},
		{"cwd", func(*Shell, primitive.Handle) string { return workingFolder() }},
		{"time", func(*Shell, primitive.Handle) string { return time.Now().Format(time.TimeOnly) }},
		{"status", func(sh *Shell, _ primitive.Handle) string { return strconv.Itoa(int(sh.status.Load())) }},
	}
}

func fieldNames() string {
	var names []string
	for _, p := range promptFields() {
		names = append(names, "{"+p.name+"}")
	}
	return strings.Join(names, " ")
}

func nameOf(h primitive.Handle) string {
	if h == nil {
		return ""
	}
	return h.Name()
}

func infoOf(h primitive.Handle, field string) string {
	if h == nil {
		return ""
	}
	rec, _ := primitive.Plain(h.Info()).(primitive.Record)
	v, _ := rec.Get(field)
	return cell(v)
}

// workingFolder is the last name of the current directory.
func workingFolder() string {
	dir, err := os.Getwd()
	if err != nil {
		return ""
	}
	return filepath.Base(dir)
}

// promptText is the prompt: the setting with its fields filled in.
func (sh *Shell) promptText() string {
	h, err := sh.session.Current(func(h primitive.Handle) bool {
		_, task := h.(*session.Task)
		return !task
	})
	if err != nil {
		h = nil
	}
	text, _ := fillPrompt(sh.settings.get("prompt"), func(name string) (string, bool) {
		for _, p := range promptFields() {
			if p.name == name {
				return p.text(sh, h), true
			}
		}
		return "", false
	})
	return primitive.Escape(text, false)
}

// fillPrompt puts values in place of {name}; {{ is a brace. An empty value takes
// a blank before it with it. An error of kind usage names a field there is not.
func fillPrompt(format string, value func(string) (string, bool)) (string, error) {
	var b strings.Builder
	for format != "" {
		text, rest, found := strings.Cut(format, "{")
		b.WriteString(text)
		if !found {
			break
		}
		if strings.HasPrefix(rest, "{") {
			b.WriteByte('{')
			format = rest[1:]
			continue
		}
		name, after, closed := strings.Cut(rest, "}")
		v, known := value(name)
		if !closed || !known {
			return b.String(), primitive.Usagef("the prompt has no field {%s}", primitive.Escape(name, false)).
				WithHint("it has %s; {{ is a brace", fieldNames())
		}
		if v == "" {
			trimmed := strings.TrimSuffix(b.String(), " ")
			b.Reset()
			b.WriteString(trimmed)
		}
		b.WriteString(v)
		format = after
	}
	return b.String(), nil
}

func checkPrompt(format string) error {
	_, err := fillPrompt(format, func(name string) (string, bool) {
		for _, p := range promptFields() {
			if p.name == name {
				return "x", true
			}
		}
		return "", false
	})
	return err
}
