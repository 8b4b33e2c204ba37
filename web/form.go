package web

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"sosh/primitive"
)

// setBody gives a request a body whose length is told; nil is none.
func setBody(req *http.Request, body []byte) {
	if body == nil {
		for name := range req.Header {
			if strings.HasPrefix(name, "Content-") {
				req.Header.Del(name)
			}
		}
		if req.Method == http.MethodPost || req.Method == http.MethodPut {
			req.Body = http.NoBody // Content-Length: 0
		}
		return
	}
	req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	if len(body) == 0 {
		req.Body = http.NoBody
	}
}

// Form makes a body of fields "name=value", and its content type; a value of
// "@path" is a file, which makes it multipart/form-data (RFC 7578). Usage,
// NotFound.
func Form(fields []string) (body []byte, contentType string, err error) {
	values, files := url.Values{}, false
	for _, f := range fields {
		name, value, ok := strings.Cut(f, "=")
		if !ok || name == "" {
			return nil, "", primitive.Usagef("%s is no field of a form", primitive.Quote(f)).WithHint("write --form name=value, or --form name=@file")
		}
		values.Add(name, value)
		files = files || strings.HasPrefix(value, "@")
	}
	if !files {
		return []byte(values.Encode()), "application/x-www-form-urlencoded", nil
	}
	return multipartForm(fields)
}

// Most bytes of a file in a form: it is kept in memory.
const maxFormFile = 256 << 20

func multipartForm(fields []string) ([]byte, string, error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, f := range fields {
		name, value, _ := strings.Cut(f, "=")
		path, isFile := strings.CutPrefix(value, "@")
		if !isFile {
			_ = w.WriteField(name, value) // a buffer does not fail
			continue
		}
		if err := addFile(w, name, path); err != nil {
			return nil, "", err
		}
	}
	_ = w.Close()
	return b.Bytes(), w.FormDataContentType(), nil
}

func addFile(w *multipart.Writer, name, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fileError(err, path)
	}
	defer f.Close()
	part, err := w.CreateFormFile(name, filepath.Base(path))
	if err != nil {
		return err
	}
	n, err := io.Copy(part, io.LimitReader(f, maxFormFile+1))
	if n > maxFormFile {
		return primitive.Newf(primitive.Oversized, "%s has more than %d bytes", primitive.Quote(path), maxFormFile).WithHint("send it alone: --data @%s", path)
	}
	return err
}
