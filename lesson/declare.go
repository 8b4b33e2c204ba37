package lesson

import (
	"slices"
	"strings"

	"sosh/primitive"
)

// A Sourced function knows the text of its script.
type Sourced interface {
	// Source is the script's name, the first line of the function there, and the
	// text of all its lines.
	Source() (script string, line int, text string)
}

// A reader takes the fields of a declaration and remembers what is wrong.
type reader struct {
	fields map[string]any
	known  []string
	err    error
}

func (r *reader) wrong(name, want string) {
	if r.err == nil {
		r.err = primitive.Usagef("the lesson's %s must be %s", name, want)
	}
}

func (r *reader) take(name string) any {
	r.known = append(r.known, name)
	return r.fields[name]
}

func (r *reader) text(name string) string {
	v := r.take(name)
	s, ok := v.(string)
	if v != nil && !ok {
		r.wrong(name, "a text")
	}
	return s
}

func (r *reader) number(name string) int {
	v := r.take(name)
	n, ok := v.(float64)
	if v != nil && !ok {
		r.wrong(name, "a number")
	}
	return int(n)
}

func (r *reader) flag(name string) bool {
	b, _ := r.take(name).(bool)
	return b
}

func (r *reader) function(name string) primitive.Callable {
	v := r.take(name)
	fn, ok := v.(primitive.Callable)
	if v != nil && !ok {
		r.wrong(name, "a function")
	}
	return fn
}

// texts is a list of texts, or one.
func (r *reader) texts(name string) []string {
	switch v := r.take(name).(type) {
	case nil:
	case string:
		return []string{v}
	case []any:
		var list []string
		for _, item := range v {
			s, ok := item.(string)
			if !ok {
				r.wrong(name, "a list of texts")
			}
			list = append(list, s)
		}
		return list
	case map[string]any:
		if len(v) == 0 { // an empty list looks like this
			return nil
		}
		r.wrong(name, "a list of texts")
	default:
		r.wrong(name, "a list of texts")
	}
	return nil
}

// rest refuses fields that nobody has taken.
func (r *reader) rest(what string) error {
	for name := range r.fields {
		if r.err == nil && !slices.Contains(r.known, name) {
			e := primitive.Usagef("%s has no field %s", what, primitive.Quote(name))
			if near := primitive.Nearest(name, r.known); near != "" {
				e = e.WithHint("did you mean %s?", near)
			}
			r.err = e
		}
	}
	return r.err
}

// From makes a lesson of what a script declared: tables as maps and lists,
// functions as primitive.Callable.
func From(value any) (*Lesson, error) {
	fields, ok := value.(map[string]any)
	if !ok {
		return nil, primitive.Usagef("the script declares no lesson").WithHint("it ends with: return lesson { id = …, steps = { … } }")
	}
	r := &reader{fields: fields}
	l := &Lesson{Head: Head{
		Name: r.text("id"), Title: r.text("title"), Part: r.number("part"), Order: r.number("order"), Learn: r.text("learn"),
		Needs: r.text("needs"), Run: r.text("run"), Side: r.text("side"),
	}}
	l.Peers, l.Typed, l.Says, l.Ends = r.texts("peers"), r.texts("typed"), r.texts("says"), r.flag("ends")
	l.Try, l.Finally = r.text("try"), r.function("finally")
	var err error
	if l.Question, err = questionFrom(r.take("question")); err == nil {
		l.Steps, err = stepsFrom(r.take("steps"))
	}
	if err == nil {
		l.Points, err = pointsFrom(r.take("grade"))
	}
	if rest := r.rest("a lesson"); err == nil {
		err = rest
	}
	if err == nil {
		err = l.lacks()
	}
	return l, err
}

// lacks says what a lesson must have and this one has not.
func (l *Lesson) lacks() error {
	switch {
	case l.Name == "" || strings.Trim(l.Name, "abcdefghijklmnopqrstuvwxyz0123456789-") != "":
		return primitive.Usagef("the lesson needs an id of small letters, digits and -")
	case l.Title == "":
		return primitive.Usagef("the lesson needs a title")
	case len(l.Steps) == 0:
		return primitive.Usagef("the lesson needs steps")
	case l.Side != "" && l.Side != "server" && l.Side != "client":
		return primitive.Usagef("the lesson's side must be server or client")
	}
	return nil
}

