package docgen

import (
	"bytes"
	"encoding/json"
	"iter"
	"strings"

	"sosh/primitive"
)

// A rowJSON is a row as `help --json` shows it. Every field is always there.
type rowJSON struct {
	Name    string      `json:"name"`
	Family  string      `json:"family"`
	Short   string      `json:"short"`
	Doc     string      `json:"doc"`
	Usage   string      `json:"usage"`
	Lua     luaJSON     `json:"lua"`
	Params  []paramJSON `json:"params"`
	Result  resultJSON  `json:"result"`
	Raises  []string    `json:"raises"`
	Example string      `json:"example"`
	Needs   string      `json:"needs"`
	Says    string      `json:"says"`
	Unfit   string      `json:"unfit"`

	Services []rowJSON `json:"services"` // built-in ones, whose parameters stand behind their name
}

type luaJSON struct {
	Function string       `json:"function"`
	Usage    string       `json:"usage"`
	Methods  []methodJSON `json:"methods"`
}

type methodJSON struct {
	Name  string `json:"name"`
	Usage string `json:"usage"`
	Flag  string `json:"flag"`
}

type paramJSON struct {
	Name       string            `json:"name"`
	Flag       string            `json:"flag"`
	Help       string            `json:"help"`
	Kind       string            `json:"kind"`
	Lua        string            `json:"lua"`
	Unit       string            `json:"unit"`
	Default    string            `json:"default"`
	Enum       []string          `json:"enum"`
	Aliases    map[string]string `json:"aliases"`
	Min        *float64          `json:"min"`
	Max        *float64          `json:"max"`
	With       []string          `json:"with"` // one of these it needs to mean anything
	Positional bool              `json:"positional"`
	Rest       bool              `json:"rest"`
	Required   bool              `json:"required"`
	Current    bool              `json:"current"`
	Listen     bool              `json:"listen"`
	Switch     bool              `json:"switch"`
	Handle     bool              `json:"handle"`
}

type resultJSON struct {
	Type   string      `json:"type"`
	Item   string      `json:"item"`
	Fields []fieldJSON `json:"fields"`
	Multi  bool        `json:"multi"`
	Schema schema      `json:"schema"` // of one line of --json; null: it prints nothing
}

type fieldJSON struct {
	Name     string `json:"name"`
	Type     string `json:"type"`
	Help     string `json:"help"`
	Volatile bool   `json:"volatile"`
}

// JSON is all that is known of every row, one object a line, for programs.
func JSON(t *primitive.Table) ([]byte, error) { return RowsJSON(t.All()) }

// RowsJSON is JSON of some rows.
func RowsJSON(rows iter.Seq[*primitive.Row]) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	for row := range rows {
		if err := e.Encode(rowOf(row)); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

func rowOf(r *primitive.Row) rowJSON {
	j := rowJSON{
		Name: r.Name, Family: r.Family(), Short: r.Short, Doc: r.Doc, Usage: r.Usage(),
		Lua:    luaJSON{r.LuaName(), luaFunction(r), []methodJSON{}},
		Params: []paramJSON{}, Raises: kindNames(r.Raises),
		Result:  resultJSON{r.Result.Type, r.Result.Item, []fieldJSON{}, r.Result.Multi, schemaOf(r)},
		Example: r.Example, Needs: r.Needs, Says: r.Says, Unfit: r.Unfit, Services: []rowJSON{},
	}
	for _, s := range r.ServiceRows() {
		j.Services = append(j.Services, rowOf(s))
	}
	for _, m := range luaMethods(r) {
		j.Lua.Methods = append(j.Lua.Methods, methodJSON{m.name, m.usage, m.flag})
	}
	for _, p := range r.Params {
		j.Params = append(j.Params, paramOf(p))
	}
	for _, f := range r.Result.Fields {
		j.Result.Fields = append(j.Result.Fields, fieldJSON{f.Name, f.Type, f.Help, f.Volatile})
	}
	return j
}

func paramOf(p *primitive.Param) paramJSON {
	j := paramJSON{
		Name: p.Name, Help: p.Help, Kind: p.Kind.Name, Lua: p.Kind.Lua, Unit: p.Kind.Unit, Default: p.Default,
		Enum: p.Enum, With: []string{}, Aliases: p.Aliases, Min: p.Min, Max: p.Max, Positional: p.Positional, Rest: p.Rest,
		Required: p.Required, Current: p.Current, Listen: p.Listen, Switch: p.IsSwitch(), Handle: p.IsHandle(),
	}
	if !p.Positional {
		j.Flag = "--" + p.FlagName()
	}
	if j.Enum == nil {
		j.Enum = []string{}
	}
	for _, name := range p.With {
		j.With = append(j.With, "--"+strings.ReplaceAll(name, "_", "-"))
	}
	return j
}
