package main

import (
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"
)

// scanWorkers connect at once; more do not make it faster.
const scanWorkers = 16

// scan prints the open ports of a range, as any Go program would find them.
func scan(addr string) error {
	host, ports, err := net.SplitHostPort(addr)
	if err != nil {
		return err
	}
	first, last, _ := strings.Cut(ports, "-")
	from, err := strconv.Atoi(first)
	if err != nil {
		return err
	}
	to, err := strconv.Atoi(last)
	if err != nil {
		return err
	}
	todo := make(chan int, scanWorkers)
	var wg sync.WaitGroup
	for range scanWorkers {
		wg.Go(func() {
			for port := range todo {
				probe(host, port)
			}
		})
	}
	for port := from; port <= to; port++ {
		todo <- port
	}
	close(todo)
	wg.Wait()
	return nil
}

func probe(host string, port int) {
	c, err := net.DialTimeout("tcp", net.JoinHostPort(host, strconv.Itoa(port)), time.Second)
	if err == nil {
		fmt.Println(port)
		c.Close()
	}
}
