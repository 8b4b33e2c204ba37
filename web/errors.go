package web

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net/url"
	"os"
	"time"

	"sosh/primitive"
	"sosh/sock"
)

// failure gives an error of an exchange its kind and words.
func failure(ctx context.Context, err error) error {
	var known *primitive.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known):
		return known
	case ctx.Err() != nil && errors.As(context.Cause(ctx), &known):
		return known
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return primitive.Newf(primitive.Failed, "the server ended the connection in the middle of its answer").
			WithHint("--show tells what did come")
	case errors.Is(err, os.ErrDeadlineExceeded):
		return primitive.Newf(primitive.Timeout, "timed out")
	}
	if kind := sock.Kind(err); kind != primitive.Failed {
		return primitive.Newf(kind, "%s", primitive.AsError(err).Cause)
	}
	return primitive.Newf(primitive.Failed, "that is no HTTP: %s", primitive.Escape(err.Error(), false)).
		WithHint("to look at what it says: banner HOST PORT; TLS needs https://")
}

// tooSlow is the end of patience.
func tooSlow(format string, d time.Duration) error {
	return primitive.Newf(primitive.Timeout, format, d).WithHint("to wait longer: --timeout 120s; for ever: --timeout 0")
}

// tlsError says what to do about a handshake that came to nothing.
func tlsError(err error, u *url.URL) error {
	e := primitive.AsError(err)
	switch e.Kind {
	case primitive.Timeout:
		return e.WithHint("is it a port for TLS? to wait longer: --timeout 120s")
	case primitive.Failed:
		return e.WithHint("without TLS: http://%s", primitive.Escape(u.Host, false))
	}
	return e
}

// fileError is an error of the file system about a path.
func fileError(err error, path string) error {
	var p *fs.PathError
	var l *os.LinkError
	switch {
	case errors.As(err, &p):
		err = p.Err
	case errors.As(err, &l):
		err = l.Err
	}
	e := *primitive.AsError(err)
	e.Cause, e.Target = primitive.Quote(path)+": "+e.Cause, ""
	if e.Kind == primitive.NotFound {
		e.Hint = "is the path right? !ls shows what is here"
	}
	return &e
}
