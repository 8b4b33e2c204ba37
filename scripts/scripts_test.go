package scripts

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
)

// TestList holds that every lesson has a whole header, a place of its own, and
// says how it is run under its own name.
func TestList(t *testing.T) {
	lessons := List()
	var names []string
	places := map[int]string{}
	for _, l := range lessons {
		names = append(names, l.Name)
		if l.Title == "" || l.Part == "" || l.Learn == "" || l.Order == 0 {
			t.Errorf("%s: the header lacks something: %+v", l.Name, l)
		}
		if other := places[l.Order]; other != "" {
			t.Errorf("%s and %s have the same place %d", other, l.Name, l.Order)
		}
		places[l.Order] = l.Name
		if !strings.Contains(l.Run, "sosh run "+l.Name) {
			t.Errorf("%s: Run does not say: sosh run %s", l.Name, l.Name)
		}
	}
	for _, want := range []string{"lecture", "tcp-client-errors", "tcp-server", "tcp-client", "udp-server", "udp-client", "threaded-server", "threaded-client"} {
		if !slices.Contains(names, want) {
			t.Errorf("there is no lesson %s", want)
		}
	}
}

// TestLectureHasAll holds that the lecture plays every lesson.
func TestLectureHasAll(t *testing.T) {
	source, err := fs.ReadFile(FS(), "lecture.lua")
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range List() {
		if l.Name != "lecture" && !strings.Contains(string(source), `"`+l.Name+`"`) {
			t.Errorf("the lecture does not play %s", l.Name)
		}
	}
}

// TestHelpers holds that the module the lessons require is built in.
func TestHelpers(t *testing.T) {
	if _, err := fs.Stat(FS(), "lib/lesson.lua"); err != nil {
		t.Fatal(err)
	}
}
