package verbs

import (
	"context"
	"strings"
	"time"

	"sosh/primitive"
	"sosh/probe"
	"sosh/probe/script"
	"sosh/session"
)

func scriptRows() []*primitive.Row {
	offers := map[string]func() []primitive.Candidate{"script": offerScripts}
	return []*primitive.Row{
		primitive.New(primitive.Spec{
			Name: "script list", Short: "List the scripts that a scan can run",
			Doc: "The built-in ones, or those of a file or a folder. Each looks closer at open ports: scan HOST --script NAME. " +
				"A script that is safe takes, changes and guesses nothing. One that is intrusive may, and has to be asked for: --script-kind safe,intrusive.",
			Example: "script list echo",
			Raises:  []primitive.Kind{primitive.NotFound},
			Offers:  offers,
		}, scriptList),
		primitive.New(primitive.Spec{
			Name: "script run", Short: "Run a scan's script at one port",
			Doc: "The script need not be for that port, and its kind is not asked for: for trying out one's own. " +
				"The result is what the script returned, with the fields output and name; a failure of the script is one of the command.",
			Example: "script run echo 127.0.0.1 7", Needs: "echo",
			Raises: []primitive.Kind{primitive.Refused, primitive.Timeout, primitive.NotFound},
			Offers: offers,
		}, scriptRun),
	}
}

// offerScripts lists the built-in scripts for completion.
func offerScripts() (list []primitive.Candidate) {
	for _, name := range script.Names() {
		list = append(list, primitive.Candidate{Text: name, Help: "a built-in script", Suffix: " "})
	}
	return list
}

func offerKinds() (list []primitive.Candidate) {
	for _, kind := range script.Kinds() {
		list = append(list, primitive.Candidate{Text: kind, Help: "a kind of scripts", Suffix: " "})
	}
	return list
}

type scriptListArgs struct {
	Script primitive.Phrase `arg:"" default:"all" help:"built-in scripts, files and folders; all built-in ones"`
}

type listedScript struct {
	Name        string `help:"what --script takes"`
	Kinds       string `help:"what it is: safe or intrusive, and more"`
	Proto       string `help:"tcp or udp"`
	Ports       string `help:"ports and services that it is for; empty for any open port"`
	Description string `help:"what it finds out"`
	File        string `help:"where it is from; empty for a built-in one"`
}

func scriptList(ctx context.Context, s *session.Session, a scriptListArgs) ([]listedScript, error) {
	found, err := script.Find(ctx, string(a.Script), s.Module)
	if err != nil {
		return nil, err
	}
	list := make([]listedScript, len(found))
	for i, f := range found {
		list[i] = listedScript{Name: f.Name, Kinds: strings.Join(f.Kinds, ","), Proto: f.Proto, Ports: f.For, Description: f.Description}
		if !f.Builtin {
			list[i].File = primitive.Escape(f.File, false)
		}
	}
	return list, nil
}

type scriptRunArgs struct {
	Script  primitive.Phrase `arg:"" help:"a built-in script or a file"`
	Addr    primitive.Addr   `arg:"" help:"host and port to run it at"`
	Timeout time.Duration    `default:"10s" min:"0.001" help:"it may take so long, unless it says itself"`
}

type scriptSaid struct {
	Name   string `help:"name of the script"`
	Host   string `help:"host that it was run at"`
	Port   int    `help:"port that it was run at" volatile:""`
	Output any    `help:"what it returned; null when it had nothing to say"`
}

// Words are the output alone.
func (r scriptSaid) Words() primitive.Words {
	if r.Output == nil {
		return primitive.Words{Line: r.Name + " has nothing to say of that port"}
	}
	return primitive.Words{Line: probe.OutputText(r.Output)}
}

func scriptRun(ctx context.Context, s *session.Session, a scriptRunArgs) (scriptSaid, error) {
	found, err := script.Find(ctx, string(a.Script), s.Module)
	if err != nil {
		return scriptSaid{}, err
	}
	if len(found) > 1 {
		return scriptSaid{}, primitive.Usagef("these are %d scripts; give one", len(found))
	}
	crew := script.Crew{Timeout: a.Timeout, Attend: s.Attend}
	t := script.Target{Host: a.Addr.Host, Port: a.Addr.Port, Proto: found[0].Proto, Service: primitive.ServiceName(a.Addr.Port)}
	output, err := crew.Try(ctx, found[0], &t)
	if err != nil {
		return scriptSaid{}, err
	}
	return scriptSaid{Name: found[0].Name, Host: a.Addr.Host, Port: a.Addr.Port, Output: output}, nil
}

// crew are the scripts of a scan; nil where none are asked for.
func (a scanArgs) crew(ctx context.Context, s *session.Session) (*script.Crew, error) {
	crew := &script.Crew{Timeout: a.ScriptTimeout, Attend: s.Attend}
	switch {
	case a.Script.Fn != nil:
		crew.Scripts = []*script.Script{script.Of(a.Script.Fn, a.scriptName(), a.Udp)}
		return crew, nil
	case a.Script.Service == "":
		return nil, nil
	}
	choice, err := script.ParseChoice(a.ScriptKind)
	if err != nil {
		return nil, err
	}
	found, err := script.Find(ctx, a.Script.Service, s.Module)
	if err == nil {
		crew.Scripts, err = script.Choose(found, choice)
	}
	return crew, err
}

// scriptName is what findings of a function are called.
func (a scanArgs) scriptName() string {
	if a.Script.Global != "" {
		return a.Script.Global
	}
	return "script"
}
