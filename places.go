package main

import (
	"os"
	"path/filepath"
	"runtime"
)

// Where files of the user belong, by the XDG Base Directory Specification and
// what stands for it elsewhere. The library for this looks at all the places at
// every start, and that is a part of a start one can measure.

// stateHome is for what is remembered: histories, progress.
func stateHome() string {
	switch runtime.GOOS {
	case "windows":
		return place("XDG_STATE_HOME", os.Getenv("LOCALAPPDATA"))
	case "darwin":
		return place("XDG_STATE_HOME", home("Library", "Application Support"))
	}
	return place("XDG_STATE_HOME", home(".local", "state"))
}

// configHome is for what the user sets.
func configHome() string {
	switch runtime.GOOS {
	case "windows":
		return place("XDG_CONFIG_HOME", os.Getenv("LOCALAPPDATA"))
	case "darwin":
		return place("XDG_CONFIG_HOME", home("Library", "Application Support"))
	}
	return place("XDG_CONFIG_HOME", home(".config"))
}

// place is the folder that a variable names, if it is absolute as it must be,
// else the usual one.
func place(variable, usual string) string {
	if dir := os.Getenv(variable); filepath.IsAbs(dir) {
		return dir
	}
	return usual
}

// home is a folder below that of the user; the current one where that is unknown.
func home(below ...string) string {
	dir, _ := os.UserHomeDir() // "" then
	return filepath.Join(append([]string{dir}, below...)...)
}
