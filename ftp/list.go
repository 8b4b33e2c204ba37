package ftp

import (
	"context"
	"fmt"
	"strings"
	"time"

	"sosh/primitive"
	"sosh/sock"
)

// Most that a list may have.
const (
	maxEntries  = 100_000
	maxListLine = 4 << 10
)

// List lists a folder, "" for the one where the server begins, or one file. The
// failures are those of Get.
func List(ctx context.Context, o Options, path string) ([]Entry, error) {
	c, err := open(ctx, o)
	if err != nil {
		return nil, err
	}
	defer c.Quit(ctx)
	command, parse := "LIST", func(line string) (Entry, bool) { return parseList(line, time.Now().UTC()) }
	if c.can("MLST") {
		command, parse = "MLSD", parseFacts
	}
	if path != "" {
		command += " " + path
	}
	list := []Entry{}
	_, err = c.transfer(ctx, command, 0, func(ctx context.Context, data *sock.Stream) (err error) {
		list, err = c.entries(ctx, data, parse)
		return err
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

// entries reads the lines of a list to their end.
func (c *client) entries(ctx context.Context, data *sock.Stream, parse func(string) (Entry, bool)) ([]Entry, error) {
	list := []Entry{}
	for range maxEntries {
		line, err := c.listLine(ctx, data)
		if primitive.KindOf(err) == primitive.EOF {
			return list, nil
		}
		if err != nil {
			return nil, err
		}
		if e, ok := parse(strings.TrimRight(string(line), "\r")); ok {
			list = append(list, e)
		}
	}
	return nil, primitive.Newf(primitive.Oversized, "the list has more than %d lines", maxEntries).On(c.Target()).WithHint("list a folder below it: ftp list HOST PATH")
}

func (c *client) listLine(ctx context.Context, data *sock.Stream) ([]byte, error) {
	ctx, cancel := c.o.Bounded(ctx)
	defer cancel()
	line, err := data.RecvLine(ctx, maxListLine)
	if primitive.KindOf(err) == primitive.Oversized {
		return nil, primitive.Newf(primitive.Oversized, "a line of more than %d bytes in the list", maxListLine).On(c.Target()).WithHint("no file has such a name; to see the talk: --show")
	}
	if err == nil {
		c.Tell(fmt.Sprintf("= %s", primitive.Escape(string(line), false)))
	}
	return line, err
}
