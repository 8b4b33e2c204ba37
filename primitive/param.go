package primitive

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync/atomic"
	"unicode"
)

// A Param is one parameter of a row: a field of the argument struct.
type Param struct {
	Name       string // lower case, words joined by '_'; flags spell it with '-'
	Help       string
	Default    string // as text; empty is the zero value
	Enum       []string
	Aliases    map[string]string // other words for the values of Enum, in lower case
	Kind       *ValueKind
	Positional bool // given by its place, else by name
	Rest       bool // takes all that is left
	Required   bool
	Current    bool     // a handle that may be left out: the current one if there is one
	Secret     bool     // never shown, kept or saved: a password
	Port       string   // of an address that is given without one; empty where it must be given
	Listen     bool     // an address to listen on: a port alone will do
	Min, Max   *float64 // bounds of a number, duration (seconds) or size
	With       []string // options, also of services, one of which it needs to mean anything

	typ    reflect.Type
	index  int
	inner  []int // the field within the embedded structs at index; none: index is the field
	handle bool
	fits   atomic.Pointer[reflect.Type] // the type of handle that fitted last, for speed
}

// The tag keys a field may carry; Check refuses others, because Go ignores them.
var paramTags = []string{"arg", "help", "default", "enum", "name", "rest", "optional", "current", "listen", "min", "max", "alias", "secret", "port", "with"}

// FlagName is the name as a flag spells it: "max-conns" of --max-conns.
func (p *Param) FlagName() string { return strings.ReplaceAll(p.Name, "_", "-") }

// IsHandle is whether the parameter takes a live handle.
func (p *Param) IsHandle() bool { return p.handle }

// IsSwitch is whether the flag stands alone: --once.
func (p *Param) IsSwitch() bool { return p.typ.Kind() == reflect.Bool }

// Fits is the handle as this parameter takes it: itself or its role. Nil when it
// does not fit.
func (p *Param) Fits(h Handle) Handle {
	if h == nil {
		return nil
	}
	if p.Own(h) {
		return h
	}
	if r, ok := h.(Roler); ok {
		if role := r.Role(); role != nil && reflect.TypeOf(role).AssignableTo(p.typ) {
			return role
		}
	}
	return nil
}

// Accepts is whether handles of the type of h can ever fit: it is of the right
// type, or its role may become so.
func (p *Param) Accepts(h Handle) bool {
	_, changes := h.(Roler)
	return changes || reflect.TypeOf(h).AssignableTo(p.typ)
}

// Own is whether the parameter takes exactly the type of h, not a role of it.
func (p *Param) Own(h Handle) bool {
	t := reflect.TypeOf(h)
	if last := p.fits.Load(); last != nil && *last == t {
		return true
	}
	return p.fitsType(t)
}

func (p *Param) fitsType(t reflect.Type) bool {
	if !t.AssignableTo(p.typ) {
		return false
	}
	p.fits.Store(&t)
	return true
}

// WantsPort is whether the next word must be the port of this host.
func (p *Param) WantsPort(host string) bool { return p.Kind.Pair != nil && wantsPort(host, p.Listen) }

func isHandleType(t reflect.Type) bool { return t.Implements(reflect.TypeFor[Handle]()) }

// readParams reads the argument struct and sets its defaults.
func readParams(r *Row, args reflect.Value) []*Param {
	t := args.Type()
	if t.Kind() != reflect.Struct {
		r.problem("its arguments are no struct")
		return nil
	}
	return appendParams(nil, r, args, t, nil)
}

// appendParams reads the fields of a struct that stands at a path of the arguments.
func appendParams(params []*Param, r *Row, args reflect.Value, t reflect.Type, path []int) []*Param {
	for i := range t.NumField() {
		f, at := t.Field(i), append(path[:len(path):len(path)], i)
		if f.Anonymous && f.Type.Kind() == reflect.Struct { // options that rows share
			params = appendParams(params, r, args, f.Type, at)
		} else {
			params = appendParam(params, r, args, f, at)
		}
	}
	return params
}

// appendParam reads one field and sets its default.
func appendParam(params []*Param, r *Row, args reflect.Value, f reflect.StructField, path []int) []*Param {
	if !f.IsExported() {
		return params // the primitive's own
	}
	p := readParam(r, f, path[0])
	p.inner = path[1:]
	if p.Kind == nil {
		r.problem("%s: no value kind for %s", p.Name, p.typ)
		return params
	}
	p.setDefault(r, p.field(args))
	return append(params, p)
}

