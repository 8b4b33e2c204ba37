package mail

import (
	"context"
	"crypto/hmac"
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"

	"sosh/dialogue"
	"sosh/primitive"
)

// mechanisms lists what the server offers for a login, in capitals.
func (c *client) mechanisms() []string {
	text, _ := c.extension("AUTH")
	return strings.Fields(strings.ToUpper(text))
}

// login proves who sends (RFC 4954), and gives the mechanism it took: one that
// keeps the password to itself where nobody else protects it.
func (c *client) login(ctx context.Context) (string, error) {
	ctx, cancel := c.o.Bounded(ctx)
	defer cancel()
	offered := c.mechanisms()
	if !c.private() && slices.Contains(offered, "CRAM-MD5") {
		return "CRAM-MD5", c.cramMD5(ctx)
	}
	if !c.private() && !c.o.Trust.Insecure {
		return "", primitive.Newf(primitive.Denied, "the password would go over the network for all to read").On(c.Target()).
			WithHint("encrypt first: --starttls always; or say that it may be read: --insecure")
	}
	switch {
	case slices.Contains(offered, "PLAIN"):
		return "PLAIN", c.plain(ctx)
	case slices.Contains(offered, "LOGIN"):
		return "LOGIN", c.loginByParts(ctx)
	case slices.Contains(offered, "CRAM-MD5"):
		return "CRAM-MD5", c.cramMD5(ctx)
	}
	what := "the server offers no login"
	if len(offered) > 0 {
		what = "the server offers only logins that are not known here: " + primitive.Escape(strings.Join(offered, " "), false)
	}
	return "", primitive.Newf(primitive.Unsupported, "%s", what).On(c.Target()).WithHint("some offer it over TLS only: --starttls always; or leave out --user")
}

// prove gives a line that holds a secret.
func (c *client) prove(ctx context.Context, line, shown string, hundred int) (dialogue.Reply, error) {
	r, err := c.Secret(ctx, line, shown)
	if err == nil {
		err = c.Want(r, "the login", hundred)
	}
	return r, err
}

func encode(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// plain is the mechanism PLAIN (RFC 4616).
func (c *client) plain(ctx context.Context) error {
	if strings.ContainsRune(c.o.User+c.o.Password, 0) {
		return primitive.Usagef("a user or password holds no zero byte")
	}
	_, err := c.prove(ctx, "AUTH PLAIN "+encode("\x00"+c.o.User+"\x00"+c.o.Password), "AUTH PLAIN ***", 2)
	return err
}

// loginByParts is LOGIN, which no RFC defines and everybody knows.
func (c *client) loginByParts(ctx context.Context) error {
	if _, err := c.prove(ctx, "AUTH LOGIN", "AUTH LOGIN", 3); err != nil {
		return err
	}
	if _, err := c.prove(ctx, encode(c.o.User), "***", 3); err != nil {
		return err
	}
	_, err := c.prove(ctx, encode(c.o.Password), "***", 2)
	return err
}

// cramMD5 answers a challenge without telling the password (RFC 2195).
func (c *client) cramMD5(ctx context.Context) error {
	r, err := c.prove(ctx, "AUTH CRAM-MD5", "AUTH CRAM-MD5", 3)
	if err != nil {
		return err
	}
	challenge, err := base64.StdEncoding.DecodeString(r.Text())
	if err != nil {
		return primitive.Newf(primitive.Failed, "the server's challenge is no base64: %s", primitive.Quote(r.Text())).On(c.Target()).WithHint("to see the talk: --show")
	}
	mac := hmac.New(md5.New, []byte(c.o.Password))
	mac.Write(challenge)
	_, err = c.prove(ctx, encode(c.o.User+" "+hex.EncodeToString(mac.Sum(nil))), "***", 2)
	return err
}
