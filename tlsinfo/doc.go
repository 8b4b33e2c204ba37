// Package tlsinfo looks at TLS: what a server's handshake and its certificates
// say, whether they prove who it is and why not, what it still accepts. It makes
// ad-hoc certificates too, for tests, lessons and servers on one's own machine.
// It knows no face.
package tlsinfo
