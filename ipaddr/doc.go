// Package ipaddr is what can be said of IP addresses without asking a network:
// how they are written and what is wrong with a bad one, what the registries
// say they are for, and the arithmetic of networks. IPv4 and IPv6.
//
// The table of special blocks is read when it is first asked for. All errors
// are of kind usage.
package ipaddr