func questionFrom(v any) (*Question, error) {
	fields, ok := v.(map[string]any)
	if !ok {
		if v != nil {
			return nil, primitive.Usagef("the lesson's question must be a table").WithHint("question = {ask = …, answer = …, why = …}")
		}
		return nil, nil
	}
	r := &reader{fields: fields}
	q := &Question{Ask: r.text("ask"), Hint: r.text("hint"), Why: r.text("why")}
	if fn, ok := fields["answer"].(primitive.Callable); ok {
		r.known = append(r.known, "answer")
		q.Answer = fn
	} else {
		q.Answers = r.texts("answer")
	}
	if q.Ask == "" || q.Answer == nil && len(q.Answers) == 0 {
		r.wrong("question", "one with ask and answer")
	}
	return q, r.rest("a question")
}

func stepsFrom(v any) ([]Step, error) {
	list, ok := v.([]any)
	if !ok {
		return nil, primitive.Usagef("the lesson needs steps").WithHint(`steps = { step "why" (function() … end), … }`)
	}
	var steps []Step
	for i, item := range list {
		fields, ok := item.(map[string]any)
		if !ok {
			return nil, primitive.Usagef("step %d is no step", i+1).WithHint(`write step "why" (function() … end)`)
		}
		s, err := stepFrom(fields)
		if err != nil {
			return nil, err
		}
		steps = append(steps, s)
	}
	return steps, nil
}

func stepFrom(fields map[string]any) (Step, error) {
	r := &reader{fields: fields}
	s := Step{Text: folded(r.text("text")), Side: r.text("side"), Fails: primitive.Kind(r.text("fails")), Line: r.number("line")}
	switch code := r.take("code").(type) {
	case nil:
	case string:
		s.Code, s.Typed = dedent(code), true
	case primitive.Callable:
		s.Run = code
		if from, ok := code.(Sourced); ok {
			_, _, text := from.Source()
			s.Code = body(text)
		}
	default:
		r.wrong("code", "lines of the shell or a function")
	}
	if s.Text == "" && s.Code == "" {
		r.wrong("step", "a text, code, or both")
	}
	if s.Fails != "" && !slices.Contains(primitive.Kinds(), s.Fails) {
		r.wrong("step's failure", "a kind, as refused or timeout")
	}
	return s, r.rest("a step")
}

func pointsFrom(v any) ([]Point, error) {
	list, ok := v.([]any)
	if !ok && v != nil {
		return nil, primitive.Usagef("the lesson's grade must be a list of points").WithHint(`grade = { point "what" (function(student) … end), … }`)
	}
	var points []Point
	for i, item := range list {
		fields, _ := item.(map[string]any)
		r := &reader{fields: fields}
		p := Point{What: folded(r.text("text")), Run: r.function("code"), Must: r.flag("must")}
		r.known = append(r.known, "line")
		if p.What == "" || p.Run == nil {
			return nil, primitive.Usagef("point %d is no point", i+1).WithHint(`write point "what" (function(student) … end)`)
		}
		if err := r.rest("a point"); err != nil {
			return nil, err
		}
		points = append(points, p)
	}
	return points, nil
}

// folded joins the lines of a paragraph; a blank line stays.
func folded(text string) string {
	var paragraphs []string
	for p := range strings.SplitSeq(strings.TrimSpace(dedent(text)), "\n\n") {
		if lines := strings.Split(p, "\n"); slices.ContainsFunc(lines, func(line string) bool { return strings.HasPrefix(line, " ") }) {
			paragraphs = append(paragraphs, p) // a drawing or a table stays as it is
		} else {
			paragraphs = append(paragraphs, strings.Join(strings.Fields(p), " "))
		}
	}
	return strings.Join(paragraphs, "\n\n")
}

// body is what stands inside of a function.
func body(text string) string {
	_, text, _ = strings.Cut(text, "function")
	_, text, _ = strings.Cut(text, ")")
	if i := strings.LastIndex(text, "end"); i >= 0 {
		text = text[:i]
	}
	return dedent(text)
}

// dedent takes away the blanks that all lines begin with, and empty lines
// around.
func dedent(text string) string {
	lines := strings.Split(strings.Trim(strings.TrimRight(text, " \t\r\n"), "\r\n"), "\n")
	indent := -1
	for _, line := range lines {
		if blank := len(line) - len(strings.TrimLeft(line, " \t")); strings.TrimSpace(line) != "" && (indent < 0 || blank < indent) {
			indent = blank
		}
	}
	for i, line := range lines {
		lines[i] = strings.TrimRight(line[min(len(line), max(0, indent)):], " \t\r")
	}
	return strings.Join(lines, "\n")
}
