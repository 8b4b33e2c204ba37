package complete

// WithHistory is the same completer with other lines typed before.
func (c *Completer) WithHistory(lines []string) *Completer {
	o := c.o
	o.History = func() []string { return lines }
	return New(o)
}
