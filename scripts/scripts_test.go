package scripts

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"sosh/lesson"
)

// TestList holds that every lesson says all about itself, has a place of its own,
// and is a lesson of the course.
func TestList(t *testing.T) {
	var names []string
	places := map[int]string{}
	for _, l := range List() {
		names = append(names, l.Name)
		if l.Title == "" || l.Learn == "" || l.Order == 0 || l.Part >= len(lesson.Parts()) {
			t.Errorf("%s: the declaration lacks something: %+v", l.Name, l)
		}
		if other := places[l.Order]; other != "" {
			t.Errorf("%s and %s have the same place %d", other, l.Name, l.Order)
		}
		places[l.Order] = l.Name
		if l.Run != "" && !strings.Contains(l.Run, "sosh run "+l.Name) {
			t.Errorf("%s: run does not say: sosh run %s", l.Name, l.Name)
		}
	}
	for _, want := range []string{"tcp-client-errors", "tcp-server", "tcp-client", "udp-server", "udp-client", "threaded-server", "threaded-client"} {
		if !slices.Contains(names, want) {
			t.Errorf("there is no lesson %s", want)
		}
	}
}

// TestAllAreLessons holds that the list misses no script.
func TestAllAreLessons(t *testing.T) {
	paths, err := fs.Glob(FS(), "*.lua")
	if err != nil {
		t.Fatal(err)
	}
	if len(List()) != len(paths) || len(paths) < 10 {
		t.Errorf("%d scripts, %d lessons", len(paths), len(List()))
	}
}

// TestPartsInOrder holds that the order of the lessons is that of the parts.
func TestPartsInOrder(t *testing.T) {
	part := 0
	for _, l := range List() {
		if l.Part < part {
			t.Errorf("%s, of part %d, comes after part %d", l.Name, l.Part, part)
		}
		part = l.Part
	}
}

// TestHelpers holds that the module the lessons require is built in.
func TestHelpers(t *testing.T) {
	if _, err := fs.Stat(FS(), "lib/lesson.lua"); err != nil {
		t.Fatal(err)
	}
}
