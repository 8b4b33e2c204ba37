package verbs

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"sosh/primitive"
)

// Whatever a row says it may fail with, a hint names something to type: a
// command, a flag, or a program.
func TestHints(t *testing.T) {
	table := Table()
	quiet := []primitive.Kind{primitive.Canceled, primitive.Usage, primitive.Failed}
	for row := range table.All() {
		kinds := append(slices.Clone(row.Raises), primitive.Timeout, primitive.Closed, primitive.NotFound)
		for _, kind := range kinds {
			if text := hint(row.Name, "c7", kind); !slices.Contains(quiet, kind) && !typable(table, text) {
				t.Errorf("%s, %s: %q does not say what to type", row.Name, kind, text)
			}
		}
	}
	for _, kind := range primitive.Kinds() {
		if text := hint("recv", "c7", kind); (text == "") != slices.Contains(quiet, kind) {
			t.Errorf("%s: %q", kind, text)
		}
	}
	for op, want := range map[string]string{"recv": "recv c7", "sleep": "--max-time", "tcp connect": "--timeout", "accept": "tcp connect"} {
		if text := hint(op, "c7", primitive.Timeout); !strings.Contains(text, want) {
			t.Errorf("%s in time: %q", op, text)
		}
	}
	if text := hint("opt", "c7", primitive.Denied); strings.Contains(text, "port") {
		t.Errorf("an option that is denied: %q", text)
	}
	if text := hint("wait", "t3", primitive.Timeout); !strings.Contains(text, "kill t3") {
		t.Errorf("no name in %q", text)
	}
	if text := hint("recv", "127.0.0.1:7", primitive.EOF); !strings.Contains(text, "close HANDLE") {
		t.Errorf("no handle's name in %q", text)
	}
}

var words = regexp.MustCompile(`[a-z]+`)

func typable(table *primitive.Table, text string) bool {
	if strings.Contains(text, "--") || strings.Contains(text, "!") || strings.Contains(text, "help ") {
		return true
	}
	for _, w := range words.FindAllString(text, -1) {
		if _, used := table.Find(w); used > 0 || len(table.Family(w)) > 0 {
			return true
		}
	}
	return false
}
