package web

import (
	"fmt"
	"net/http"
	"os"

	"sosh/primitive"
)

// A part is the file that a body goes to until it is whole. Without a file it
// does nothing.
type part struct {
	file   *os.File
	path   string
	offset int64 // bytes that an earlier attempt left
	size   int64
	done   bool
	device bool // no file: never renamed, never removed
}

// openPart makes the file beside the output, or goes on with the one that is
// there. Nothing is followed that is no file.
func (r *Request) openPart(req *http.Request) (*part, error) {
	if r.Output == "" || req.Method == http.MethodHead {
		return &part{}, nil
	}
	if info, err := os.Stat(r.Output); err == nil && !info.Mode().IsRegular() {
		return openDevice(r.Output)
	}
	p := &part{path: r.Output + ".part"}
	info, err := os.Lstat(p.path)
	flags := os.O_WRONLY | os.O_CREATE | os.O_EXCL
	switch {
	case err == nil && !info.Mode().IsRegular():
		return nil, primitive.Newf(primitive.InUse, "%s is in the way, and no file", primitive.Quote(p.path)).WithHint("choose another name: --output FILE")
	case err == nil && r.Resume:
		flags = os.O_WRONLY | os.O_APPEND
		p.offset = info.Size()
	case err == nil:
		err = os.Remove(p.path)
	default:
		err = nil
	}
	if err == nil {
		p.file, err = os.OpenFile(p.path, flags, 0o644)
	}
	if err != nil {
		return nil, fileError(err, p.path)
	}
	if p.size = p.offset; p.offset > 0 {
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", p.offset))
	}
	return p, nil
}

// openDevice is for an output that is no file, such as /dev/null or a pipe: it has
// no parts, and a file must never take its place.
func openDevice(path string) (*part, error) {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return nil, fileError(err, path)
	}
	return &part{file: f, path: path, device: true}, nil
}

// fits prepares for what the answer brings; done is when nothing is missing. An
// answer that is a failure does not go to the file.
func (p *part) fits(a *Answer, resp *http.Response) (done bool, err error) {
	var from, size int64
	span := resp.Header.Get("Content-Range")
	switch {
	case resp.StatusCode == http.StatusRequestedRangeNotSatisfiable && p.offset > 0:
		if n, _ := fmt.Sscanf(span, "bytes */%d", &size); n == 1 && size == p.offset {
			a.Size, a.File = size, p.path[:len(p.path)-len(".part")]
			return true, p.commit(a.File)
		}
		return false, primitive.Newf(primitive.Failed, "the server has no such part of it any more").WithHint("begin anew: without --resume")
	case a.Status >= 400:
		return false, a.Failure()
	case resp.StatusCode == http.StatusPartialContent:
		if n, _ := fmt.Sscanf(span, "bytes %d-", &from); n != 1 || from != p.offset {
			return false, primitive.Newf(primitive.Failed, "the server sent another part than was asked for: %s", primitive.Quote(span)).WithHint("begin anew: without --resume")
		}
	case p.offset > 0: // it knows no parts, and sends all
		p.offset, p.size = 0, 0
		if err := p.file.Truncate(0); err != nil {
			return false, fileError(err, p.path)
		}
	}
	return false, nil
}

// Write writes to the file.
func (p *part) Write(b []byte) (int, error) {
	n, err := p.file.Write(b)
	p.size += int64(n)
	if err != nil {
		return n, fileError(err, p.path)
	}
	return n, nil
}

// commit gives the file its name.
func (p *part) commit(name string) error {
	err := p.file.Close()
	if err == nil && !p.device {
		err = os.Rename(p.path, name)
	}
	if err != nil {
		return fileError(err, name)
	}
	p.done = true
	return nil
}

// keep leaves what came for a later attempt, and says so.
func (p *part) keep(err error) error {
	if p.file == nil || p.size == 0 || p.device {
		return err
	}
	e := *primitive.AsError(err)
	e.Hint = fmt.Sprintf("%d bytes are in %s; to go on there: --resume", p.size, primitive.Quote(p.path))
	return &e
}

// close ends with the file, and removes an empty one.
func (p *part) close() {
	if p.file == nil || p.done {
		return
	}
	_ = p.file.Close() // whatever is wrong was told by a write
	if p.size == 0 && !p.device {
		_ = os.Remove(p.path)
	}
}
