//go:build !linux && !darwin && !dragonfly && !freebsd && !netbsd && !openbsd

package sock

// A systemPoller is not there on this system.
type systemPoller struct{}

func newSystemPoller() (*systemPoller, error) { return nil, errNoLook }
func (*systemPoller) add(int, int32) error    { return errNoLook }
func (*systemPoller) remove(int) error        { return errNoLook }
func (*systemPoller) wait() ([]int32, error)  { return nil, errNoLook }
func (*systemPoller) wake()                   {}
func (*systemPoller) close() error            { return nil }
