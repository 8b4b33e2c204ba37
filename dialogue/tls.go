package dialogue

import (
	"context"
	"crypto/tls"

	"sosh/primitive"
	"sosh/sock"
	"sosh/tlsinfo"
)

// StartTLS goes on over TLS; the server has agreed. What it said beyond its reply
// before that was sent by somebody in the middle, and is kind Failed (RFC 3207
// section 4.2).
func (c *Client) StartTLS(ctx context.Context, config *tls.Config) error {
	if c.stream.Info().(sock.Info).Buffered > 0 {
		return primitive.Newf(primitive.Failed, "there are bytes between the reply and TLS, which nobody vouches for").
			On(c.target()).WithHint("somebody may be in the way; to see the talk: --show")
	}
	secured, err := tlsinfo.Secure(ctx, c.first, config)
	switch kind := primitive.KindOf(err); kind {
	case "":
	case primitive.Untrusted:
		return err
	default:
		return primitive.AsError(err).WithHint("to see the talk: --show")
	}
	c.stream = secured
	c.Tell("* " + tlsinfo.Version(secured) + " from here on")
	return nil
}
