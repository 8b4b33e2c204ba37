package verbs

import (
	"context"
	"strings"

	"sosh/explain"
	"sosh/primitive"
	"sosh/session"
)

type explainArgs struct {
	Command primitive.Action `arg:"" rest:"" name:"command" help:"network command with its arguments"`
	DryRun  bool             `help:"run nothing: the calls have no results"`
	Only    string           `default:"all" enum:"all,calls,lua,python,c" help:"one part alone"`
}

func explainCommand(ctx context.Context, s *session.Session, a explainArgs) (explain.Explanation, error) {
	lines := s.Lines()
	switch {
	case a.Command.Fn != nil:
		return explain.Explanation{}, primitive.Usagef("a function is no command").WithHint("explain tcp connect HOST PORT")
	case lines == nil:
		return explain.Explanation{}, primitive.Newf(primitive.Unsupported, "there is no shell that knows commands")
	}
	row, args, err := lines.Bind(ctx, a.Command.Line)
	if err != nil {
		return explain.Explanation{}, err
	}
	if err := args.Complete(); err != nil {
		return explain.Explanation{}, err
	}
	return explain.Run(ctx, s, explain.Request{
		Line: a.Command.Line, Command: explain.Command{Row: row, Args: args}, DryRun: a.DryRun, Only: a.Only, Find: tableRow, Script: lines.Script,
	})
}

// tableRow finds a row by its name: what a handle was made with.
func tableRow(name string) *primitive.Row {
	row, _ := primitive.NewTable(tcpRows, udpRows, unixRows).Find(strings.Fields(name)...)
	return row
}
