package main

import (
	"cmp"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"text/tabwriter"
	"unicode"

	gocmp "github.com/google/go-cmp/cmp"

	"sosh/docgen"
	"sosh/internal/nettest"
	"sosh/lesson"
	"sosh/primitive"
	"sosh/repl"
	"sosh/scripts"
	"sosh/session"
	"sosh/sock"
	"sosh/verbs"
	"sosh/web"
)

var update = flag.Bool("update", false, "write the generated files instead of comparing them")

// TestGenerated makes the generated files again and compares them.
func TestGenerated(t *testing.T) {
	table := tableOf(t)
	t.Run("reference", func(t *testing.T) {
		if runtime.GOOS != "linux" {
			t.Skip("the outputs in the reference are those of Linux")
		}
		generated(t, "docs/reference.md", docgen.Reference(table, demos(t, table)))
	})
	t.Run("course", func(t *testing.T) {
		generated(t, "docs/course.md", lesson.Page(scripts.List(), docgen.Regenerate))
	})
	t.Run("stubs", func(t *testing.T) {
		generated(t, "scripts/types/sosh.lua", docgen.Stubs(table, handleTypes()))
	})
}

func tableOf(t *testing.T) *primitive.Table {
	t.Helper()
	table := verbs.Table()
	return table
}

// generated compares a file with what it should be, or writes it.
func generated(t *testing.T, path, want string) {
	t.Helper()
	name := filepath.FromSlash(path)
	if *update {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatalf("%v; run %s", err, docgen.Regenerate)
	}
	text, want := strings.ReplaceAll(string(got), "\r\n", "\n"), strings.ReplaceAll(want, "\r\n", "\n") // examples show CR LF, too
	if diff := gocmp.Diff(strings.Split(text, "\n"), strings.Split(want, "\n")); diff != "" {
		t.Errorf("%s is out of date; run %s\n%s", path, docgen.Regenerate, diff)
	}
}

// handleTypes are the types of handle that scripts meet.
func handleTypes() []docgen.HandleType {
	stream, listener, datagram := (*sock.Stream)(nil), (*sock.Listener)(nil), (*sock.Datagram)(nil)
	return []docgen.HandleType{
		{Zero: stream, Info: sock.Info{}},
		{Zero: listener, Info: sock.Info{}},
		{Zero: datagram, Info: sock.Info{}},
		{Zero: (*sock.Socket)(nil), Info: sock.Info{}, Roles: []primitive.Handle{stream, listener, datagram}},
		{Zero: (*session.Task)(nil), Info: session.TaskInfo{}},
		{Zero: (*web.Socket)(nil), Info: web.SocketInfo{}},
	}
}

// demos runs the example of every row, as a person would and as the script that
// comes out of that.
func demos(t *testing.T, table *primitive.Table) map[string]docgen.Demo {
	all := map[string]docgen.Demo{}
	for row := range table.Rows() {
		if row.Varies {
			continue // the documents show the example alone
		}
		t.Run(row.Name, func(t *testing.T) { all[row.Name] = demo(t, table, row) })
	}
	return all
}

func demo(t *testing.T, table *primitive.Table, row *primitive.Row) docgen.Demo {
	peer, free := peerOf(t, row), nettest.FreePort(t)
	typed, seen := typing(t, table, row.Example, strings.NewReplacer("127.0.0.1 7", spaced(peer), "12345", free))
	d := docgen.Demo{Session: stable(seen, typed, peer, free)}
	if row.Unfit != "" {
		return d
	}
	script := docgen.Export(typed)
	d.Script = stable(script, typed, peer, free)
	other := nettest.FreePort(t)
	scripted, printed := inLua(t, table, strings.ReplaceAll(script, free, other))
	d.Printed = stable(printed, scripted, peer, other)
	return d
}

// spaced is an address as two words, which every command takes.
func spaced(addr string) string { return strings.Replace(addr, ":", " ", 1) }

