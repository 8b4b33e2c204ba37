//go:build linux

package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"
)

const preface = `A whole process that makes one connection, and echo servers under load, beside other programs and beside the floor: a
plain Go program that does nothing else (bench/floor). Each cell is the median of all turns (least-most); in every
round each program has its turn on the loopback, so that all meet the same machine. "× floor" is the median of the
ratios to the floor in the same turn, made of the first column. The load comes from one thread of its own; memory for
each connection is what the server's share of memory (PSS) grew by while all were connected.

Numbers of another machine are other numbers; the ratios travel better.
`

// report is the Markdown page; args are those this program was called with.
func report(ctx context.Context, l *lab, tables []*table, args []string) string {
	var w strings.Builder
	command := strings.Join(append([]string{"go run ./bench"}, quoted(args)...), " ")
	fmt.Fprintf(&w, "<!-- Made by `%s`; run it again instead of editing. -->\n# How fast\n\n%s\n", command, preface)
	fmt.Fprintf(&w, "Command: `%s`, %s  \nMachine: %s\n\n", command, time.Now().UTC().Format(time.DateOnly), machine())
	if v := l.versions(ctx, tables); len(v) > 0 {
		fmt.Fprintf(&w, "Programs of others: %s\n\n", strings.Join(v, "; "))
	}
	for _, t := range tables {
		t.markdown(&w)
	}
	return strings.TrimRight(w.String(), "\n") + "\n"
}

func quoted(args []string) []string {
	plain := regexp.MustCompile(`^[\w.,=/-]+$`)
	words := slices.Clone(args)
	for i, word := range words {
		if !plain.MatchString(word) {
			words[i] = "'" + word + "'"
		}
	}
	return words
}

func machine() string {
	return fmt.Sprintf("%d × %s, Linux %s, %s", runtime.NumCPU(), processor(), kernel(), runtime.Version())
}

// processor is the model's name, where /proc/cpuinfo has one.
func processor() string {
	f, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if name, value, _ := strings.Cut(lines.Text(), ":"); strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}

func kernel() string {
	text, _ := os.ReadFile("/proc/sys/kernel/osrelease")
	return strings.TrimSpace(string(text))
}

// inquiries are how programs tell their version; with $PYTHON and the like.
var inquiries = map[string][]string{
	"nc": {"nc", "-h"}, "ncat": {"ncat", "--version"}, "socat": {"socat", "-V"}, "nmap": {"nmap", "--version"},
	"python3": {"$PYTHON", "--version"}, "lua5.4": {"lua5.4", "-v"}, "luajit": {"luajit", "-v"},
	"LuaSocket": {"lua5.4", "-e", "print(require('socket')._VERSION)"},
	"cqueues":   {"lua5.4", "-e", "print('cqueues ' .. require('cqueues').VERSION)"},
	"luv":       {"lua5.4", "-e", "print('libuv ' .. require('luv').version_string())"},
	"Copas":     {"luajit", "-e", "print(require('copas')._VERSION)"},
}

// versions are those of the programs that took part.
func (l *lab) versions(ctx context.Context, tables []*table) []string {
	var took, found []string
	for _, t := range tables {
		for _, name := range t.order {
			took = append(took, strings.Fields(name)...)
		}
	}
	slices.Sort(took)
	for _, word := range slices.Compact(took) {
		if inquiries[word] != nil {
			found = append(found, l.version(ctx, inquiries[word]))
		}
	}
	return slices.DeleteFunc(found, func(v string) bool { return v == "" })
}

var tail = regexp.MustCompile(` \( |  | -- | on \d.*`)

// version is the first line with a number in it, without what follows that.
func (l *lab) version(ctx context.Context, inquiry []string) string {
	line := l.line(contestant{command: inquiry}, "")
	out, _ := exec.CommandContext(ctx, line[0], line[1:]...).CombinedOutput() // nc ends its help with 1
	for text := range strings.Lines(string(out)) {
		if strings.ContainsAny(text, "0123456789") {
			if at := tail.FindStringIndex(text); at != nil {
				text = text[:at[0]]
			}
			return strings.TrimSpace(text)
		}
	}
	return ""
}
