package dns

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// Most bytes that are read of a hosts file.
const mostHosts = 1 << 20

// hostsLine is where the first line of a hosts file stands (hosts(5)) whose words,
// an address and its names, fit; "" where none does.
func hostsLine(path string, fits func(words []string) bool) string {
	if path == "" {
		path = hostsPath()
	}
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	lines := bufio.NewScanner(io.LimitReader(f, mostHosts))
	for n := 1; lines.Scan(); n++ {
		line, _, _ := strings.Cut(lines.Text(), "#")
		if words := strings.Fields(line); len(words) > 1 && fits(words) {
			return fmt.Sprintf("%s line %d", path, n)
		}
	}
	return ""
}

func hostsPath() string {
	if runtime.GOOS == "windows" {
		return filepath.Join(os.Getenv("SystemRoot"), "System32", "drivers", "etc", "hosts")
	}
	return "/etc/hosts"
}
