// Package web is HTTP/1.1 (RFC 9110, RFC 9112) and WebSocket (RFC 6455), both
// sides: Do makes a request, Dial a WebSocket, and Site and Echo serve one
// connection each time they are called. Messages are read and written by
// net/http, over streams of package sock, so that every byte is seen and counted.
//
// What a peer can make us keep is bounded: a header, a body, a message, and the
// time it may take for them. Every error is a *primitive.Error without Op.
package web
