package script

import (
	"path/filepath"
	"slices"
	"strings"
	"time"

	"sosh/primitive"
	"sosh/probe"
)

// Most scripts have less; more is a mistake.
const (
	maxName        = 60
	maxDescription = 400
)

// What nmap's scripts call their fields, and what it is called here.
func nmapNames() map[string]string {
	return map[string]string{
		"categories": "kinds", "portrule": "rule", "action": "run", "hostrule": "rule", "shortport": "ports", "author": "", "license": "",
	}
}

// Fields are those of a declaration, in the order of the documents.
func Fields() []string {
	return []string{"name", "description", "kinds", "proto", "ports", "services", "rule", "timeout", "run"}
}

// Declared reads what a file returned: a table with a function run. Kind usage,
// with the file and what is wrong, where it is none.
func Declared(file string, v any) (*Script, error) {
	m, ok := v.(map[string]any)
	if !ok {
		return nil, wrong(file, "it does not return a table").WithHint("a script ends with return {kinds = {\"safe\"}, ports = {80}, run = function(target) … end}")
	}
	d := declaration{file: file, fields: m}
	s := &Script{File: file, Name: d.text("name", maxName), Description: d.text("description", maxDescription), Proto: d.text("proto", maxName)}
	if s.Name == "" {
		s.Name = strings.TrimSuffix(filepath.Base(file), ".lua")
	}
	d.known()
	s.Kinds, s.Timeout = d.kinds(), d.timeout()
	s.Rule, s.run = d.function("rule"), d.function("run")
	if s.run == nil {
		d.bad("it has no function run")
	}
	d.proto(s)
	d.ports(s)
	if d.err != nil {
		return nil, d.err
	}
	return s, nil
}

// Of is a script made of a function alone: safe, and for every open port.
func Of(fn primitive.Callable, name string, udp bool) *Script {
	s := &Script{Name: name, Kinds: []string{safe}, Proto: "tcp", run: fn}
	if udp {
		s.Proto = "udp"
	}
	return s
}

func wrong(file, format string, args ...any) *primitive.Error {
	return primitive.Usagef(format, args...).On(primitive.Escape(file, false))
}

// A declaration is read field by field; the first mistake counts.
type declaration struct {
	file   string
	fields map[string]any
	err    error
}

func (d *declaration) bad(format string, args ...any) *primitive.Error {
	e := wrong(d.file, format, args...)
	if d.err == nil {
		d.err = e
	}
	return e
}

// known refuses fields that mean nothing, so that a slip is no silence.
func (d *declaration) known() {
	for name := range d.fields {
		if slices.Contains(Fields(), name) {
			continue
		}
		e := d.bad("it has an unknown field %s", primitive.Quote(name))
		if here := nmapNames()[name]; here != "" {
			e.Hint = name + " is called " + here + " here"
		} else if e.Hint = primitive.DidYouMean(name, Fields()); e.Hint == "" {
			e.Hint = "fields are " + strings.Join(Fields(), ", ")
		}
	}
}

func (d *declaration) text(name string, most int) string {
	switch v := d.fields[name].(type) {
	case nil:
		return ""
	case string:
		text := primitive.Escape(strings.Join(strings.Fields(v), " "), false)
		if len(text) > most {
			d.bad("its %s is longer than %d characters", name, most)
		}
		return text
	}
	d.bad("its %s is no text", name)
	return ""
}

func (d *declaration) function(name string) primitive.Callable {
	switch v := d.fields[name].(type) {
	case nil:
	case primitive.Callable:
		return v
	default:
		d.bad("its %s is no function", name)
	}
	return nil
}

// words are a list of texts and numbers, or one of them, as texts.
func (d *declaration) words(name string) (words []string) {
	list, ok := d.fields[name].([]any)
	if m, empty := d.fields[name].(map[string]any); empty && len(m) == 0 { // {} is either
		return nil
	}
	if !ok && d.fields[name] != nil {
		list = []any{d.fields[name]}
	}
	for _, item := range list {
		switch item := item.(type) {
		case string:
			words = append(words, item)
		case float64:
			words = append(words, primitive.FormatNumber(item))
		default:
			d.bad("its %s are no list of words and numbers", name)
		}
	}
	return words
}

func (d *declaration) kinds() []string {
	words := d.words("kinds")
	for _, w := range words {
		if !slices.Contains(Kinds(), w) {
			d.bad("%s is no kind of script", primitive.Quote(w)).Hint = "kinds are " + strings.Join(Kinds(), ", ")
		}
	}
	if slices.Contains(words, safe) == slices.Contains(words, intrusive) {
		d.bad("its kinds must say whether it is safe or intrusive").Hint = `safe: it takes, changes and guesses nothing: kinds = {"safe"}`
	}
	slices.SortFunc(words, func(a, b string) int { return slices.Index(Kinds(), a) - slices.Index(Kinds(), b) })
	return slices.Compact(words)
}

// Most time that a script may ask for at one port.
const maxTimeout = time.Hour

func (d *declaration) timeout() time.Duration {
	switch v := d.fields["timeout"].(type) {
	case nil:
	case float64:
		if t := time.Duration(v * float64(time.Second)); v > 0 && v <= maxTimeout.Seconds() {
			return t
		}
		d.bad("its timeout is not between 0 and %s", maxTimeout)
	default:
		d.bad("its timeout is no number of seconds")
	}
	return 0
}

func (d *declaration) proto(s *Script) {
	if s.Proto == "" {
		s.Proto = "tcp"
	}
	if s.Proto != "tcp" && s.Proto != "udp" {
		d.bad("its proto is neither tcp nor udp")
	}
}

// ports are those of the fields ports and services together.
func (d *declaration) ports(s *Script) {
	words := append(d.words("ports"), d.words("services")...)
	if len(words) == 0 {
		return
	}
	s.For = primitive.Escape(strings.Join(words, ","), false)
	list, err := probe.ParsePorts(strings.Join(words, ","), s.Proto == "udp")
	if err != nil {
		d.bad("its ports: %s", primitive.AsError(err).Cause).Hint = primitive.AsError(err).Hint
	}
	s.ports = make(map[uint16]bool, len(list))
	for _, p := range list {
		s.ports[p] = true
	}
}
