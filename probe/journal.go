package probe

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/netip"
	"os"
	"strconv"
	"time"

	"sosh/primitive"
)

// A journal is the file that a scan's results go to as they come: a line of JSON
// for each probe. It ends with a whole line whenever something was flushed, and a
// scan that was killed can be continued from it.
type journal struct {
	file    *os.File
	w       *bufio.Writer
	line    []byte
	flushed time.Time
}

// Longest line of a file of results.
const maxResultLine = 1 << 20

// createJournal starts a new file; one of that name is overwritten.
func createJournal(path string) (*journal, error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, primitive.AsError(err).On(path)
	}
	return &journal{file: f, w: bufio.NewWriterSize(f, 64<<10), flushed: time.Now()}, nil
}

// resumeJournal opens a file to go on with it, and calls each for what it holds.
// A last line without its end was torn by a kill, and is cut off. There need not
// be a file yet.
func resumeJournal(path string, each func(recorded) error) (*journal, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, primitive.AsError(err).On(path)
	}
	end, err := readJournal(f, path, each)
	if err == nil {
		err = f.Truncate(end)
	}
	if err == nil {
		_, err = f.Seek(end, io.SeekStart)
	}
	if err != nil {
		f.Close()
		return nil, primitive.AsError(err).On(path)
	}
	return &journal{file: f, w: bufio.NewWriterSize(f, 64<<10), flushed: time.Now()}, nil
}

// recorded is what of a line tells which probe it was.
type recorded struct {
	Host  string `json:"host"`
	Port  int    `json:"port"`
	Proto string `json:"proto"`
	State string `json:"state"`

	addr  netip.Addr
	state State
	line  []byte // of the file; valid until the next one is read
}

// readJournal reads whole lines, and gives where the last of them ends.
func readJournal(r io.Reader, path string, each func(recorded) error) (end int64, err error) {
	lines := bufio.NewReaderSize(r, maxResultLine)
	for n := 1; ; n++ {
		line, err := lines.ReadSlice('\n')
		if errors.Is(err, io.EOF) {
			return end, nil
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return end, err
		}
		rec, ok := parseRecorded(line)
		if !ok {
			return end, primitive.Newf(primitive.Failed, "line %d is no result of a scan: %.40q", n, line).On(path).
				WithHint("--resume continues a file that --out or --resume has written")
		}
		if err := each(rec); err != nil {
			return end, err
		}
		end += int64(len(line))
	}
}

func parseRecorded(line []byte) (rec recorded, ok bool) {
	if json.Unmarshal(bytes.TrimSpace(line), &rec) != nil || rec.Port < 1 || rec.Port > 65535 {
		return rec, false
	}
	var err error
	rec.addr, err = netip.ParseAddr(rec.Host)
	rec.state, ok = stateOf(rec.State)
	rec.line = line
	return rec, ok && err == nil
}

// A flush happens this often at most, but for large scans, which fill the buffer.
const flushEvery = 100 * time.Millisecond

// add appends a result. What of it is on disk after a kill are whole lines, but
// perhaps for the last.
func (j *journal) add(f *Found) error {
	j.line = append(f.appendJSON(j.line[:0]), '\n')
	if _, err := j.w.Write(j.line); err != nil {
		return j.failed(err)
	}
	return nil
}

// flush writes what was added to the disk now and then.
func (j *journal) flush() error {
	if now := time.Now(); now.Sub(j.flushed) >= flushEvery {
		j.flushed = now
		if err := j.w.Flush(); err != nil {
			return j.failed(err)
		}
	}
	return nil
}

func (j *journal) failed(err error) error { return primitive.AsError(err).On(j.file.Name()) }

// close writes what is left.
func (j *journal) close() error {
	if j == nil {
		return nil
	}
	if err := errors.Join(j.w.Flush(), j.file.Close()); err != nil {
		return j.failed(err)
	}
	return nil
}

// appendJSON writes a result as every face does; it is several times faster, for
// files of millions.
func (f *Found) appendJSON(b []byte) []byte {
	b = appendString(append(b, `{"host":`...), f.Host)
	b = appendString(append(b, `,"name":`...), f.Name)
	b = strconv.AppendInt(append(b, `,"port":`...), int64(f.Port), 10)
	b = appendString(append(b, `,"proto":`...), f.Proto)
	b = appendString(append(b, `,"state":`...), f.State)
	b = appendString(append(b, `,"reason":`...), f.Reason)
	b = append(b, `,"rtt":`...)
	if f.RTT == nil {
		b = append(b, "null"...)
	} else {
		b = strconv.AppendFloat(b, *f.RTT, 'f', -1, 64)
	}
	b = appendString(append(b, `,"service":`...), f.Service)
	b = append(b, `,"banner":`...)
	if len(f.Banner) == 0 {
		b = append(b, `""`...)
	} else {
		text, _ := json.Marshal(f.Banner)
		b = append(b, text...)
	}
	b = append(b, `,"speaks":`...)
	if f.Speaks == nil {
		b = append(b, "null"...)
	} else {
		text, _ := primitive.JSON(primitive.Plain(*f.Speaks)) // texts alone
		b = append(b, text...)
	}
	b = append(b, `,"script":`...)
	if len(f.Script) == 0 {
		return append(b, `[]}`...)
	}
	text, _ := primitive.JSON(primitive.Plain(f.Script)) // its values are plain
	return append(append(b, text...), '}')
}

func appendString(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			text, _ := json.Marshal(s)
			return append(b, text...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}