// peerOf starts what the example needs: host and port, "127.0.0.1:7" if nothing.
func peerOf(t *testing.T, row *primitive.Row) string {
	switch row.Needs {
	case "":
		return "127.0.0.1 7"
	case "echo":
		return nettest.Echo(t)
	case "udp-echo":
		return nettest.UDPEcho(t)
	}
	t.Fatalf("no peer for what the row needs: %s", row.Needs)
	return ""
}

// typing runs the lines of an example one by one, and gives the calls and what
// stands on the screen afterwards.
func typing(t *testing.T, table *primitive.Table, example string, real *strings.Replacer) ([]primitive.Call, string) {
	w := newWorld(t, table)
	typist := &typist{screen: &w.all, lines: strings.Split(example, "; "), real: real}
	w.shell = repl.New(repl.Options{Table: table, Session: w.session, Lua: w.lua, In: typist, Out: &w.all, Err: &w.all})
	if code := w.shell.Main(t.Context(), []string{"--no-wait"}); code != 0 {
		t.Fatalf("%s\nexit code %d: %s", example, code, w.all.String())
	}
	return w.close(), w.all.String()
}

// A typist gives a line when the one before is done, with the real addresses, and
// puts it on the screen as the example has it.
type typist struct {
	screen *buffer
	lines  []string
	real   *strings.Replacer
}

func (ty *typist) Read(p []byte) (int, error) {
	if len(ty.lines) == 0 {
		return 0, io.EOF
	}
	if text := ty.screen.String(); text != "" && !strings.HasSuffix(text, "\n") {
		io.WriteString(ty.screen, "\n")
	}
	line := ty.lines[0]
	ty.lines = ty.lines[1:]
	io.WriteString(ty.screen, "> "+line+"\n")
	return copy(p, ty.real.Replace(line)+"\n"), nil
}

var (
	portInWord  = regexp.MustCompile(`(\d\.\d+\.\d+\.\d+|\]):(\d{2,5})\b`)
	portInField = regexp.MustCompile(`\b(lport|rport|port)(:? +|":)(\d{2,5})\b`)
	ageInField  = regexp.MustCompile(`\b(age)(:? +)[0-9.µnmh]+s\b`)
	handleName  = regexp.MustCompile(`\b[a-z]\d+\b`)
	ageInJSON   = regexp.MustCompile(`"age":[0-9.e+-]+`)
)

// stable makes an output the same in every run: the ports as the example has
// them, other ports 50000, ages 0, handles numbered as the calls made them.
func stable(text string, calls []primitive.Call, peer, free string) string {
	_, peerPort, _ := strings.Cut(peer, ":")
	text = realigned(anyProcess(text))
	if peerPort != "" {
		text = strings.ReplaceAll(text, `"`+peerPort+`"`, `"7"`)
	}
	for _, re := range []*regexp.Regexp{portInWord, portInField} {
		text = re.ReplaceAllStringFunc(text, func(s string) string {
			head := strings.TrimRight(s, "0123456789")
			return head + steadyPort(s[len(head):], peerPort, free)
		})
	}
	text = steadyTimes(strings.ReplaceAll(text, free, "12345"), func(port string) string { return steadyPort(port, peerPort, free) })
	text = ageInField.ReplaceAllString(text, "${1}${2}0s")
	text = steadyDescriptors(text)
	text = numbered(ageInJSON.ReplaceAllString(text, `"age":0`), calls)
	if len(peerPort) > 3 { // where it stands as a word of a command or a program
		text = regexp.MustCompile(`\b`+peerPort+`\b`).ReplaceAllString(text, "7")
	}
	return realigned(text)
}

// anyProcess makes the number and name of this process those of any, in as many
// columns.
func anyProcess(text string) string {
	pid, program := strconv.Itoa(os.Getpid()), filepath.Base(os.Args[0])
	text = strings.ReplaceAll(strings.ReplaceAll(text, `"pid":`+pid, `"pid":42`), `"`+program+`"`, `"sosh"`)
	text = regexp.MustCompile(` `+pid+`\b`).ReplaceAllString(text, fmt.Sprintf(" %-*s", len(pid), "42"))
	return strings.ReplaceAll(text, program, fmt.Sprintf("%-*s", len(program), "sosh"))
}

