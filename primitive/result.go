package primitive

import (
	"iter"
	"reflect"
	"sync"
	"time"
)

// None is the result of a primitive that has nothing to tell; Lua gets true.
type None struct{}

// A Stream is a result that comes item by item: finite, or drawn by the caller.
// Stopping early ends the work behind it.
type Stream iter.Seq2[any, error]

// A Record is a struct result as plain data: its fields in order.
type Record []Field

// A Field is one named value of a record.
type Field struct {
	Name     string
	Value    any
	Volatile bool // differs from run to run; see FieldInfo
}

// Get is the value of a field, and whether there is one.
func (r Record) Get(name string) (any, bool) {
	for _, f := range r {
		if f.Name == name {
			return f.Value, true
		}
	}
	return nil, false
}

// A Result says what a row gives.
type Result struct {
	Type   string      // "nothing", "text", "bytes", "record", "list", "items", or a type of handle: "stream", "task" …
	Fields []FieldInfo // of a record, or of a list's or stream's items
	Item   string      // the type of a list's or stream's items: "bytes", "record"
	Multi  bool        // Lua gets the fields as several values

	holds bool         // it is or has a handle, which the session must adopt
	typ   reflect.Type // as the primitive returns it
}

// Info describes what Info of a type of handle holds; nil where that differs from
// one to the other, or it is no handle.
func (r *Result) Info() []FieldInfo {
	if r.typ == nil || !isHandleType(r.typ) {
		return nil
	}
	return shapeOf(r.typ)
}

// A FieldInfo describes one field of a record.
type FieldInfo struct {
	Name, Help, Type string
	Volatile         bool // differs from run to run: ports, times, generated names
}

// readResult describes a result type.
func readResult(t reflect.Type) Result {
	r := describeResult(t)
	r.holds, r.typ = mayHoldHandle(t), t
	return r
}

// mayHoldHandle is whether a value of the type is a handle or has one as a field.
func mayHoldHandle(t reflect.Type) bool {
	if isHandleType(t) || t.Kind() == reflect.Interface {
		return true
	}
	if t.Kind() != reflect.Struct {
		return false
	}
	for f := range t.Fields() {
		if f.IsExported() && (isHandleType(f.Type) || f.Type.Kind() == reflect.Interface) {
			return true
		}
	}
	return false
}

func describeResult(t reflect.Type) Result {
	switch {
	case t == reflect.TypeFor[None]():
		return Result{Type: "nothing"}
	case isStream(t):
		return Result{Type: "items", Fields: fieldInfos(t.In(0).In(0)), Item: itemName(t.In(0).In(0))}
	case isHandleType(t):
		return Result{Type: handleTypeName(t)}
	case t.Kind() == reflect.Slice && t != reflect.TypeFor[Bytes]():
		return Result{Type: "list", Fields: fieldInfos(t.Elem()), Item: itemName(t.Elem())}
	case t.Kind() == reflect.Struct:
		_, multi := t.FieldByName("_")
		return Result{Type: "record", Fields: fieldInfos(t), Multi: multi}
	}
	return Result{Type: typeName(t)}
}

// shapeOf asks a type of handle what its Info holds.
func shapeOf(t reflect.Type) []FieldInfo {
	if s, ok := reflect.Zero(t).Interface().(Shaper); ok && t.Kind() == reflect.Pointer {
		return Fields(s.Shape())
	}
	return nil
}

// handleTypeName asks the type itself; a handle's Type is a constant.
func handleTypeName(t reflect.Type) string {
	if t.Kind() == reflect.Pointer {
		return reflect.Zero(t).Interface().(Handle).Type()
	}
	return "handle"
}

func isStream(t reflect.Type) bool {
	return t.Kind() == reflect.Func && t.CanSeq2() && t.In(0).In(1) == reflect.TypeFor[error]()
}

func itemName(t reflect.Type) string {
	if t.Kind() == reflect.Struct {
		return "record"
	}
	return typeName(t)
}

