// Package ftp moves files over FTP (RFC 959) and serves a folder by it: with
// passive and active data connections, also for IPv6 (RFC 2428), going on where
// a transfer broke off and lists that programs can read (RFC 3659), and TLS
// (RFC 4217). Data goes only between the two who talk: neither side connects to
// an address that somebody else names (RFC 2577).
package ftp
