package complete

import (
	"os"
	"path/filepath"
	"strings"
)

// Entries of a folder that are read at once, and at most.
const (
	filesAtOnce = 200
	maxFiles    = 5000
)

// files offers the files that the word may become.
func (s *search) files() {
	dir, base := filepath.Split(s.typed)
	folder, err := os.Open(filepath.Join(dir, "."))
	if err != nil {
		return
	}
	defer folder.Close()
	for n := 0; n < maxFiles && !s.over(); n += filesAtOnce {
		entries, err := folder.ReadDir(filesAtOnce)
		for _, e := range entries {
			s.file(dir, base, e)
		}
		if err != nil {
			return // its end, or what could be read is what there is
		}
	}
}

func (s *search) file(dir, base string, e os.DirEntry) {
	name := e.Name()
	if strings.HasPrefix(name, ".") && !strings.HasPrefix(base, ".") || !strings.HasPrefix(name, base) {
		return
	}
	isDir := e.IsDir()
	if e.Type()&os.ModeSymlink != 0 {
		info, err := os.Stat(filepath.Join(dir, name))
		isDir = err == nil && info.IsDir()
	}
	if isDir {
		s.add(dir+name+"/", "folder", "")
		return
	}
	s.add(dir+name, "", " ")
}
