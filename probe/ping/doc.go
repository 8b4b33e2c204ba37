// Package ping asks hosts again and again whether they are there, and how long
// the answer takes: by ICMP echo, by connecting, by a datagram, or by a request
// of HTTP. It counts what is lost, late, double and damaged.
package ping
