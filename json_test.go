package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	"sosh/docgen"
	"sosh/internal/nettest"
	"sosh/primitive"
	"sosh/repl"
)

// TestJSON runs every example with --json and holds each line that came out to
// the schema that `help --json` gives for its command.
func TestJSON(t *testing.T) {
	table := tableOf(t)
	schemas := schemasOf(t, table)
	for row := range table.Rows() {
		t.Run(row.Name, func(t *testing.T) {
			var actions []any // schemas of the commands that on and every do, whenever they do
			for _, ran := range typedJSON(t, table, row) {
				called, _ := table.Find(strings.Fields(ran.line)...)
				if action := actionOf(table, called, ran.line); action != nil {
					actions = append(actions, schemas[action.Name])
				}
				if called == nil || ran.out == "" {
					continue
				}
				for line := range strings.Lines(ran.out) {
					any := map[string]any{"anyOf": append(actions[:len(actions):len(actions)], schemas[resultOf(called, ran.line)])}
					if problem := conforms(line, any); problem != "" {
						t.Errorf("%s printed %s: %s", ran.line, line, problem)
					}
				}
			}
		})
	}
}

// actionOf is the row of the command that is an argument of a line; or nil.
func actionOf(table *primitive.Table, called *primitive.Row, line string) *primitive.Row {
	if called == nil || called.Action() == nil {
		return nil
	}
	for words := strings.Fields(line)[1:]; len(words) > 0; words = words[1:] {
		if row, _ := table.Find(words...); row != nil {
			return row
		}
	}
	return nil
}

// resultOf is the row whose result a line has: in the background a task.
func resultOf(row *primitive.Row, line string) string {
	if strings.HasSuffix(line, "&") {
		return "serve"
	}
	return row.Name
}

func schemasOf(t *testing.T, table *primitive.Table) map[string]any {
	data, err := docgen.JSON(table)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]any{}
	for line := range strings.Lines(string(data)) {
		var row struct {
			Name   string
			Result struct{ Schema any }
		}
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Fatal(err)
		}
		all[row.Name] = row.Result.Schema
	}
	return all
}

// conforms is what is wrong with a line by a schema; "" for nothing.
func conforms(line string, schema any) string {
	var value any
	if err := json.Unmarshal([]byte(line), &value); err != nil {
		return "it is no JSON: " + err.Error()
	}
	return mismatch(value, schema)
}

// mismatch is what is wrong with a value; "" for nothing. It knows what our
// schemas use.
func mismatch(value, schema any) string {
	s, ok := schema.(map[string]any)
	if !ok {
		return "the schema says that nothing is printed"
	}
	if any, ok := s["anyOf"].([]any); ok {
		for _, option := range any {
			if mismatch(value, option) == "" {
				return ""
			}
		}
		return "it is none of what the schema allows"
	}
	if want, ok := s["type"].(string); ok && !isA(value, want) {
		return fmt.Sprintf("%v is no %s", value, want)
	}
	if list, ok := value.([]any); ok {
		return listMismatch(list, s["items"])
	}
	if object, ok := value.(map[string]any); ok && s["properties"] != nil {
		return objectMismatch(object, s)
	}
	return ""
}

func isA(value any, kind string) bool {
	switch v := value.(type) {
	case string:
		return kind == "string"
	case bool:
		return kind == "boolean"
	case float64:
		return kind == "number" || kind == "integer" && v == float64(int64(v))
	case nil:
		return kind == "null"
	case []any:
		return kind == "array"
	case map[string]any:
		return kind == "object"
	}
	return false
}

func listMismatch(list []any, items any) string {
	for _, item := range list {
		if items == nil {
			return ""
		}
		if problem := mismatch(item, items); problem != "" {
			return problem
		}
	}
	return ""
}

func objectMismatch(object, s map[string]any) string {
	properties := s["properties"].(map[string]any)
	for _, name := range s["required"].([]any) {
		if _, ok := object[name.(string)]; !ok {
			return fmt.Sprintf("%v is missing", name)
		}
	}
	for name, v := range object {
		if properties[name] == nil {
			return name + " is not in the schema"
		}
		if problem := mismatch(v, properties[name]); problem != "" {
			return name + ": " + problem
		}
	}
	return ""
}

// A ranLine is a line of an example and what it wrote to stdout.
type ranLine struct{ line, out string }

// typedJSON runs the example of a row with --json.
func typedJSON(t *testing.T, table *primitive.Table, row *primitive.Row) []ranLine {
	w := newWorld(t, table)
	peer, free := peerOf(t, row), nettest.FreePort(t)
	var ran []ranLine
	lines := strings.Split(strings.NewReplacer("127.0.0.1 7", spaced(peer), "12345", free).Replace(row.Example), "; ")
	at := 0
	source := lineFunc(func() (string, bool) {
		out := w.out.String()
		if len(ran) > 0 {
			ran[len(ran)-1].out = out[at:]
		}
		at = len(out)
		if len(lines) == len(ran) {
			return "", false
		}
		ran = append(ran, ranLine{line: lines[len(ran)]})
		return ran[len(ran)-1].line, true
	})
	sh := repl.New(repl.Options{Table: table, Session: w.session, In: source, Out: &w.out, Err: io.Discard})
	if code := sh.Main(t.Context(), []string{"--json", "--no-wait"}); code != 0 {
		t.Fatalf("%s: exit code %d", row.Example, code)
	}
	return ran
}

// A lineFunc gives a line whenever one is read.
type lineFunc func() (string, bool)

func (f lineFunc) Read(p []byte) (int, error) {
	line, ok := f()
	if !ok {
		return 0, io.EOF
	}
	return copy(p, line+"\n"), nil
}

// TestExamplesRunFromHelp runs every example as a person does who reads its help.
func TestExamplesRunFromHelp(t *testing.T) {
	table := tableOf(t)
	for row := range table.Rows() {
		t.Run(row.Name, func(t *testing.T) {
			w := newWorld(t, table)
			code := w.shell.Main(t.Context(), append(append([]string{"help"}, strings.Fields(row.Name)...), "--run"))
			first, _, _ := strings.Cut(row.Example, " ")
			if code != 0 || !strings.HasPrefix(w.all.String(), "> "+first) {
				t.Errorf("exit code %d: %s", code, w.all.String())
			}
			if left := w.session.Handles(); len(left) > 0 {
				t.Errorf("the example left %v in the session of the person", left)
			}
		})
	}
}