var (
	portInRow  = regexp.MustCompile(`(?m)^(\d{1,5}) +(open|closed) `)
	rttInRow   = regexp.MustCompile(` +[0-9.]+ ms`)
	rttInField = regexp.MustCompile(`(rtt"?[: ] ?)[0-9.]+(e-\d+|[µm]?s\b)?`)
	tookInLine = regexp.MustCompile(`(?m)[0-9.]+ s$`)
	stepInLane = regexp.MustCompile(`\+\d\.\d ms`)
	dateOfHTTP = regexp.MustCompile(`[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT`)
	phaseField = regexp.MustCompile(`"(dns|connect|tls|first_byte|body|total|time)":[0-9.e+-]+`)

	tripsOfHop  = regexp.MustCompile(`(?m)^ ?\d+  \S+ ( [0-9.]+ ms)+`)
	oneTrip     = regexp.MustCompile(` [0-9.]+ ms`)
	tripsInSum  = regexp.MustCompile(`(?m)%( +[0-9.]+){7}$`)
	oneInSum    = regexp.MustCompile(` +[0-9.]+`)
	tripInField = regexp.MustCompile(`("(?:min|mean|median|p95|p99|max|jitter)":)[0-9.e-]+`)
	tripsInList = regexp.MustCompile(`("rtts":)\[[0-9.,e-]+\]`)
)

var descriptor = regexp.MustCompile(`(?m)^(  [a-z_0-9]+\()(\d+)(,|\))|( = |it is )(\d+)($| from now on)`)

// steadyDescriptors numbers the descriptors in system calls from 3 on, as they come.
func steadyDescriptors(text string) string {
	if !strings.Contains(text, "  socket(AF_") {
		return text
	}
	numbers := map[string]string{"0": "0"}
	return descriptor.ReplaceAllStringFunc(text, func(s string) string {
		m := descriptor.FindStringSubmatch(s)
		was := m[2] + m[5]
		if numbers[was] == "" {
			numbers[was] = strconv.Itoa(len(numbers) + 2)
		}
		return m[1] + m[4] + numbers[was] + m[3] + m[6]
	})
}

// steadyTrips is steadyTimes of what ping and trace tell.
func steadyTrips(text string) string {
	text = tripsOfHop.ReplaceAllStringFunc(text, func(s string) string { return oneTrip.ReplaceAllString(s, " 0.100 ms") })
	text = tripsInSum.ReplaceAllStringFunc(text, func(s string) string {
		return oneInSum.ReplaceAllStringFunc(s, func(n string) string { return fmt.Sprintf("%*s", len(n), "0.100") })
	})
	return tripsInList.ReplaceAllString(tripInField.ReplaceAllString(text, "${1}0.1"), "${1}[0.1,0.1,0.1]")
}

// steadyTimes makes the rows and times of probes the same in every run.
func steadyTimes(text string, port func(string) string) string {
	text = portInRow.ReplaceAllStringFunc(text, func(s string) string {
		f := strings.Fields(s)
		return fmt.Sprintf("%-5s  %s ", port(f[0]), f[1])
	})
	text = stepInLane.ReplaceAllString(text, "+0.1 ms")
	text = rttInRow.ReplaceAllStringFunc(steadyTrips(text), func(s string) string {
		return fmt.Sprintf("%*s", len(s), " 0.10 ms")
	})
	text = phaseField.ReplaceAllString(dateOfHTTP.ReplaceAllString(text, "Sun, 01 Nov 2026 09:00:00 GMT"), `"$1":0`)
	return tookInLine.ReplaceAllString(rttInField.ReplaceAllString(text, "${1}0.1"), "0.01 s")
}

// numbered renames handles whose number depends on who was first: a server's
// client, or its own end of that connection.
func numbered(text string, calls []primitive.Call) string {
	made, names := map[string]int{}, map[string]string{}
	for _, c := range calls {
		if h, ok := c.Result.(primitive.Handle); ok && names[h.Name()] == "" {
			made[h.Prefix()]++
			names[h.Name()] = h.Prefix() + strconv.Itoa(made[h.Prefix()])
		}
	}
	return handleName.ReplaceAllStringFunc(text, func(name string) string {
		return cmp.Or(names[name], name)
	})
}

