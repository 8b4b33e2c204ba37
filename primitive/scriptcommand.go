package primitive

import "strings"

// A ScriptCommand is a command of the shell that a script defined.
type ScriptCommand struct {
	Name   string
	Help   string   // its first line stands in lists; may be empty
	Params []string // names of its arguments; "[port]" may be left out
	Rest   bool     // it takes any number of further ones
	Loose  bool     // all of Params may be left out: the script gets nil
	Run    Callable // called with the arguments: strings and handles
}

// Usage is how it is typed.
func (c *ScriptCommand) Usage() string {
	words := append([]string{c.Name}, c.Params...)
	if c.Rest {
		words = append(words, "…")
	}
	return strings.Join(words, " ")
}

// Check refuses a number of arguments that the command does not take; kind
// usage.
func (c *ScriptCommand) Check(n int) error {
	least := 0
	for i, p := range c.Params {
		if !c.Loose && !strings.HasPrefix(p, "[") {
			least = i + 1
		}
	}
	var e *Error
	switch {
	case n < least:
		e = Usagef("missing argument %s", c.Params[n])
	case n > len(c.Params) && !c.Rest:
		e = Usagef("too many arguments")
	default:
		return nil
	}
	e.Op = c.Name
	return e.WithHint("usage: %s", c.Usage())
}

// Missed adds how the command is typed to the failure of a call with n arguments,
// fewer than it names: the script may have counted on them.
func (c *ScriptCommand) Missed(n int, err error) error {
	if err == nil || n >= len(c.Params) {
		return err
	}
	e := *AsError(err)
	if e.Hint != "" {
		return err
	}
	return e.WithHint("usage: %s", c.Usage())
}
