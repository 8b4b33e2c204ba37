package web

import (
	"errors"
	"fmt"
	"html"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"sosh/primitive"
)

// A folder serves the files below a folder and nothing else: names are resolved
// inside of it by os.Root, symbolic links too.
type folder struct{ root *os.Root }

// Most entries of a listing.
const maxListed = 10_000

func (f folder) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if req.Method != http.MethodGet && req.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		refuse(w, http.StatusMethodNotAllowed)
		return
	}
	name, ok := insideName(req.URL.Path)
	if !ok {
		refuse(w, http.StatusBadRequest)
		return
	}
	info, err := f.root.Stat(name)
	switch {
	case err != nil:
		refuse(w, statusOf(err))
	case info.IsDir():
		f.folder(w, req, name)
	case !info.Mode().IsRegular() || strings.HasSuffix(req.URL.Path, "/"):
		refuse(w, http.StatusNotFound)
	default:
		f.file(w, req, name)
	}
}

// insideName is the name of a path inside the folder. A path that wants to climb
// is refused, even where it would end up inside.
func insideName(urlPath string) (name string, ok bool) {
	if strings.ContainsAny(urlPath, "\x00\\") || slices.Contains(strings.Split(urlPath, "/"), "..") {
		return "", false
	}
	name = strings.TrimPrefix(path.Clean("/"+urlPath), "/")
	if name == "" {
		return ".", true
	}
	return name, filepath.IsLocal(filepath.FromSlash(name))
}

// statusOf is what the client is told of an error of the file system: of what is
// outside, that it is not there.
func statusOf(err error) int {
	if errors.Is(err, fs.ErrPermission) {
		return http.StatusForbidden
	}
	return http.StatusNotFound
}

func refuse(w http.ResponseWriter, status int) {
	http.Error(w, fmt.Sprintf("%d %s", status, http.StatusText(status)), status)
}

// file sends a file, or the parts of it that were asked for, or that it is as it
// was (RFC 9110, 13 and 14).
func (f folder) file(w http.ResponseWriter, req *http.Request, name string) {
	file, err := f.root.Open(name)
	if err != nil {
		refuse(w, statusOf(err))
		return
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		refuse(w, http.StatusNotFound)
		return
	}
	w.Header().Set("ETag", fmt.Sprintf(`"%x-%x"`, info.ModTime().UnixNano(), info.Size()))
	http.ServeContent(w, req, name, info.ModTime(), file)
}

// folder sends index.html, or the list of what is there.
func (f folder) folder(w http.ResponseWriter, req *http.Request, name string) {
	if !strings.HasSuffix(req.URL.Path, "/") {
		to := url.URL{Path: path.Base(name) + "/", RawQuery: req.URL.RawQuery}
		w.Header().Set("Location", to.String()) // relative, so that it never names another host
		w.WriteHeader(http.StatusMovedPermanently)
		return
	}
	index := path.Join(name, "index.html")
	if info, err := f.root.Stat(index); err == nil && info.Mode().IsRegular() {
		f.file(w, req, index)
		return
	}
	dir, err := f.root.Open(name)
	if err != nil {
		refuse(w, statusOf(err))
		return
	}
	defer dir.Close()
	entries, _ := dir.ReadDir(maxListed) // an empty folder is an error, too
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(listing(req.URL.Path, entries))) // a client that is gone needs no list
}

// listing is a page with the entries of a folder. Their names are anything.
func listing(at string, entries []fs.DirEntry) string {
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	title := html.EscapeString(primitive.Escape(at, false))
	var b strings.Builder
	fmt.Fprintf(&b, "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>%s</title></head>\n<body><h1>%s</h1>\n<ul>\n", title, title)
	if at != "/" {
		b.WriteString("<li><a href=\"../\">../</a></li>\n")
	}
	for _, e := range entries {
		name := e.Name()
		if e.IsDir() {
			name += "/"
		}
		link := url.URL{Path: "./" + name} // a name may look like a URL
		fmt.Fprintf(&b, "<li><a href=\"%s\">%s</a></li>\n", html.EscapeString(link.String()), html.EscapeString(primitive.Escape(name, false)))
	}
	if len(entries) == maxListed {
		b.WriteString("<li>…</li>\n")
	}
	b.WriteString("</ul></body></html>\n")
	return b.String()
}
