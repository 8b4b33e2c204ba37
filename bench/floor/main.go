// Floor is what a plain Go program reaches on this machine, without a shell and
// without Lua; the benchmark in bench compares with it:
//
//	floor connect|echo|udp HOST PORT
//	floor scan HOST FROM-TO
package main

import (
	"net"
	"os"
	"time"
)

func main() {
	works := map[string]func(addr string) error{"connect": connect, "echo": echo, "udp": datagrams, "scan": scan}
	if len(os.Args) != 4 || works[os.Args[1]] == nil {
		os.Stderr.WriteString("usage: floor connect|echo|udp HOST PORT, floor scan HOST FROM-TO\n")
		os.Exit(2)
	}
	if err := works[os.Args[1]](net.JoinHostPort(os.Args[2], os.Args[3])); err != nil {
		os.Stderr.WriteString("floor: " + err.Error() + "\n")
		os.Exit(1)
	}
}

func connect(addr string) error {
	c, err := net.DialTimeout("tcp", addr, 2*time.Second)
	if err != nil {
		return err
	}
	return c.Close()
}

// echo serves each connection in a goroutine of its own, until it is killed.
func echo(addr string) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	for {
		c, err := l.Accept()
		if err != nil {
			return err
		}
		go echoOne(c)
	}
}

func echoOne(c net.Conn) {
	defer c.Close()
	buf := make([]byte, 1024)
	for {
		n, err := c.Read(buf)
		if err != nil {
			return
		}
		if _, err := c.Write(buf[:n]); err != nil {
			return
		}
	}
}

// datagrams sends every datagram back, in one loop, until it is killed.
func datagrams(addr string) error {
	local, err := net.ResolveUDPAddr("udp", addr)
	if err != nil {
		return err
	}
	c, err := net.ListenUDP("udp", local)
	if err != nil {
		return err
	}
	buf := make([]byte, 2048)
	for {
		n, from, err := c.ReadFromUDPAddrPort(buf)
		if err != nil {
			return err
		}
		if _, err := c.WriteToUDPAddrPort(buf[:n], from); err != nil {
			return err
		}
	}
}
