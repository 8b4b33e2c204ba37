// Package script holds the scripts of a scan: small programs that look closer at
// an open port, and declare themselves as those of nmap's scripting engine do: a
// description, kinds (safe, intrusive …), the ports they are for, and a function
// that is given the port. It knows no scripting language: what a script is made of
// are plain data and primitive.Callable.
package script

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"sosh/primitive"
	"sosh/probe"
)

// A Script is what a file declares.
type Script struct {
	Name        string
	Description string
	Kinds       []string           // of Kinds(), in its order
	Proto       string             // "tcp" or "udp"
	For         string             // ports and services, as they were written; "" is any open port
	Rule        primitive.Callable // called with the target, true where the script is for it; nil: Ports decide
	Timeout     time.Duration      // of its own; 0: that of the scan
	File        string             // where it was read from
	Builtin     bool

	run   primitive.Callable
	ports map[uint16]bool // nil: any
}

// Kinds are what scripts may be, as in nmap's engine. One of the first two is
// always among them: safe takes nothing from a server, changes nothing and guesses
// nothing; intrusive may.
func Kinds() []string {
	return []string{"safe", "intrusive", "auth", "brute", "default", "discovery", "dos", "exploit", "external", "fuzzer", "malware", "version", "vuln"}
}

// Safe and intrusive are the kinds that decide whether a script runs unasked.
const (
	safe      = "safe"
	intrusive = "intrusive"
	every     = "all" // kinds, or built-in scripts
)

// A Choice is which kinds of scripts are to run.
type Choice []string

// ParseChoice reads kinds, separated by commas; "all" is every kind. Kind usage
// where one is unknown.
func ParseChoice(text string) (Choice, error) {
	var c Choice
	for _, word := range strings.FieldsFunc(text, isSeparator) {
		if word != every && !slices.Contains(Kinds(), word) {
			e := primitive.Usagef("%s is no kind of script", primitive.Quote(word))
			if hint := primitive.DidYouMean(word, Kinds()); hint != "" {
				return nil, e.WithHint("%s", hint)
			}
			return nil, e.WithHint("kinds are %s", strings.Join(Kinds(), ", "))
		}
		c = append(c, word)
	}
	return c, nil
}

func isSeparator(r rune) bool { return r == ',' || r == ' ' }

// Allows is whether a script may run: one of its kinds was chosen, and an
// intrusive one only where that very word was.
func (c Choice) Allows(s *Script) bool {
	if slices.Contains(c, every) {
		return true
	}
	if slices.Contains(s.Kinds, intrusive) && !slices.Contains(c, intrusive) {
		return false
	}
	return slices.ContainsFunc(s.Kinds, func(k string) bool { return slices.Contains(c, k) })
}

// A Target is the open port that a script is given.
type Target struct {
	Host    string
	Name    string // that it was given by; may be empty
	Port    int
	Proto   string
	Service string          // usual one of the port; may be empty
	Banner  primitive.Bytes // what it said first, where that was asked

	Protocol, Product, Version string // of who speaks there, where that was asked and is known
}

// fields are what the script's function gets.
func (t *Target) fields() map[string]any {
	return map[string]any{
		"host": t.Host, "name": t.Name, "port": int64(t.Port), "proto": t.Proto, "service": t.Service, "banner": t.Banner,
		"protocol": t.Protocol, "product": t.Product, "version": t.Version,
	}
}

// Suits is whether the script is for a port. The error is that of its rule.
func (s *Script) Suits(ctx context.Context, t *Target) (bool, error) {
	if s.Proto != t.Proto || s.ports != nil && !s.ports[uint16(t.Port)] {
		return false, nil
	}
	if s.Rule == nil {
		return true, nil
	}
	results, err := s.Rule.Call(ctx, t.fields())
	if err != nil || len(results) == 0 {
		return false, err
	}
	return results[0] != nil && results[0] != false, nil
}

// Run calls the script for a port and gives what it returned as plain data; nil
// when it has nothing to say. Returning nil and a message is a failure, as in all
// of Lua.
func (s *Script) Run(ctx context.Context, t *Target) (any, error) {
	results, err := s.run.Call(ctx, t.fields())
	if err != nil || len(results) == 0 {
		return nil, err
	}
	if results[0] == nil && len(results) > 1 {
		return nil, failureOf(results[1:])
	}
	return plain(results[0])
}

// failureOf is the error behind "message, kind".
func failureOf(results []any) error {
	text, _ := results[0].(string)
	e := primitive.Newf(primitive.Failed, "%s", text)
	if len(results) > 1 {
		if kind, ok := results[1].(string); ok && slices.Contains(primitive.Kinds(), primitive.Kind(kind)) {
			e.Kind = primitive.Kind(kind)
		}
	}
	return e
}

// A Crew runs scripts at open ports.
type Crew struct {
	Scripts []*Script
	Timeout time.Duration // of one script at one port
	// Attend runs a call as a task of its own and waits for it.
	Attend func(ctx context.Context, what string, fn func(context.Context) ([]any, error)) ([]any, error)
}

// Inspect is a probe.Inspector: it runs the scripts that are for a port, one after
// another, and adds what they said. A failure is told in the finding.
func (c *Crew) Inspect(ctx context.Context, f probe.Found) probe.Found {
	t := &Target{Host: f.Host, Name: f.Name, Port: f.Port, Proto: f.Proto, Service: f.Service, Banner: f.Banner}
	if who := f.Speaks; who != nil {
		t.Protocol, t.Product, t.Version = cmp.Or(who.Inside, who.Protocol), who.Product, who.Version
	}
	for _, s := range c.Scripts {
		if ctx.Err() != nil {
			break
		}
		if finding, said := c.one(ctx, s, t); said {
			f.Script = append(f.Script, finding)
		}
	}
	return f
}

// one runs one script at one port; said is false when it is not for it or had
// nothing to say.
func (c *Crew) one(ctx context.Context, s *Script, t *Target) (f probe.Finding, said bool) {
	if s.Proto != t.Proto || s.ports != nil && !s.ports[uint16(t.Port)] {
		return f, false // without a task
	}
	suits := false
	output, err := c.attended(ctx, s, t, func(ctx context.Context) (out any, err error) {
		if suits, err = s.Suits(ctx, t); err == nil && suits {
			out, err = s.Run(ctx, t)
		}
		return out, err
	})
	switch {
	case ctx.Err() != nil: // what a script says of an interruption is of no interest
		return f, false
	case err != nil:
		return probe.Finding{Name: s.Name, Error: oneLine(err)}, true
	}
	return probe.Finding{Name: s.Name, Output: output}, output != nil
}

// Try runs one script at a port that it need not be for.
func (c *Crew) Try(ctx context.Context, s *Script, t *Target) (any, error) {
	return c.attended(ctx, s, t, func(ctx context.Context) (any, error) { return s.Run(ctx, t) })
}

// attended makes a call within its time, as a task.
func (c *Crew) attended(ctx context.Context, s *Script, t *Target, call func(context.Context) (any, error)) (any, error) {
	limit := c.Timeout
	if s.Timeout > 0 {
		limit = s.Timeout
	}
	within, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var output any
	_, err := c.Attend(within, "script "+s.Name+" at "+t.address(), func(ctx context.Context) (_ []any, err error) {
		output, err = call(ctx)
		return nil, err
	})
	if err != nil && within.Err() != nil && ctx.Err() == nil {
		err = primitive.Newf(primitive.Timeout, "no result within %s", limit)
	}
	return output, err
}

// oneLine is an error without its excerpt.
func oneLine(err error) string { return primitive.AsError(err).Error() }
