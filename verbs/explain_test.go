package verbs

import (
	"testing"

	"sosh/explain"
)

// TestExplained holds that every network command can be explained: a new row is
// either in the table of package explain, or among those that have no socket.
func TestExplained(t *testing.T) {
	for row := range Table().All() {
		if !explain.Known(row) {
			t.Errorf("%s has no explanation; write its steps in explain/rows.go", row.Name)
		}
	}
}
