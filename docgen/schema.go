package docgen

import (
	"fmt"
	"strings"

	"sosh/primitive"
)

// A schema is a JSON Schema (draft 2020-12), as far as results need it.
type schema map[string]any

// schemaOf describes one line of what a row prints with --json; nil when it
// prints nothing.
func schemaOf(r *primitive.Row) schema {
	switch res := r.Result; {
	case res.Type == "nothing":
		return nil
	case res.Type == "record":
		return objectSchema(res.Fields)
	case res.Type == "list":
		return schema{"type": "array", "items": itemSchema(res)}
	case res.Type == "items":
		return itemSchema(res)
	case res.Info() != nil:
		return objectSchema(res.Info())
	default:
		return typeSchema(res.Type)
	}
}

func itemSchema(res primitive.Result) schema {
	if res.Item == "record" {
		return objectSchema(res.Fields)
	}
	return typeSchema(res.Item)
}

// objectSchema: every field is always there, and no other is.
func objectSchema(fields []primitive.FieldInfo) schema {
	properties, names := schema{}, []string{}
	for _, f := range fields {
		s := typeSchema(f.Type)
		s["description"] = f.Help
		properties[f.Name] = s
		names = append(names, f.Name)
	}
	return schema{"type": "object", "properties": properties, "required": names, "additionalProperties": false}
}

// typeSchema is what a kind of value is in JSON.
func typeSchema(kind string) schema {
	switch kind {
	case "text":
		return schema{"type": "string"}
	case "number":
		return schema{"type": "integer"}
	case "decimal":
		return schema{"type": "number"}
	case "decimal or nil":
		return schema{"anyOf": []schema{{"type": "number"}, {"type": "null"}}}
	case "number or nil":
		return schema{"anyOf": []schema{{"type": "integer"}, {"type": "null"}}}
	case "record or nil":
		return schema{"anyOf": []schema{{"type": "object"}, {"type": "null"}}}
	case "duration":
		return schema{"type": "number", "unit": "seconds"}
	case "boolean":
		return schema{"type": "boolean"}
	case "list":
		return schema{"type": "array"}
	case "bytes":
		return schema{"anyOf": []schema{{"type": "string"}, {
			"type": "object", "properties": schema{"base64": schema{"type": "string"}},
			"required": []string{"base64"}, "additionalProperties": false,
		}}}
	case "value":
		return schema{}
	}
	return schema{"type": "object"} // a handle
}

// jsonName is what a kind of value is in JSON, in a word.
func jsonName(kind string) string {
	switch kind {
	case "text":
		return "string"
	case "number", "decimal":
		return "number"
	case "decimal or nil", "number or nil":
		return "number or null"
	case "record or nil":
		return "object or null"
	case "duration":
		return "seconds"
	case "boolean":
		return "boolean"
	case "list":
		return "array"
	case "bytes", "value":
		return kind
	}
	return "handle"
}

// jsonShape is one line of what a row prints with --json, in short.
func jsonShape(r *primitive.Row) string {
	switch res := r.Result; res.Type {
	case "nothing":
		return "nothing"
	case "record":
		return code(objectShape(res.Fields))
	case "list":
		return code("[" + itemShape(res) + ", …]")
	case "items":
		return code(itemShape(res)) + ", one a line"
	case "text", "number", "decimal", "duration", "boolean", "bytes", "value":
		return "a " + jsonName(res.Type)
	case "handle":
		return "a handle, as `info` shows it"
	default:
		return "a handle: the object of a " + res.Type
	}
}

func itemShape(res primitive.Result) string {
	if res.Item == "record" {
		return objectShape(res.Fields)
	}
	return jsonName(res.Item)
}

func objectShape(fields []primitive.FieldInfo) string {
	parts := make([]string, len(fields))
	for i, f := range fields {
		parts[i] = fmt.Sprintf("%q: %s", f.Name, jsonName(f.Type))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// handleShapes lists the kinds of handles that rows give, each with what its
// object holds.
func handleShapes(t *primitive.Table) (names []string, fields map[string][]primitive.FieldInfo) {
	fields = map[string][]primitive.FieldInfo{}
	for r := range t.All() {
		if info := r.Result.Info(); info != nil && fields[r.Result.Type] == nil {
			names = append(names, r.Result.Type)
			fields[r.Result.Type] = info
		}
	}
	return names, fields
}

// json is the section about --json.
func (r *reference) json(t *primitive.Table) {
	r.line("## JSON\n")
	r.line("With `--json` a command prints its result as one JSON object a line on stdout, and its failure as one on stderr;")
	r.line("`sosh --json …` asks for it for all commands of a run. Each command below tells its form; `sosh help --json` has the")
	r.line("same as JSON Schema, in `result.schema`. Every field is always there. Fields may be added, never renamed or removed.\n")
	r.line("| kind | in JSON |\n|---|---|")
	r.line("| text, value | string; a value may be anything |")
	r.line("| number, decimal | number |")
	r.line("| decimal or nil, number or nil | number, or null where there is none |")
	r.line("| record or nil | object, or null where there is none |")
	r.line("| boolean | true or false |")
	r.line("| duration | number of seconds |")
	r.line("| bytes | string; what is no valid UTF-8 is `{\"base64\": string}` |")
	r.line("| list | array |")
	r.line("| handle | the object that `info` shows |")
	r.line("| failure | `{\"op\": string, \"target\": string, \"kind\": string, \"errno\": string, \"message\": string, \"hint\": string}` |\n")
	names, fields := handleShapes(t)
	for len(names) > 0 {
		shape := objectShape(fields[names[0]])
		var same, other []string
		for _, n := range names {
			if objectShape(fields[n]) == shape {
				same = append(same, n)
			} else {
				other = append(other, n)
			}
		}
		r.line("The object of a %s: %s\n", strings.Join(same, ", "), code(shape))
		names = other
	}
}
