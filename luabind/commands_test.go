package luabind

import (
	"strings"
	"testing"

	"sosh/primitive"
)

// What stands in the table command is a command with its help and arguments.
func TestCommands(t *testing.T) {
	f := newFixture(t, Options{Taken: func(name string) bool { return name == "help" }})
	f.eval(t, `
-- Greet somebody,
--- kindly.
function command.greet(who, times) return "hello " .. who end
function command.any(...) end
command.table = {help = "By table", args = {"a", "[b]"}, run = function(a) return a end}
command.rest = {args = {"a", "..."}, run = print}
command.gone = print
command.gone = nil
`)
	var got []string
	for _, c := range f.Commands() {
		got = append(got, c.Usage()+": "+strings.ReplaceAll(c.Help, "\n", " "))
	}
	want := "any …: |greet who times: Greet somebody, kindly.|rest a …: |table a [b]: By table"
	if strings.Join(got, "|") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, "|"), want)
	}
	for _, c := range f.Commands() {
		if c.Name == "greet" {
			values, err := c.Run.Call(t.Context(), "you")
			if err != nil || values[0] != "hello you" {
				t.Errorf("greet: %v, %v", values, err)
			}
			if _, err := c.Run.Call(t.Context()); !strings.Contains(err.Error(), "prompt:4: ") {
				t.Errorf("no line in %v", err)
			}
		}
	}
	if got := f.eval(t, "command.greet('me')")[0]; got != "hello me" {
		t.Errorf("called in Lua: %v", got)
	}
}

func TestCommandsRefused(t *testing.T) {
	f := newFixture(t, Options{Taken: func(name string) bool { return name == "help" }})
	for source, want := range map[string]string{
		"command.help = print":       "help is a command already",
		"command.line = print":       "line is a command already",
		"command.x = 3":              "command.x is a function, or a table with a function named run",
		"command.x = {}":             "command.x is a function, or a table with a function named run",
		"command['a b'] = print":     "a command's name is like a variable's",
		"command[1] = print":         "a command's name is like a variable's",
		"command['\\27[2J'] = print": "a command's name is like a variable's",
	} {
		_, err := f.Run(t.Context(), source, "line")
		if primitive.KindOf(err) != primitive.Usage || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", source, err)
		}
	}
	if len(f.Commands()) != 0 {
		t.Errorf("commands: %v", f.Commands())
	}
}
