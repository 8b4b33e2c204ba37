package sock

import (
	"net"
	"syscall"
)

// rawOf gives nothing: reads and writes of Windows are not single calls that
// can be tried, they complete later.
func rawOf(net.Conn) syscall.RawConn { return nil }

func (c *Stream) fetch(max int) error { return c.fetchPlain(max) }

func (c *Stream) topUp(int) {}

func (c *Stream) writeOnce(data []byte) (int, error) { return c.conn.Write(data) }

type outflow struct{}

func (c *Stream) writeStep([]byte) (int, error) { return 0, nil }
