package repl

import (
	"context"
	"path"
	"slices"
	"strings"

	"sosh/primitive"
)

// A curlLine is what was asked of curl.
type curlLine struct {
	url, method string
	head, name  bool     // -I, -O
	data        []string // of -d, joined as curl does
	asked       bool     // -d was given, maybe empty
	flags       []string // of ours
}

// curlSwitches are the switches of curl that are understood, with ours; "" for
// what is so here anyway.
func curlSwitches() map[string]string {
	return map[string]string{
		"-L": "--follow", "--location": "--follow", "-k": "--insecure", "--insecure": "--insecure", "-s": "--quiet", "--silent": "--quiet",
		"-i": "--show", "--include": "--show", "-v": "--show", "--verbose": "--show", "-f": "--fail", "--fail": "--fail",
		"--compressed": "--compressed", "-S": "", "--show-error": "", "-N": "", "--http1.1": "", "--path-as-is": "", "-g": "",
		"-4": "--family=inet", "-6": "--family=inet6", "--ipv4": "--family=inet", "--ipv6": "--family=inet6",
	}
}

// curlValues are its options with a value that are ours under another name.
func curlValues() map[string]string {
	return map[string]string{
		"-H": "--header", "--header": "--header", "-o": "--output", "--output": "--output", "-u": "--user", "--user": "--user",
		"-m": "--timeout", "--max-time": "--timeout", "--connect-timeout": "--timeout", "--cacert": "--cacert",
		"--unix-socket": "--unix", "--max-redirs": "--max-redirects", "-F": "--form", "--form": "--form",
	}
}

// runCurl does what curl would.
func runCurl(ctx context.Context, sh *Shell, c ownCall) (any, error) {
	texts, err := c.texts()
	if err != nil {
		return nil, err
	}
	line := &curlLine{}
	if err := line.read(texts); err != nil {
		return nil, err
	}
	words, err := line.translate()
	if err != nil {
		return nil, err
	}
	return sh.translated(ctx, c, words, false)
}

// read reads the options; short ones may stand together: -sSL.
func (c *curlLine) read(words []string) error {
	for i := 0; i < len(words); i++ {
		w := words[i]
		switch {
		case strings.HasPrefix(w, "--"):
			used, err := c.option(w, words[i+1:])
			if err != nil {
				return err
			}
			i += used
		case len(w) > 1 && w[0] == '-':
			used, err := c.letters(w[1:], words[i+1:])
			if err != nil {
				return err
			}
			i += used
		case c.url != "":
			return primitive.Usagef("one URL at a time")
		default:
			c.url = w
		}
	}
	return nil
}

// letters reads short options; what follows one with a value is the value.
func (c *curlLine) letters(letters string, next []string) (used int, err error) {
	for i := range len(letters) {
		option := "-" + letters[i:i+1]
		if rest := letters[i+1:]; takesValue(option) && rest != "" {
			_, err = c.option(option, []string{rest})
			return 0, err
		}
		if used, err = c.option(option, next); err != nil || used > 0 {
			return used, err
		}
	}
	return 0, nil
}

func takesValue(option string) bool {
	return curlValues()[option] != "" || slices.Contains([]string{"-X", "--request", "-A", "--user-agent", "-e", "--referer", "--json", "-r", "--range", "-b", "--cookie"}, option) ||
		isCurlData(option)
}

func isCurlData(option string) bool {
	return option == "-d" || option == "--data" || option == "--data-raw" || option == "--data-binary" || option == "--data-ascii"
}

// option takes one option and says how many further words it took.
func (c *curlLine) option(option string, next []string) (used int, err error) {
	if flag, known := curlSwitches()[option]; known {
		if flag != "" {
			c.flags = append(c.flags, flag)
		}
		return 0, nil
	}
	switch option {
	case "-I", "--head":
		c.head = true
		return 0, nil
	case "-O", "--remote-name":
		c.name = true
		return 0, nil
	}
	if !takesValue(option) {
		return 0, primitive.Usagef("%s is not understood here", primitive.Escape(option, false)).WithHint("the program itself: !curl …")
	}
	if len(next) == 0 {
		return 0, primitive.Usagef("%s needs a value", option)
	}
	c.value(option, next[0])
	return 1, nil
}

func (c *curlLine) value(option, value string) {
	header := func(name string) { c.flags = append(c.flags, "--header", name+": "+value) }
	switch option {
	case "-X", "--request":
		c.method = value
	case "-A", "--user-agent":
		header("User-Agent")
	case "-e", "--referer":
		header("Referer")
	case "-b", "--cookie":
		header("Cookie")
	case "-r", "--range":
		c.flags = append(c.flags, "--header", "Range: bytes="+value)
	case "--json":
		c.flags = append(c.flags, "--json-data", value)
		c.asked = true
	default:
		if isCurlData(option) {
			c.data, c.asked = append(c.data, value), true
			return
		}
		c.flags = append(c.flags, curlValues()[option], value)
		c.asked = c.asked || strings.TrimLeft(option, "-") == "F" || option == "--form"
	}
}

// translate writes it as a command of ours.
func (c *curlLine) translate() (words []string, err error) {
	switch {
	case c.url == "":
		return nil, primitive.Usagef("it takes a URL")
	case c.head:
		words = []string{"http", "head", c.url}
	case c.method != "" && !strings.EqualFold(c.method, "get") && !strings.EqualFold(c.method, "post"):
		words = []string{"http", "request", c.method, c.url}
	case c.asked && !strings.EqualFold(c.method, "get") || strings.EqualFold(c.method, "post"):
		words = []string{"http", "post", c.url}
	default:
		words = []string{"http", "get", c.url}
	}
	if c.data != nil {
		words = append(words, "--data", strings.Join(c.data, "&"))
		if !c.typed() {
			words = append(words, "--header", "Content-Type: application/x-www-form-urlencoded")
		}
	}
	if c.name {
		file := path.Base(strings.SplitN(c.url, "?", 2)[0])
		if file == "." || file == "/" || !strings.Contains(strings.TrimPrefix(strings.TrimPrefix(c.url, "https://"), "http://"), "/") {
			return nil, primitive.Usagef("the URL has no name for the file").WithHint("give one: -o FILE")
		}
		words = append(words, "--output", file)
	}
	return append(words, c.flags...), nil
}

// typed is whether a header line says what the body is.
func (c *curlLine) typed() bool {
	return slices.ContainsFunc(c.flags, func(f string) bool { return strings.HasPrefix(strings.ToLower(f), "content-type:") })
}
