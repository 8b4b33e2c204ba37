package verbs

import "testing"

// Every row is well made: Check refuses missing help, defaults that do not
// parse, and names a script cannot write.
func TestTable(t *testing.T) {
	if err := Table().Check(); err != nil {
		t.Fatal(err)
	}
}
