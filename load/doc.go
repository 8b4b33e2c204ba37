// Package load measures: how much goes through a connection between two of us
// (Bench and BenchServer), as iperf3 and wrk do, and how a server stands many
// clients (Run). Results come interval by interval while it runs; the last one is
// the total.
package load
