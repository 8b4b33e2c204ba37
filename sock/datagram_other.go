//go:build !linux

package sock

import "net/netip"

// A batch is for systems that receive several datagrams at once.
type batch struct{}

// receive waits for one datagram and appends it to the queue.
func (u *Datagram) receive() error { return u.receiveOne() }

func (u *Datagram) sendNow(netip.AddrPort, []byte) (err error, done bool) { return nil, false }

type shot struct{}
