package lesson

import (
	"encoding/json"
	"os"
	"path/filepath"
	"time"
)

// A Progress is how far somebody got with each lesson.
type Progress struct {
	path    string // "" keeps nothing
	Lessons map[string]Reached
}

// A Reached is how far somebody got with one lesson.
type Reached struct {
	Step     int       `json:"step"`               // steps seen
	Of       int       `json:"of"`                 // steps there were
	Done     time.Time `json:"done,omitzero"`      // when its end was reached
	Answered bool      `json:"answered,omitempty"` // the question, rightly
}

// More is no progress file.
const maxProgress = 1 << 20

// ReadProgress reads what was reached; a file that is not there, or is broken,
// is a beginning.
func ReadProgress(path string) *Progress {
	p := &Progress{path: path, Lessons: map[string]Reached{}}
	info, err := os.Stat(path)
	if path == "" || err != nil || info.Size() > maxProgress {
		return p
	}
	data, err := os.ReadFile(path)
	if err == nil && json.Unmarshal(data, &p.Lessons) != nil || p.Lessons == nil {
		p.Lessons = map[string]Reached{}
	}
	return p
}

// Reach keeps how far a lesson was gone through. What was done stays done.
func (p *Progress) Reach(id string, r Reached) error {
	was := p.Lessons[id]
	if r.Done.IsZero() {
		r.Done = was.Done
	}
	r.Answered = r.Answered || was.Answered
	p.Lessons[id] = r
	return p.save()
}

// save writes the file anew, so that it is never half there.
func (p *Progress) save() error {
	if p.path == "" {
		return nil
	}
	data, err := json.MarshalIndent(p.Lessons, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(p.path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(p.path), ".lessons-*") // 0600
	if err != nil {
		return err
	}
	_, err = f.Write(append(data, '\n'))
	if last := f.Close(); err == nil {
		err = last
	}
	if err == nil {
		err = os.Rename(f.Name(), p.path)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

// New writes a template of a lesson where there is no file yet.
func New(path, id string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.WriteString(Template(id))
	if last := f.Close(); err == nil {
		err = last
	}
	return err
}
