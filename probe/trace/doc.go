// Package trace finds the way to a host: probes with 1, 2, 3 … hops to live make
// each router on the way say that it is there (RFC 792, time exceeded).
package trace
