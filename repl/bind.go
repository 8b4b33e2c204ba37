package repl

import (
	"slices"
	"strings"
	"time"

	"sosh/internal/lazy"
	"sosh/primitive"
)

// common are the flags that every command has.
type common struct {
	json, quiet, help bool
	maxTime           time.Duration
	about             string // what help is asked about; empty for the command itself
}

// A flagHelp is a common flag as help and completion show it.
type flagHelp struct{ name, value, help string }

// commonFlags lists them.
func commonFlags() []flagHelp {
	return []flagHelp{
		{"json", "", "show results and errors as JSON"},
		{"quiet", "", "show no notes"},
		{"max-time", "D", "give up after this long"},
		{"help", "", "show help"},
	}
}

// asked finds --json and --quiet even when another word is wrong, as they say
// how to tell so.
func asked(args []argument, f frame) common {
	c := common{json: f.json, quiet: f.quiet}
	for _, a := range args {
		if a.bare && a.text == "--" {
			break
		}
		c.json = c.json || a.bare && a.text == "--json"
		c.quiet = c.quiet || a.bare && a.text == "--quiet"
	}
	return c
}

// bind makes the arguments of a row from what was typed.
func (sh *Shell) bind(row *primitive.Row, args []argument, f frame) (*primitive.Args, common, error) {
	b := &binder{sh: sh, row: row, args: row.NewArgs(), frame: f, common: asked(args, f)}
	if !f.task || f.it != nil {
		b.args.UseCurrent(sh.current(f))
	}
	if about, asked := helpAsked(row, args); asked {
		return b.args, common{help: true, about: about}, nil
	}
	err := b.flags(args)
	if err == nil && !b.common.help {
		err = b.positionals()
	}
	if err != nil {
		e := *primitive.AsError(err)
		if e.Op == "" {
			e.Op = row.Name
		}
		err = &e
	}
	return b.args, b.common, err
}

// helpAsked is whether the words are a question: "?", or "http ?" and "8080 http
// --help" for the help of a service.
func helpAsked(row *primitive.Row, args []argument) (about string, asked bool) {
	if len(args) == 0 {
		return "", false
	}
	last := args[len(args)-1]
	if !last.bare || last.text != "?" && (last.text != "--help" || len(args) == 1) {
		return "", false
	}
	for _, a := range args[:len(args)-1] {
		if service, err := row.Service(a.text); err == nil {
			return service.Name, true
		}
	}
	return "", len(args) == 1
}

// A binder sorts the words behind a command.
type binder struct {
	sh     *Shell
	row    *primitive.Row
	args   *primitive.Args
	frame  frame
	common common
	rest   []argument // the positionals
}

// flags takes the flags out of the words; what follows "--" is none.
func (b *binder) flags(args []argument) error {
	for i := 0; i < len(args); i++ {
		a := args[i]
		if a.bare && a.text == "--" {
			for _, a := range args[i+1:] {
				a.bare = false
				b.rest = append(b.rest, a)
			}
			return nil
		}
		if flag := b.habit(a); flag != "" {
			b.sh.say("%s is here: --%s", a.text, strings.ReplaceAll(flag, "=", " "))
			a.text = "--" + flag
		}
		if !a.bare || !strings.HasPrefix(a.text, "--") {
			b.rest = append(b.rest, a)
			continue
		}
		used, err := b.flag(a.text[2:], args[i+1:])
		if err != nil {
			return err
		}
		i += used
	}
	return nil
}

// Short flags of netcat, nmap and their like, and ours.
var shortFlags = lazy.Value[map[string]string]{New: func() map[string]string {
	return map[string]string{"-4": "family=inet", "-6": "family=inet6", "-w": "timeout"}
}}

// habit is the flag that a short flag of other programs means; "" for none, or
// where it can be data.
func (b *binder) habit(a argument) string {
	flag := shortFlags.Get()[a.text]
	if !a.bare || flag == "" || !takesAddress(b.row) {
		return ""
	}
	name, _, _ := strings.Cut(flag, "=")
	if _, err := b.row.Flag(name); err != nil {
		return ""
	}
	return flag
}

// takesAddress is whether a row takes an address, and no data behind it.
func takesAddress(row *primitive.Row) (takes bool) {
	for _, p := range row.Params {
		if p.Rest {
			return false
		}
		takes = takes || p.Kind.Pair != nil || p.Kind.Unix
	}
	return takes
}

// flag sets one flag and says how many further words it took.
func (b *binder) flag(text string, next []argument) (used int, err error) {
	name, value, has := strings.Cut(text, "=")
	given := argument{text: value}
	take := func() error {
		if has {
			return nil
		}
		if len(next) == 0 {
			return primitive.Usagef("--%s needs a value", primitive.Escape(name, false)).WithHint("usage: %s", b.row.Usage())
		}
		given, used = next[0], 1
		return nil
	}
	if known, err := b.common.set(name, &given, take, has); known || err != nil {
		return used, err
	}
	b.choose()
	p, err := b.args.Flag(name)
	if err != nil {
		return 0, b.mistyped(name, err)
	}
	if p.IsSwitch() {
		if !has {
			given.text = "true"
		}
	} else if err := take(); err != nil {
		return used, err
	}
	v, err := b.flagValue(p, given)
	if err != nil {
		return used, err
	}
	return used, b.args.SetParam(p, primitive.ValueOf(v))
}

