package dns

// Question is the message that asks for the records of a type, as it is on the
// wire; edns is as in Query, and the id is always the same. Usage for a name or a
// type that is none.
func Question(name, rrtype string, recurse bool, edns int) ([]byte, error) {
	name, err := ParseName(name)
	if err != nil {
		return nil, err
	}
	t, err := ParseType(rrtype)
	if err != nil {
		return nil, err
	}
	const id = 0x1234
	m := Query{Name: name, Type: t, Recurse: recurse, EDNS: edns}.message()
	m.Id = id
	return m.Pack()
}
