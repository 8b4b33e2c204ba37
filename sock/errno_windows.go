package sock

import (
	"syscall"

	"golang.org/x/sys/windows"
)

// errnoName is the symbolic name as other systems spell it: "ECONNREFUSED" for
// WSAECONNREFUSED.
func errnoName(no syscall.Errno) string {
	for _, w := range winsock {
		if w.no == no {
			return w.name
		}
	}
	return ""
}

var winsock = []struct {
	no   syscall.Errno
	name string
}{
	{windows.WSAECONNREFUSED, "ECONNREFUSED"},
	{windows.WSAETIMEDOUT, "ETIMEDOUT"},
	{windows.WSAEHOSTUNREACH, "EHOSTUNREACH"},
	{windows.WSAEHOSTDOWN, "EHOSTDOWN"},
	{windows.WSAENETUNREACH, "ENETUNREACH"},
	{windows.WSAENETDOWN, "ENETDOWN"},
	{windows.WSAEADDRINUSE, "EADDRINUSE"},
	{windows.WSAEADDRNOTAVAIL, "EADDRNOTAVAIL"},
	{windows.WSAEACCES, "EACCES"},
	{windows.WSAECONNRESET, "ECONNRESET"},
	{windows.WSAECONNABORTED, "ECONNABORTED"},
	{windows.WSAESHUTDOWN, "ESHUTDOWN"},
	{windows.WSAEAFNOSUPPORT, "EAFNOSUPPORT"},
	{windows.WSAEPFNOSUPPORT, "EPFNOSUPPORT"},
	{windows.WSAEPROTONOSUPPORT, "EPROTONOSUPPORT"},
	{windows.WSAEOPNOTSUPP, "EOPNOTSUPP"},
	{windows.WSAENOPROTOOPT, "ENOPROTOOPT"},
	{windows.WSAEMSGSIZE, "EMSGSIZE"},
	{windows.WSAENOTCONN, "ENOTCONN"},
	{windows.WSAEDESTADDRREQ, "EDESTADDRREQ"},
	{windows.WSAEISCONN, "EISCONN"},
	{windows.WSAEINVAL, "EINVAL"},
	{windows.WSAEMFILE, "EMFILE"},
	{windows.WSAENOBUFS, "ENOBUFS"},
	{windows.WSAENOTSOCK, "ENOTSOCK"},
}
