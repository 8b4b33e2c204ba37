// Package probe holds the engines that ask hosts what they offer: is a port
// open, which ones are, what does a server say first. They know no face. On Linux
// a scan works on raw non-blocking sockets and epoll(7), a worker for each
// processor; elsewhere on the net package.
package probe
