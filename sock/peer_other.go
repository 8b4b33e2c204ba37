//go:build !linux

package sock

import "net"

// peerOf is known on Linux only.
func peerOf(net.Conn) string { return "" }
