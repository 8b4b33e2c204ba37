package primitive

import "testing"

func TestScriptCommand(t *testing.T) {
	for _, c := range []struct {
		command ScriptCommand
		usage   string
		takes   string // a + for each number of arguments that is right, from 0
	}{
		{ScriptCommand{Name: "x"}, "x", "+-"},
		{ScriptCommand{Name: "x", Params: []string{"a", "b"}}, "x a b", "--+-"},
		{ScriptCommand{Name: "x", Params: []string{"a", "[b]"}}, "x a [b]", "-++-"},
		{ScriptCommand{Name: "x", Params: []string{"a", "b"}, Loose: true}, "x a b", "+++-"},
		{ScriptCommand{Name: "x", Params: []string{"a"}, Rest: true}, "x a …", "-+++"},
	} {
		if got := c.command.Usage(); got != c.usage {
			t.Errorf("usage %q, want %q", got, c.usage)
		}
		for n, want := range c.takes {
			err := c.command.Check(n)
			if (err == nil) != (want == '+') || err != nil && KindOf(err) != Usage {
				t.Errorf("%s with %d arguments: %v", c.usage, n, err)
			}
		}
	}
}
