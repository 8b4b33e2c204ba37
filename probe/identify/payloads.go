package identify

import "sosh/internal/lazy"

// Payload is a harmless question in the words of the usual service of a UDP
// port, which a server answers; an empty datagram where there is none. The forms
// are those of the protocols' specifications.
func Payload(port uint16) []byte { return []byte(payloads.Get()[port]) }

// snmpGet asks SNMPv1 (RFC 1157), community public, for sysDescr.0.
const snmpGet = "\x30\x26\x02\x01\x00\x04\x06public\xa0\x19\x02\x01\x01\x02\x01\x00\x02\x01\x00\x30\x0e\x30\x0c\x06\x08\x2b\x06\x01\x02\x01\x01\x01\x00\x05\x00"

// rpcNull calls procedure 0 of the portmapper (RFC 5531, RFC 1833).
const rpcNull = "\x00\x00\x50\x52\x00\x00\x00\x00\x00\x00\x00\x02\x00\x01\x86\xa0\x00\x00\x00\x02" +
	"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"

// dnsRoot asks a name server (RFC 1035) for the name servers of the root.
const dnsRoot = "\x50\x52\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x01"

// mdnsServices asks multicast DNS (RFC 6763) which services there are, by unicast.
const mdnsServices = "\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x09_services\x07_dns-sd\x04_udp\x05local\x00\x00\x0c\x80\x01"

// nbstat asks a NetBIOS name service (RFC 1002) for its names.
const nbstat = "\x50\x52\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x20CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\x00\x00\x21\x00\x01"

// ntpClient is a request of a client of NTP version 4 (RFC 5905).
const ntpClient = "\x23\x00\x06\xec" + zeros8 + zeros8 + zeros8 + zeros8 + zeros8 + "\x00\x00\x00\x00"

const zeros8 = "\x00\x00\x00\x00\x00\x00\x00\x00"

// sipOptions asks a SIP server (RFC 3261) what it can do.
const sipOptions = "OPTIONS sip:ping SIP/2.0\r\nVia: SIP/2.0/UDP ping;branch=z9hG4bKping;rport\r\nFrom: <sip:ping>;tag=ping\r\n" +
	"To: <sip:ping>\r\nCall-ID: ping\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 0\r\nContent-Length: 0\r\n\r\n"

// ssdpSearch asks UPnP devices for themselves, by unicast.
const ssdpSearch = "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\nST: upnp:rootdevice\r\n\r\n"

// stunBinding is a binding request of STUN (RFC 8489).
const stunBinding = "\x00\x01\x00\x00\x21\x12\xa4\x42probeprobepr"

// tftpRead asks a TFTP server (RFC 1350) for a file that it will not have.
const tftpRead = "\x00\x01no-such-file\x00octet\x00"

// ikeInit is the header of an IKEv2 exchange (RFC 7296) without a payload, which
// a peer answers with an error.
const ikeInit = "probeprb" + zeros8 + "\x00\x20\x22\x08\x00\x00\x00\x00\x00\x00\x00\x1c"

// coapGet asks a CoAP server (RFC 7252) for /.well-known/core.
const coapGet = "\x40\x01\x50\x52\xbb.well-known\x04core"

// l2tpStart is an SCCRQ of L2TP (RFC 2661).
const l2tpStart = "\xc8\x02\x00\x39\x00\x00\x00\x00\x00\x00\x00\x00\x80\x08\x00\x00\x00\x00\x00\x01\x80\x08\x00\x00\x00\x02\x01\x00" +
	"\x80\x0b\x00\x00\x00\x07probe\x80\x0a\x00\x00\x00\x03\x00\x00\x00\x03\x80\x08\x00\x00\x00\x09\x00\x01"

// openvpnReset is a P_CONTROL_HARD_RESET_CLIENT_V2.
const openvpnReset = "\x38probeprb\x00\x00\x00\x00\x00"

// payloads are fixed, by port.
var payloads = lazy.Value[map[uint16]string]{New: func() map[uint16]string {
	return map[uint16]string{
		7: "probe\r\n", 13: "\r\n", 17: "\r\n", 19: "\r\n", 37: "\n",
		53: dnsRoot, 69: tftpRead, 111: rpcNull, 123: ntpClient, 137: nbstat, 161: snmpGet, 500: ikeInit, 1194: openvpnReset,
		1701: l2tpStart, 1900: ssdpSearch, 2049: rpcNull, 3478: stunBinding, 5060: sipOptions, 5353: mdnsServices, 5355: dnsRoot,
		5683: coapGet, 11211: "\x00\x01\x00\x00\x00\x01\x00\x00version\r\n", 19302: stunBinding, 27015: "\xff\xff\xff\xffTSource Engine Query\x00",
	}
}}