func typeName(t reflect.Type) string {
	switch {
	case t == reflect.TypeFor[Bytes]():
		return "bytes"
	case t == reflect.TypeFor[time.Duration]():
		return "duration"
	case isHandleType(t):
		return "handle"
	case t.Kind() == reflect.Interface:
		return "value"
	case t.Kind() == reflect.String:
		return "text"
	case t.Kind() == reflect.Bool:
		return "boolean"
	case t.Kind() == reflect.Slice:
		return "list"
	case t.Kind() == reflect.Float64:
		return "decimal"
	case t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Float64:
		return "decimal or nil"
	case t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Int:
		return "number or nil"
	case t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct:
		return "record or nil"
	}
	return "number"
}

// Fields describes the fields of a struct: what a handle's Info holds.
func Fields(v any) []FieldInfo { return fieldInfos(reflect.TypeOf(v)) }

func fieldInfos(t reflect.Type) []FieldInfo {
	if t.Kind() != reflect.Struct {
		return nil
	}
	var infos []FieldInfo
	for f := range t.Fields() {
		if !f.IsExported() {
			continue
		}
		_, volatile := f.Tag.Lookup("volatile")
		infos = append(infos, FieldInfo{Name: fieldName(f), Help: f.Tag.Get("help"), Type: typeName(f.Type), Volatile: volatile})
	}
	return infos
}

// Plain makes plain data of what the primitive returned: nil for None, a Stream
// of plain items, a Record, or Plain of it.
func (r *Result) Plain(v any) any {
	if v != nil && r.Type == "items" {
		return streamOf(reflect.ValueOf(v))
	}
	return told(v)
}

func streamOf(seq reflect.Value) Stream {
	return func(yield func(any, error) bool) {
		for item, errv := range seq.Seq2() {
			err, _ := errv.Interface().(error)
			if !yield(told(item.Interface()), err) {
				return
			}
		}
	}
}

// Plain makes plain data of a result: nil, bool, int64, float64, string, Bytes,
// time.Duration, Handle, Record, []any. Other values stay as they are.
func Plain(v any) any {
	switch v := v.(type) {
	case nil, None:
		return nil
	case Handle, bool, string, Bytes, float64, time.Duration, int64, Record, Stream, Callable, []any:
		return v
	case int:
		return int64(v)
	case Addr:
		return v.String()
	}
	return plainValue(reflect.ValueOf(v))
}

func plainValue(rv reflect.Value) any {
	switch {
	case rv.Kind() == reflect.Pointer && rv.IsNil():
		return nil
	case rv.Kind() == reflect.Pointer:
		return Plain(rv.Elem().Interface())
	case rv.Kind() == reflect.Struct:
		return recordOf(rv)
	case rv.Kind() == reflect.Slice:
		list := make([]any, rv.Len())
		for i := range list {
			list[i] = Plain(rv.Index(i).Interface())
		}
		return list
	case rv.Kind() == reflect.String:
		return rv.String()
	case rv.CanInt():
		return rv.Int()
	case rv.CanUint():
		return int64(rv.Uint())
	}
	return rv.Interface()
}

func recordOf(rv reflect.Value) Record {
	fields := planOf(rv.Type())
	rec := make(Record, len(fields))
	for i, f := range fields {
		rec[i] = Field{f.name, Plain(rv.Field(f.index).Interface()), f.volatile}
	}
	return rec
}

// A planned field is what recordOf needs of a struct's field.
type planned struct {
	index    int
	name     string
	volatile bool
}

// plans remembers what planOf read of a type; the result never differs.
var plans sync.Map // reflect.Type to []planned

func planOf(t reflect.Type) []planned {
	if p, ok := plans.Load(t); ok {
		return p.([]planned)
	}
	var plan []planned
	for i := range t.NumField() {
		if f := t.Field(i); f.IsExported() {
			_, volatile := f.Tag.Lookup("volatile")
			plan = append(plan, planned{i, fieldName(f), volatile})
		}
	}
	plans.Store(t, plan)
	return plan
}
