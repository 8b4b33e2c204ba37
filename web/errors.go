package web

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"io/fs"
	"net"
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

// tlsError says what is wrong with a handshake or a certificate.
func tlsError(err error, u *url.URL) error {
	var known *primitive.Error
	var record tls.RecordHeaderError
	var authority x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var timeout net.Error
	host := primitive.Escape(u.Host, false)
	switch {
	case errors.As(err, &known):
		return known
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return primitive.Newf(primitive.Timeout, "no end of the TLS handshake in time").WithHint("is it a port for TLS? to wait longer: --timeout 120s")
	case errors.Is(err, context.Canceled):
		return context.Canceled
	case errors.As(err, &record):
		return primitive.Newf(primitive.Failed, "%s does not speak TLS on this port", host).WithHint("without TLS: http://%s", host)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return primitive.Newf(primitive.Failed, "%s ended the connection in the TLS handshake", host)
	case errors.As(err, &authority):
		return primitive.Newf(primitive.Denied, "nobody we trust signed the certificate of %s", host).
			WithHint("trust its authority: --cacert FILE; or, knowing that anybody may be the server: --insecure")
	case errors.As(err, &name), errors.As(err, &invalid):
		return primitive.Newf(primitive.Denied, "the certificate does not hold for %s: %s", host, primitive.Escape(err.Error(), false)).
			WithHint("the name or the time is wrong; to look at it all the same: --insecure")
	}
	return primitive.Newf(primitive.Failed, "no TLS with %s: %s", host, primitive.Escape(err.Error(), false))
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
