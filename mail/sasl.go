package mail

import (
	"crypto/sha256"
	"crypto/subtle"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// AuthMechanisms are offered only where a login is wanted.
func (v *visit) AuthMechanisms() []string {
	if v.sink.c.User == "" {
		return nil
	}
	return []string{"PLAIN", "LOGIN"}
}

// Auth begins a login.
func (v *visit) Auth(mechanism string) (sasl.Server, error) {
	switch {
	case v.sink.c.User == "":
		return nil, smtp.ErrAuthUnsupported
	case mechanism == "PLAIN":
		return sasl.NewPlainServer(func(_, user, password string) error { return v.check(user, password) }), nil
	case mechanism == "LOGIN":
		return &loginServer{check: v.check}, nil
	}
	return nil, smtp.ErrAuthUnknownMechanism
}

// check compares in a time that tells nothing of the password.
func (v *visit) check(user, password string) error {
	same := func(a, b string) int {
		x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
		return subtle.ConstantTimeCompare(x[:], y[:])
	}
	if same(user, v.sink.c.User)&same(password, v.sink.c.Password) != 1 {
		v.sink.c.Log("from %s: login of %s: 535", v.peer, user)
		return smtp.ErrAuthFailed
	}
	v.authed = true
	return nil
}

// A loginServer asks for the user, then for the password: the mechanism LOGIN,
// which no RFC defines and old clients know best.
type loginServer struct {
	check func(user, password string) error
	step  int
	user  string
}

// Next takes an answer and gives the next question.
func (l *loginServer) Next(response []byte) (challenge []byte, done bool, err error) {
	if l.step == 0 && response != nil { // the user came with the command
		l.step = 1
	}
	l.step++
	switch l.step {
	case 1:
		return []byte("Username:"), false, nil
	case 2:
		l.user = string(response)
		return []byte("Password:"), false, nil
	}
	return nil, true, l.check(l.user, string(response))
}