func steadyPort(port, peer, free string) string {
	switch port {
	case peer:
		return "7"
	case free, "12345": // it is as typed
		return "12345"
	}
	return "50000"
}

// realigned writes the tables in a text again, with ages as 0s: columns begin
// where the words of the heading do.
func realigned(text string) string {
	var out strings.Builder
	lines := strings.SplitAfter(text, "\n")
	for i := 0; i < len(lines); i++ {
		starts := columnStarts(lines[i])
		if starts == nil {
			out.WriteString(lines[i])
			continue
		}
		first := i
		for i+1 < len(lines) && lines[i+1] != "" && !strings.HasPrefix(lines[i+1], "> ") {
			i++
		}
		realign(&out, lines[first:i+1], starts)
	}
	return out.String()
}

var heading = regexp.MustCompile(`^(id|proto)( {2,}[a-z_]+){3,}\n$`)

// columnStarts is where the columns under a heading begin; nil for other lines.
func columnStarts(line string) []int {
	if !heading.MatchString(line) {
		return nil
	}
	var starts []int
	for i := range line {
		if line[i] != ' ' && line[i] != '\n' && (i == 0 || line[i-1] == ' ') {
			starts = append(starts, i)
		}
	}
	return starts
}

func realign(out io.Writer, lines []string, starts []int) {
	w := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	for _, line := range lines {
		line = strings.TrimRight(line, "\n")
		var cells []string
		for i, from := range starts {
			to := len(line)
			if i+1 < len(starts) {
				to = min(to, starts[i+1])
			}
			cell := strings.TrimSpace(line[min(from, to):to])
			if strings.HasPrefix(lines[0][from:], "age ") && cell != "age" {
				cell = "0s"
			}
			cells = append(cells, cell)
		}
		io.WriteString(w, strings.TrimRight(strings.Join(cells, "\t"), "\t ")+"\n")
	}
	w.Flush()
}

// TestHelpStyle holds the texts of the rows to one style.
func TestHelpStyle(t *testing.T) {
	for row := range tableOf(t).Rows() {
		first := []rune(row.Short)[0]
		if !unicode.IsUpper(first) || strings.HasSuffix(row.Short, ".") || len([]rune(row.Short)) > 60 || thirdPerson(row.Short) {
			t.Errorf("%s: %q is no order of at most 60 letters with a capital and without a full stop", row.Name, row.Short)
		}
		if first, _, _ := strings.Cut(row.Name, " "); !strings.HasPrefix(row.Usage()+" ", first+" ") {
			t.Errorf("%s: the usage does not begin with it: %s", row.Name, row.Usage())
		}
		for _, p := range row.Params {
			if problem := helpProblem(p.Help); problem != "" {
				t.Errorf("%s %s: %q %s", row.Name, p.Name, p.Help, problem)
			}
		}
		for _, f := range row.Result.Fields {
			if problem := helpProblem(f.Help); problem != "" && problem != tooLong {
				t.Errorf("%s, field %s: %q %s", row.Name, f.Name, f.Help, problem)
			}
		}
	}
}

// thirdPerson is whether a text begins as a description does, "Opens a …", and
// not as an order.
func thirdPerson(text string) bool {
	verb, _, _ := strings.Cut(text, " ")
	return strings.HasSuffix(verb, "s") && !strings.HasSuffix(verb, "ss")
}

const tooLong = "has 60 letters or more"

// helpProblem is what is wrong with the help of a parameter. A word in capitals
// may begin it.
func helpProblem(text string) string {
	runes := []rune(text)
	switch {
	case len(runes) >= 60:
		return tooLong
	case len(runes) > 1 && unicode.IsUpper(runes[0]) && !unicode.IsUpper(runes[1]):
		return "begins with a capital"
	case strings.HasSuffix(text, "."):
		return "ends with a full stop"
	}
	return ""
}
