package sock

import (
	"context"

	"sosh/primitive"
)

// Open is for raw steps, which Windows does not have here: kind Unsupported.
func Open(Family, Type) (*Socket, error) { return nil, noRawSteps() }

// OpenContext is Unsupported on Windows.
func OpenContext(context.Context, Family, Type) (*Socket, error) { return nil, noRawSteps() }

// Bind is Unsupported on Windows.
func (s *Socket) Bind(context.Context, primitive.Addr) error { return noRawSteps() }

// Listen is Unsupported on Windows.
func (s *Socket) Listen(int) error { return noRawSteps() }

// Connect is Unsupported on Windows.
func (s *Socket) Connect(context.Context, primitive.Addr) error { return noRawSteps() }

func (s *Socket) localAddr() primitive.Addr { return primitive.Addr{} }

func noRawSteps() error {
	e := primitive.Newf(primitive.Unsupported, "raw steps are not supported on Windows")
	return e.WithHint("use the short forms: tcp connect, listen, udp bind")
}
