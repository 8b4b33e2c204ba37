//go:build unix

package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"

	"sosh/internal/nettest"
)

// TestHostileAttach holds a conversation with a peer that answers with the whole
// corpus, as lines, and again in hexadecimal.
func TestHostileAttach(t *testing.T) {
	t.Parallel()
	list := corpus(t)
	server := nettest.Serve(t, func(c net.Conn) {
		for in := bufio.NewScanner(c); in.Scan(); {
			if n, err := strconv.Atoi(in.Text()); err == nil && n < len(list) {
				fmt.Fprintf(c, "<%s>\nmark %d\n", list[n].bytes, n)
			}
		}
	})
	for _, mode := range []string{"line", "hex"} {
		t.Run(mode, func(t *testing.T) {
			v := newVictim(t, sosh(t))
			fmt.Fprintf(v.keys, "tcp connect %s\r", strings.Replace(server, ":", " ", 1))
			v.until("the handle", v.prompts)
			fmt.Fprintf(v.keys, "attach --mode %s\r", mode)
			v.until("the conversation", func() bool { return strings.Contains(v.screen.Text(), "Ctrl-]") })
			for n, a := range list {
				v.screen.Forget()
				said, mark := strconv.Itoa(n), fmt.Sprintf("mark %d", n)
				if mode == "hex" {
					said, mark = fmt.Sprintf("%x0a", said), "|"
				}
				io.WriteString(v.keys, said+"\r")
				v.until(mark, func() bool { return strings.Contains(v.screen.Text(), mark) })
				v.checks(a)
			}
			io.WriteString(v.keys, "\x1d")
			v.until("the prompt", v.prompts)
			v.ends()
		})
	}
}
