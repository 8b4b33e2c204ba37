//go:build linux

// Bench measures sosh beside other programs, and beside a plain Go program that
// does nothing else (the floor): whole processes from start to end, and echo
// servers under load. Everything happens on the loopback, in rounds in which
// each program has its turn; programs that are not installed are left out.
//
//	go run ./bench [-rounds 5] [-secs 2] [-n 1,50,1000] [-only REGEXP] [-write] [start|echo|udp|scan]...
//
// It prints Markdown; with -write that becomes docs/performance.md.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// loadWord as the first argument makes this program the generator of load.
const loadWord = "load"

func main() {
	if len(os.Args) > 1 && os.Args[1] == loadWord {
		os.Exit(load(os.Args[2:]))
	}
	if len(os.Args) > 1 && os.Args[1] == harborWord {
		os.Exit(serveHarbor())
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := bench(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// options is how to measure.
type options struct {
	rounds   int
	secs     float64 // of load on a server
	clients  []int   // how many at once, one table each
	only     *regexp.Regexp
	patience time.Duration // how long a section waits for a quiet machine, in all
	sections []string
}

// sections are what can be measured, in the order of the report.
var sections = []string{"start", "echo", "udp", "scan"}

// parse reads the command line, and whether the report is to be written.
func parse(args []string) (options, bool, error) {
	o := options{}
	flags := flag.NewFlagSet("bench", flag.ExitOnError)
	flags.IntVar(&o.rounds, "rounds", 5, "how often each program has its turn")
	flags.Float64Var(&o.secs, "secs", 2, "seconds of load for each turn")
	counts := flags.String("n", "1,50,1000", "clients at once, one table each (of UDP up to 100)")
	only := flags.String("only", "", "measure only the floor and the programs whose name matches")
	write := flags.Bool("write", false, "write docs/performance.md")
	flags.DurationVar(&o.patience, "patience", time.Minute, "wait this long in a section for a quiet machine")
	if err := flags.Parse(args); err != nil {
		return o, false, err
	}
	if o.sections = flags.Args(); len(o.sections) == 0 {
		o.sections = sections
	}
	err := o.read(*counts, *only)
	return o, *write, err
}

func (o *options) read(counts, only string) (err error) {
	for word := range strings.SplitSeq(counts, ",") {
		n, err := strconv.Atoi(word)
		if err != nil || n < 1 || n > 10000 {
			return fmt.Errorf("-n %s: want numbers from 1 to 10000, as in 50,1000", counts)
		}
		o.clients = append(o.clients, n)
	}
	if o.rounds < 1 || o.secs <= 0 || o.secs > 600 {
		return fmt.Errorf("-rounds and -secs: want at least one round, and at most 600 seconds")
	}
	o.only, err = regexp.Compile(only)
	return err
}

func bench(ctx context.Context, args []string) error {
	o, write, err := parse(args)
	if err != nil {
		return err
	}
	l, err := newLab(ctx)
	if err != nil {
		return err
	}
	defer l.close()
	tables, err := l.measure(ctx, o)
	if err != nil {
		return err
	}
	text := report(ctx, l, tables, args)
	if _, err := os.Stdout.WriteString(text); err != nil || !write {
		return err
	}
	return writeReport(ctx, text)
}

// measure runs the sections.
func (l *lab) measure(ctx context.Context, o options) ([]*table, error) {
	run := map[string]func(context.Context, options) ([]*table, error){
		"start": l.start,
		"scan":  l.scan,
		"echo":  func(ctx context.Context, o options) ([]*table, error) { return l.underLoad(ctx, o, tcpEcho) },
		"udp":   func(ctx context.Context, o options) ([]*table, error) { return l.underLoad(ctx, o, udpEcho) },
	}
	for _, name := range o.sections {
		if run[name] == nil {
			return nil, fmt.Errorf("no section %s; there are %s", name, strings.Join(sections, ", "))
		}
	}
	var all []*table
	for _, name := range o.sections {
		tables, err := run[name](ctx, o)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, tables...)
	}
	return all, nil
}

func writeReport(ctx context.Context, text string) error {
	root, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", "sosh").Output()
	if err != nil {
		return fmt.Errorf("go list: %w", err)
	}
	path := filepath.Join(strings.TrimSpace(string(root)), "docs", "performance.md")
	return os.WriteFile(path, []byte(text), 0o644)
}
