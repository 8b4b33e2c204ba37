package icmp

import (
	"net/netip"
	"time"
)

// A Kind is what a packet says.
type Kind uint8

// The kinds.
const (
	Answer  Kind = iota + 1 // an echo reply
	Failure                 // a router or the host says why a probe went no further
)

// A Packet is what came back to a probe.
type Packet struct {
	At       time.Time
	Kind     Kind
	From     netip.Addr // who sent it: the host, or a router on the way
	To       netip.Addr // of a failure: where the probe was to go
	Code     Code       // of a failure
	Seq      uint16     // of the echo request
	Port     uint16     // of a failure of UDP or TCP: where the probe was to go
	TTL      int        // hops that an answer had left; 0 is unknown
	Payload  []byte     // what the probe carried, of a failure as much as it quotes
	Checksum bool       // whether the checksum is right
}

// A Code is the type and code of an ICMP error.
type Code struct {
	V6   bool
	Type uint8
	Code uint8
	MTU  int // of a packet that is too big: what the next hop takes; 0 is unknown
}

// The types that matter: echo, and errors.
const (
	echoReply4, echoRequest4          = 0, 8
	unreachable4, exceeded4, problem4 = 3, 11, 12
	echoRequest6, echoReply6          = 128, 129
	unreachable6, tooBig6, exceeded6  = 1, 2, 3
	problem6                          = 4
	protoICMP4, protoICMP6            = 1, 58
	protoTCP, protoUDP                = 6, 17
	headerLen, ipv4Header, ipv6Header = 8, 20, 40
)
