package ftp

import (
	"fmt"
	"io/fs"
	"strconv"
	"time"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// lsLine is a file as ls -l shows it.
func lsLine(info fs.FileInfo, now time.Time) string {
	kind := "-"
	if info.IsDir() {
		kind = "d"
	}
	when := info.ModTime().UTC()
	at := when.Format("Jan _2 15:04")
	if now.Sub(when) > 180*24*time.Hour || when.After(now.Add(time.Hour)) {
		at = when.Format("Jan _2  2006")
	}
	return fmt.Sprintf("%s%s 1 ftp ftp %12d %s %s", kind, info.Mode().Perm().String()[1:], info.Size(), at, info.Name())
}

// nameLine is the name alone.
func nameLine(info fs.FileInfo, _ time.Time) string { return info.Name() }

// factLine is a file for programs (RFC 3659 section 7).
func factLine(info fs.FileInfo, _ time.Time) string {
	kind := "file"
	switch {
	case info.IsDir():
		kind = "dir"
	case !info.Mode().IsRegular():
		kind = "OS.unix=special"
	}
	return fmt.Sprintf("type=%s;size=%d;modify=%s; %s", kind, info.Size(), info.ModTime().UTC().Format("20060102150405"), info.Name())
}
