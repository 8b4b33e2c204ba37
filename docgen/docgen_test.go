package docgen

import (
	"context"
	"strings"
	"testing"
	"time"

	"sosh/primitive"
)

type oddArgs struct {
	Mode string        `arg:"" enum:"a|b,c" default:"c" help:"one | two, *not* three"`
	Wait time.Duration `default:"2s" max:"60" help:"it's how long"`
}

type oddEnv interface{ primitive.Env }

func odd(context.Context, oddEnv, oddArgs) (primitive.None, error) { return primitive.None{}, nil }

// oddTable has texts that every format has to escape.
func oddTable(t *testing.T) *primitive.Table {
	t.Helper()
	table := primitive.NewTable(primitive.Rows(primitive.New(primitive.Spec{
		Name: "odd thing", Short: "Do it's <b>own</b> thing", Doc: ".TH is no request\n'nor is this", Example: `odd thing "a|b"; .odd`,
		Raises: []primitive.Kind{primitive.Timeout},
	}, odd)))
	if err := table.Check(); err != nil {
		t.Fatal(err)
	}
	return table
}

func holds(t *testing.T, text string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func TestReferenceEscapes(t *testing.T) {
	demo := Demo{Session: "> odd thing\ndone  \n", Script: "assert(odd.thing())\n", Printed: "x\n"}
	text := Reference(oddTable(t), map[string]Demo{"odd thing": demo})
	holds(t, text,
		`| shell | `+"`"+`odd thing [a\|b\|c] [--wait DURATION]`+"` |",
		"| Lua | `odd.thing([mode], [{options}])` |",
		`one \| two, \*not\* three`,
		"| `--wait` | duration | seconds | `2s` | at most 60 | it's how long |",
		`\<b>own`, "Failures: timeout.", "```text\n> odd thing\ndone\n```", "```lua demo\nassert(odd.thing())\n```", "prints\n\n```text\nx\n```")
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "|") && strings.Count(strings.ReplaceAll(line, `\|`, ""), "|") != strings.Count(header(text, line), "|") {
			t.Errorf("a row with other cells than its table: %s", line)
		}
	}
}

// header is the first line of the table that the line stands in.
func header(text, line string) string {
	before := text[:strings.Index(text, line)]
	tables := strings.Split(before, "\n\n")
	first, _, _ := strings.Cut(tables[len(tables)-1]+line, "\n")
	return first
}

func TestManPageEscapes(t *testing.T) {
	text := ManPage(oddTable(t), Program{Version: `v"1`, Options: []Option{{Name: "--x", Help: `a\b`}}})
	holds(t, text, "\n\\&.TH is no request\n.PP\n\\&'nor", `sosh v\(dq1`, `a\eb`, "\n\\&.odd\n", `\fB\-\-x\fR`)
	if strings.Count(text, "\n.TH ") != 1 {
		t.Error("a text became a request")
	}
}

func TestCompletionQuotes(t *testing.T) {
	for shell, want := range map[string]string{"bash": `words='a|b c'`, "zsh": `it'\''s how long`, "fish": `it\'s how long`} {
		text, err := Completion(oddTable(t), shell, Program{})
		if err != nil {
			t.Fatal(err)
		}
		holds(t, text, want)
	}
}

func TestJSONLines(t *testing.T) {
	data, err := JSON(oddTable(t))
	if err != nil {
		t.Fatal(err)
	}
	holds(t, string(data), `"enum":["a|b","c"]`, `"unit":"seconds"`, `"max":60`, `"function":"odd.thing"`, `<b>own</b>`, `"raises":["timeout"]`)
	if strings.Count(string(data), "\n") != 1 {
		t.Error("a row is not one line")
	}
}

func TestStubsOfOptions(t *testing.T) {
	holds(t, Stubs(oddTable(t), nil),
		"---@class odd.thing.Options\n---@field wait? number|string it's how long (seconds, default 2s)\n",
		`---@param mode? "a|b"|"c" one | two, *not* three (default c)`,
		"---@overload fun(options?: odd.thing.Options): true?, string?, Kind?\n",
		"function odd.thing(mode, options) end\n", "function task.spawn(fn, ...) end\n")
}
