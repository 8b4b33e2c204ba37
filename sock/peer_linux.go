package sock

import (
	"fmt"
	"net"

	"golang.org/x/sys/unix"
)

// peerOf tells who is at the other end of a Unix stream, as the kernel noted it
// at connect or listen (SO_PEERCRED, unix(7)).
func peerOf(conn net.Conn) string {
	c, ok := conn.(*net.UnixConn)
	if !ok {
		return ""
	}
	text := ""
	_ = controlOf(c, func(fd uintptr) error { // a closed one has no peer
		cred, err := unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED)
		if err == nil {
			text = fmt.Sprintf("pid %d uid %d gid %d", cred.Pid, cred.Uid, cred.Gid)
		}
		return err
	})
	return text
}
