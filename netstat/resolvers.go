package netstat

import (
	"bufio"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// A Setting is one thing that decides how names become addresses.
type Setting struct {
	File  string // where it stands
	Name  string // order (which sources are asked, nsswitch.conf(5)), nameserver, search, options (resolv.conf(5)), hosts (hosts(5))
	Value string
}

// Most lines that are read of each file.
const maxLines = 1000

// stubs keep their own name servers elsewhere: the file named first then only
// says 127.0.0.53.
const behindStub = "/run/systemd/resolve/resolv.conf"

// Resolvers reads the settings of a Unix system whose files are below root, ""
// for this one. With hosts every line of /etc/hosts is one; else its number of
// lines. A file that is missing is left out; without any of them NotFound.
func Resolvers(root string, hosts bool) ([]Setting, error) {
	var list []Setting
	for _, part := range []func(string) ([]Setting, error){
		order, func(root string) ([]Setting, error) { return hostsFile(root, hosts) }, resolvConf,
	} {
		some, err := part(root)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, fault(err, root)
		}
		list = append(list, some...)
	}
	if len(list) == 0 {
		return nil, noFiles(root)
	}
	return list, nil
}

// order is the line "hosts:" of nsswitch.conf(5).
func order(root string) ([]Setting, error) {
	const file = "/etc/nsswitch.conf"
	var list []Setting
	err := lines(root, file, func(words []string) {
		if words[0] == "hosts:" {
			list = append(list, Setting{file, "order", strings.Join(words[1:], " ")})
		}
	})
	return list, err
}

func hostsFile(root string, whole bool) ([]Setting, error) {
	const file = "/etc/hosts"
	var list []Setting
	err := lines(root, file, func(words []string) { list = append(list, Setting{file, "hosts", strings.Join(words, " ")}) })
	if !whole && len(list) > 0 {
		return []Setting{{file, "hosts", count(len(list))}}, err
	}
	return list, err
}

// resolvConf is resolv.conf(5), and the file behind it where that names only the
// stub of systemd-resolved.
func resolvConf(root string) ([]Setting, error) {
	list, err := nameServers(root, "/etc/resolv.conf")
	for _, s := range list {
		if s.Name == "nameserver" && strings.HasPrefix(s.Value, "127.0.0.53") {
			behind, _ := nameServers(root, behindStub) // it may not be there
			return append(list, behind...), err
		}
	}
	return list, err
}

func nameServers(root, file string) ([]Setting, error) {
	var list []Setting
	err := lines(root, file, func(words []string) {
		name := words[0]
		if name == "domain" { // an older word for a search list of one
			name = "search"
		}
		switch name {
		case "nameserver", "search", "options", "sortlist":
			list = append(list, Setting{file, name, strings.Join(words[1:], " ")})
		}
	})
	return list, err
}

// lines gives the words of each line that has any, without comments.
func lines(root, file string, each func(words []string)) error {
	f, err := os.Open(filepath.Join(root, file))
	if err != nil {
		return err
	}
	defer f.Close()
	scanner := bufio.NewScanner(io.LimitReader(f, 1<<20))
	for n := 0; n < maxLines && scanner.Scan(); n++ {
		line, _, _ := strings.Cut(scanner.Text(), "#")
		if line, _, _ = strings.Cut(line, ";"); strings.TrimSpace(line) != "" {
			each(strings.Fields(line))
		}
	}
	return scanner.Err()
}

func count(n int) string {
	if n == 1 {
		return "1 line"
	}
	return strconv.Itoa(n) + " lines"
}