// choose finds the service, if the row has some, in the words so far: it may have
// the flag that comes now.
func (b *binder) choose() {
	if len(b.row.ServiceRows()) == 0 {
		return
	}
	words := make([]string, len(b.rest))
	for i, a := range b.rest {
		words[i] = a.text
	}
	if service := b.row.ServiceIn(words); service != nil {
		_ = b.args.Choose(service.Verb()) // it is there
	}
}

func (b *binder) flagValue(p *primitive.Param, a argument) (any, error) {
	if p.IsHandle() {
		if h, err := b.handle(a); h != nil || err != nil {
			return h, err
		}
	}
	a.bare = a.bare && !p.Kind.Unix
	return a.given()
}

// set takes a common flag, and says whether it was one.
func (c *common) set(name string, given *argument, take func() error, has bool) (known bool, err error) {
	on := func() (bool, error) {
		if !has {
			return true, nil
		}
		return onOff(name, given.text)
	}
	switch strings.ReplaceAll(name, "_", "-") {
	case "json":
		c.json, err = on()
	case "quiet":
		c.quiet, err = on()
	case "help":
		c.help, err = on()
	case "max-time":
		if err = take(); err == nil {
			c.maxTime, err = primitive.ParseDuration(given.text)
		}
	default:
		return false, nil
	}
	return true, err
}

func onOff(name, text string) (bool, error) {
	switch text {
	case "true", "on", "yes", "1":
		return true, nil
	case "false", "off", "no", "0":
		return false, nil
	}
	return false, primitive.Usagef("--%s is on or off, not %s", name, primitive.Quote(text))
}

// mistyped adds the nearest common flag when the row has none that is near.
func (b *binder) mistyped(name string, err error) error {
	var own, all []string
	for _, p := range b.row.Params {
		if !p.Positional {
			own = append(own, p.FlagName())
		}
	}
	for _, g := range commonFlags() {
		all = append(all, g.name)
	}
	near := primitive.Nearest(name, all)
	if near == "" || primitive.Nearest(name, own) != "" {
		return err
	}
	return primitive.AsError(err).WithHint("did you mean %s?", near)
}

// positionals binds what is no flag.
func (b *binder) positionals() error {
	var values []primitive.Value
	for _, p := range b.row.Params {
		if !p.Positional {
			continue
		}
		if len(b.rest) > 0 && p.Enum != nil { // a handle may follow it
			v, err := b.rest[0].given()
			if err != nil {
				return err
			}
			values, b.rest = append(values, primitive.ValueOf(v)), b.rest[1:]
			continue
		}
		if !p.IsHandle() || len(b.rest) == 0 {
			break
		}
		h, err := b.handle(b.rest[0])
		if err != nil {
			return err
		}
		if h != nil {
			values = append(values, primitive.ValueOf(h))
			b.rest = b.rest[1:]
		}
	}
	for _, a := range b.rest {
		a.bare = a.bare && !(len(values) == 0 && b.row.Params[0].Kind.Unix) // @NAME is no file there
		v, err := a.given()
		if err != nil {
			return err
		}
		values = append(values, primitive.ValueOf(v))
	}
	return b.args.Bind(values)
}

// handle is the live handle that an argument names, nil when it names none. A
// word of the form of a generated name that is not live is an error.
func (b *binder) handle(a argument) (primitive.Handle, error) {
	if h, ok := a.value.(primitive.Handle); ok {
		return h, nil
	}
	if !a.bare || a.arg || a.text == "" {
		return nil, nil
	}
	if b.frame.it != nil && (a.text == "_" || a.text == "it") {
		return b.frame.it, nil
	}
	if a.text == "_" && !b.frame.task {
		h, ok := b.sh.session.Last().(primitive.Handle)
		if !ok {
			return nil, primitive.Usagef("_ is no handle: the last result was none").WithHint("handles lists what is open")
		}
		return h, nil
	}
	if b.sh.lua != nil && identifier(a.text) == a.text {
		if v, ok := b.sh.lua.Get(a.text); ok {
			if h, ok := v.(primitive.Handle); ok {
				return h, nil
			}
		}
	}
	return b.sh.session.Lookup(a.text)
}

// commandNames lists all that a line can begin with.
func (sh *Shell) commandNames() []string {
	names := slices.Clone(sh.table.Families())
	for row := range sh.table.All() {
		if row.Family() == "" {
			names = append(names, row.Name)
		}
	}
	for name := range sh.own {
		names = append(names, name)
	}
	for _, c := range sh.scriptCommands() {
		names = append(names, c.Name)
	}
	slices.Sort(names)
	return names
}