// field is the parameter's field of an argument struct.
func (p *Param) field(args reflect.Value) reflect.Value {
	f := args.Field(p.index)
	for _, i := range p.inner {
		f = f.Field(i)
	}
	return f
}

func readParam(r *Row, f reflect.StructField, i int) *Param {
	tag, keys := f.Tag, tagKeys(string(f.Tag))
	for _, k := range keys {
		if !contains(paramTags, k) {
			r.problem("%s: unknown tag %s", f.Name, k)
		}
	}
	has := func(k string) bool { _, ok := tag.Lookup(k); return ok }
	p := &Param{
		Name: fieldName(f), Help: tag.Get("help"), Default: tag.Get("default"),
		Kind: kindOf(f.Type), Positional: has("arg"), Rest: has("rest"), Listen: has("listen"), Current: has("current"), Secret: has("secret"), Port: tag.Get("port"),
		typ: f.Type, index: i, handle: isHandleType(f.Type),
	}
	if enum := tag.Get("enum"); enum != "" {
		p.Enum = strings.Split(enum, ",")
	}
	if with := tag.Get("with"); with != "" {
		p.With = strings.Split(with, ",")
	}
	p.Aliases = aliases(tag.Get("alias"))
	p.Min, p.Max = bound(r, tag, "min"), bound(r, tag, "max")
	p.Required = p.Positional && !has("default") && !has("optional") && !has("current")
	return p
}

// aliases reads "AF_INET=inet,4=inet".
func aliases(tag string) map[string]string {
	m := map[string]string{}
	for pair := range strings.SplitSeq(tag, ",") {
		if from, to, ok := strings.Cut(pair, "="); ok {
			m[strings.ToLower(from)] = to
		}
	}
	return m
}

func bound(r *Row, tag reflect.StructTag, key string) *float64 {
	text, ok := tag.Lookup(key)
	if !ok {
		return nil
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		r.problem("%s is no number: %s", key, text)
	}
	return &f
}

func (p *Param) setDefault(r *Row, field reflect.Value) {
	if p.Default == "" {
		return
	}
	v, err := p.parse(p.Default)
	if err != nil {
		r.problem("%s: default %q: %v", p.Name, p.Default, err)
		return
	}
	field.Set(reflect.ValueOf(v))
}

// fieldName is the name tag, or the field's name in lower case with '_' between
// words: MaxConns is max_conns.
func fieldName(f reflect.StructField) string {
	if name := f.Tag.Get("name"); name != "" {
		return strings.ReplaceAll(name, "-", "_")
	}
	var b strings.Builder
	runes := []rune(f.Name)
	for i, c := range runes {
		if i > 0 && unicode.IsUpper(c) && unicode.IsLower(runes[i-1]) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(c))
	}
	return b.String()
}

// tagKeys lists the keys of a struct tag, known or not.
func tagKeys(tag string) []string {
	var keys []string
	for tag = strings.TrimSpace(tag); tag != ""; tag = strings.TrimSpace(tag) {
		key, rest, ok := strings.Cut(tag, ":")
		keys = append(keys, key)
		quoted, err := strconv.QuotedPrefix(rest)
		if !ok || err != nil {
			return append(keys, "malformed tag")
		}
		tag = rest[len(quoted):]
	}
	return keys
}

func (r *Row) problem(format string, args ...any) {
	r.problems = append(r.problems, fmt.Sprintf(format, args...))
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// inEnum checks a value against the names the parameter allows, and takes other
// words for them.
func (p *Param) inEnum(s string) (string, error) {
	if p.Enum == nil || contains(p.Enum, s) {
		return s, nil
	}
	if v, ok := p.Aliases[strings.ToLower(s)]; ok {
		return v, nil
	}
	e := Usagef("%s must be one of %s, not %s", p.FlagName(), strings.Join(p.Enum, ", "), Quote(s))
	if hint := DidYouMean(s, p.Enum); hint != "" {
		e = e.WithHint("%s", hint)
	}
	return "", e
}

// inBounds checks a number against Min and Max.
func (p *Param) inBounds(n float64, text string) error {
	if p.within(n) {
		return nil
	}
	if p.Min != nil && n < *p.Min {
		return Usagef("%s must be at least %v, not %s", p.FlagName(), *p.Min, text)
	}
	return Usagef("%s must be at most %v, not %s", p.FlagName(), *p.Max, text)
}

func (p *Param) within(n float64) bool {
	return (p.Min == nil || n >= *p.Min) && (p.Max == nil || n <= *p.Max)
}
