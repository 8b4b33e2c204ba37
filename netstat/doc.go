// Package netstat reads what the system knows of its own network: interfaces and
// their addresses, routes, sockets and who holds them, name servers. It sends
// nothing. Linux tells the most, through netlink(7) and /proc; what a system does
// not tell is empty, or an error of kind unsupported that names the program to
// ask instead.
package netstat
