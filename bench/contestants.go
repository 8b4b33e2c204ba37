//go:build linux

package main

import (
	"context"
	"os"
	"os/exec"
	"strings"
)

// A contestant is a program that takes part: its command, in which $HOST, $PORT
// and the words of lab.words are filled in.
type contestant struct {
	name    string
	command []string
	module  string // a Lua module it needs
	most    int    // clients it can be asked to serve; 0 is any number
}

// floor is the name of the first contestant of each section.
const floor = "floor: plain Go"

func starters() []contestant {
	const python = "import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])))"
	return []contestant{
		{name: floor, command: words("$FLOOR connect $HOST $PORT")},
		{name: "sosh tcp connect", command: []string{"$SOSH", "-c", "tcp connect $HOST $PORT"}},
		{name: "nc", command: words("nc -n -z $HOST $PORT")},
		{name: "ncat", command: words("ncat -n -z $HOST $PORT")},
		{name: "socat", command: words("socat -u OPEN:/dev/null TCP:$HOST:$PORT")},
		{name: "nmap -sT", command: words("nmap -sT -n -Pn -p $PORT $HOST")},
		{name: "python3", command: []string{"$PYTHON", "-c", python, "$HOST", "$PORT"}},
		{name: "lua5.4 LuaSocket", command: words("lua5.4 $DIR/peers/connect.lua $HOST $PORT"), module: "socket"},
	}
}

func echoServers() []contestant {
	return []contestant{
		{name: floor, command: words("$FLOOR echo $HOST $PORT")},
		{name: "sosh, Lua script", command: words("$SOSH run $DIR/echo.lua $HOST $PORT")},
		{name: "sosh serve echo", command: words("$SOSH serve $HOST:$PORT echo")},
		{name: "python3 threads", command: words("$PYTHON $DIR/peers/echo_threads.py $HOST $PORT")},
		{name: "python3 asyncio", command: words("$PYTHON $DIR/peers/echo_asyncio.py $HOST $PORT")},
		{name: "lua5.4 LuaSocket select", command: words("lua5.4 $DIR/peers/echo_select.lua $HOST $PORT"), module: "socket", most: 1000},
		{name: "lua5.4 cqueues", command: words("lua5.4 $DIR/peers/echo_cqueues.lua $HOST $PORT"), module: "cqueues"},
		{name: "lua5.4 luv", command: words("lua5.4 $DIR/peers/echo_luv.lua $HOST $PORT"), module: "luv"},
		{name: "luajit Copas", command: words("luajit $DIR/peers/echo_copas.lua $HOST $PORT"), module: "copas", most: 1000},
		{name: "socat fork", command: words("socat TCP-LISTEN:$PORT,bind=$HOST,reuseaddr,fork,nodelay PIPE"), most: 100},
		{name: "ncat -k -c cat", command: words("ncat -l -k -m 100 -c cat $HOST $PORT"), most: 100},
	}
}

func udpServers() []contestant {
	return []contestant{
		{name: floor, command: words("$FLOOR udp $HOST $PORT")},
		{name: "sosh, Lua script", command: words("$SOSH run $DIR/udp.lua $HOST $PORT")},
		{name: "python3", command: words("$PYTHON $DIR/peers/udp.py $HOST $PORT")},
		{name: "lua5.4 LuaSocket", command: words("lua5.4 $DIR/peers/udp.lua $HOST $PORT"), module: "socket"},
		{name: "luajit LuaSocket", command: words("luajit $DIR/peers/udp.lua $HOST $PORT"), module: "socket"},
	}
}

func words(command string) []string { return strings.Fields(command) }

// line is the command with everything filled in.
func (l *lab) line(c contestant, port string) []string {
	filled := make([]string, len(c.command))
	for i, word := range c.command {
		filled[i] = os.Expand(word, func(name string) string {
			switch name {
			case "HOST":
				return host
			case "PORT":
				return port
			}
			return l.words[name]
		})
	}
	return filled
}

// entrants are the contestants that were asked for; the others are noted in the
// tables as missing if this machine does not have them.
func (l *lab) entrants(ctx context.Context, all []contestant, o options) (present []contestant, missing []string) {
	for i, c := range all {
		switch {
		case i > 0 && !o.only.MatchString(c.name):
		case l.has(ctx, c):
			present = append(present, c)
		default:
			missing = append(missing, c.name)
		}
	}
	return present, missing
}

func (l *lab) has(ctx context.Context, c contestant) bool {
	program, err := exec.LookPath(l.line(c, "0")[0])
	if err != nil || c.module == "" {
		return err == nil
	}
	return exec.CommandContext(ctx, program, "-e", "require '"+c.module+"'").Run() == nil
}
