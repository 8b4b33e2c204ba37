package sock

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"testing"

	"sosh/primitive"
)

func TestFaults(t *testing.T) {
	op := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	call := func(no syscall.Errno) error { return op(os.NewSyscallError("connect", no)) }
	tests := []struct {
		err   error
		kind  primitive.Kind
		errno string
		cause string
	}{
		{call(syscall.ECONNREFUSED), primitive.Refused, "ECONNREFUSED", "connection refused"},
		{call(syscall.ETIMEDOUT), primitive.Timeout, "ETIMEDOUT", "timed out"},
		{call(syscall.EHOSTUNREACH), primitive.Unreachable, "EHOSTUNREACH", "no route to host"},
		{call(syscall.ENETUNREACH), primitive.Unreachable, "ENETUNREACH", "network is unreachable"},
		{call(syscall.EADDRINUSE), primitive.InUse, "EADDRINUSE", "address already in use"},
		{call(syscall.EACCES), primitive.Denied, "EACCES", "permission denied"},
		{call(syscall.EPIPE), primitive.BrokenPipe, "EPIPE", "broken pipe"},
		{call(syscall.EDOM), primitive.Failed, "EDOM", syscall.EDOM.Error()},
		{op(io.EOF), primitive.EOF, "", "the peer ended its side"},
		{op(net.ErrClosed), primitive.Closed, "EBADF", "the handle is closed"},
		{op(os.ErrDeadlineExceeded), primitive.Timeout, "ETIMEDOUT", "timed out"},
		{context.Canceled, primitive.Canceled, "", "interrupted"},
		{op(errors.New("something else")), primitive.Failed, "", "something else"},
	}
	for _, tt := range tests {
		e := wantKind(t, fault(tt.err, "x"), tt.kind)
		if e.Errno != tt.errno || e.Cause != tt.cause || e.Target != "x" || !errors.Is(e, tt.err) {
			t.Errorf("%v: %+v", tt.err, e)
		}
	}
	if fault(nil, "x") != nil {
		t.Error("nil became an error")
	}
}

func TestBindHints(t *testing.T) {
	addr := primitive.Addr{Host: "127.0.0.1", Port: 80}
	var e *primitive.Error
	if err := bindHint(os.NewSyscallError("bind", syscall.EACCES), addr); !errors.As(err, &e) || e.Kind != primitive.Denied ||
		e.Hint != "ports below net.ipv4.ip_unprivileged_port_start (usually 1024) need root; use a port from 1024 up: listen 8080" {
		t.Errorf("%+v", e)
	}
}

func TestLookupErrors(t *testing.T) {
	tests := []struct {
		err   error
		kind  primitive.Kind
		errno string
	}{
		{&net.DNSError{Err: "no such host", IsNotFound: true}, primitive.NotFound, "EAI_NONAME"},
		{&net.DNSError{Err: "server misbehaving", IsTemporary: true}, primitive.NotFound, "EAI_AGAIN"},
		{&net.DNSError{Err: "i/o timeout", IsTimeout: true}, primitive.Timeout, "EAI_AGAIN"},
	}
	for _, tt := range tests {
		if e := wantKind(t, lookupError(t.Context(), tt.err, "host"), tt.kind); e.Errno != tt.errno || e.Target != "host" {
			t.Errorf("%v: %+v", tt.err, e)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	wantKind(t, lookupError(ctx, &net.DNSError{}, "host"), primitive.Canceled)
}
