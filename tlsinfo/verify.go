package tlsinfo

import (
	"bytes"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"
	"time"
)

// A Problem is one reason not to trust a chain.
type Problem struct {
	Kind string // one of the constants below
	Text string // begins with the kind, in words for a person
}

// The kinds of problems.
const (
	Expired         = "expired"
	NotYetValid     = "not-yet-valid"
	WrongName       = "wrong-name"
	SelfSigned      = "self-signed"
	IncompleteChain = "incomplete-chain" // the server left out the certificate of an issuer
	UnknownIssuer   = "unknown-issuer"   // the chain is there, but nobody trusted stands at its end
	BadSignature    = "bad-signature"    // an issuer in the chain did not sign what it should have
	WrongUsage      = "wrong-usage"      // it may not be used for a server, or not to sign
	WeakSignature   = "weak-signature"   // signed with MD5 or SHA-1
	NoCertificate   = "no-certificate"
	Invalid         = "invalid" // anything else that crypto/x509 says
)

// A Judge says whether to trust a chain.
type Judge struct {
	Name  string         // the host that was asked for
	Roots *x509.CertPool // nil: those of this system
	Now   time.Time
}

// Problems are the reasons not to trust a chain as the server sent it, its own
// certificate first: what is wrong with the time, the name, and the issuers, in
// that order. None is trust.
func (j Judge) Problems(chain []*x509.Certificate) (list []Problem) {
	if len(chain) == 0 {
		return []Problem{{NoCertificate, "no-certificate: the server sent none"}}
	}
	leaf := chain[0]
	list = append(list, j.times(leaf, "")...)
	if err := leaf.VerifyHostname(j.Name); err != nil {
		list = append(list, Problem{WrongName, fmt.Sprintf("wrong-name: it is for %s, not for %s", forWhom(leaf), clean(j.Name))})
	}
	return append(list, j.trust(chain)...)
}

// Most names that an error tells.
const fewNames = 5

func forWhom(c *x509.Certificate) string {
	names := namesOf(c)
	switch {
	case len(names) == 0:
		return "nobody (its subjectAltName is empty)"
	case len(names) > fewNames:
		return strings.Join(names[:fewNames], ", ") + " …"
	}
	return strings.Join(names, ", ")
}

// times says whether a certificate is valid now; of says whose it is, unless it
// is the server's own.
func (j Judge) times(c *x509.Certificate, of string) []Problem {
	if of != "" {
		of = ": " + of + ","
	}
	switch {
	case j.Now.After(c.NotAfter):
		return []Problem{{Expired, "expired" + of + " " + Span(j.Now.Sub(c.NotAfter)) + " ago"}}
	case j.Now.Before(c.NotBefore):
		return []Problem{{NotYetValid, "not-yet-valid" + of + " for another " + Span(c.NotBefore.Sub(j.Now))}}
	}
	return nil
}

// trust asks for a way to a trusted authority. When the leaf is out of its time
// it is asked for a moment when it was not, so that both problems are told apart.
func (j Judge) trust(chain []*x509.Certificate) []Problem {
	at := j.Now
	switch leaf := chain[0]; {
	case at.After(leaf.NotAfter):
		at = leaf.NotAfter
	case at.Before(leaf.NotBefore):
		at = leaf.NotBefore
	}
	err := j.verify(chain, at)
	var unusable x509.CertificateInvalidError
	if err == nil || at != j.Now && errors.As(err, &unusable) && unusable.Reason == x509.Expired {
		return nil // an issuer that was not there at that moment, in a chain that fits
	}
	for _, c := range chain[1:] {
		if p := j.times(c, "its issuer "+dn(c.Subject.String())); len(p) > 0 {
			return p
		}
	}
	return []Problem{j.untrusted(chain, err)}
}

func (j Judge) verify(chain []*x509.Certificate, at time.Time) error {
	others := x509.NewCertPool()
	for _, c := range chain[1:] {
		others.AddCert(c)
	}
	_, err := chain[0].Verify(x509.VerifyOptions{Roots: j.Roots, Intermediates: others, CurrentTime: at})
	return err
}

// untrusted says why crypto/x509 found no way.
func (j Judge) untrusted(chain []*x509.Certificate, err error) Problem {
	var unusable x509.CertificateInvalidError
	switch {
	case errors.As(err, &unusable) && unusable.Reason == x509.Expired: // of a trusted root, which the server did not send
		return Problem{Expired, "expired: an issuer's time is over"}
	case errors.As(err, &unusable):
		return Problem{WrongUsage, "wrong-usage: " + clean(strings.TrimPrefix(err.Error(), "x509: "))}
	case !errors.As(err, &x509.UnknownAuthorityError{}):
		return Problem{Invalid, "invalid: " + clean(strings.TrimPrefix(err.Error(), "x509: "))}
	case isSelfSigned(chain[0]):
		return Problem{SelfSigned, "self-signed: nobody but itself vouches for it"}
	}
	return j.unlinked(chain)
}

// unlinked follows the chain from the leaf to where it ends.
func (j Judge) unlinked(chain []*x509.Certificate) Problem {
	c := chain[0]
	for range chain {
		if isSelfSigned(c) {
			return Problem{UnknownIssuer, "unknown-issuer: the root " + dn(c.Subject.String()) + " is not trusted here"}
		}
		up, err := issuerIn(chain, c)
		switch {
		case err != nil && weak(c):
			return Problem{WeakSignature, "weak-signature: " + dn(c.Subject.String()) + " is signed with " + c.SignatureAlgorithm.String()}
		case err != nil:
			return Problem{BadSignature, "bad-signature: " + dn(up.Subject.String()) + " did not sign " + dn(c.Subject.String())}
		case up == nil:
			return j.missing(chain, c)
		case up.BasicConstraintsValid && !up.IsCA:
			return Problem{WrongUsage, "wrong-usage: " + dn(up.Subject.String()) + " may not sign others"}
		}
		c = up
	}
	return Problem{UnknownIssuer, "unknown-issuer: the chain goes in a circle"}
}

// missing is about a certificate whose issuer was not sent. That is right for a
// root, and wrong for any other, and nothing in the certificate tells which of
// them its issuer is. Those of public authorities tell where to get the issuer's
// (RFC 5280, 4.2.2.1); those who name the roots themselves know where the chain
// has to end.
func (j Judge) missing(chain []*x509.Certificate, c *x509.Certificate) Problem {
	issuer := dn(c.Issuer.String())
	if c == chain[0] && (j.Roots != nil || len(c.IssuingCertificateURL) > 0) {
		return Problem{IncompleteChain, "incomplete-chain: the certificate of its issuer " + issuer + " was not sent, and is none of the trusted ones"}
	}
	return Problem{UnknownIssuer, "unknown-issuer: " + issuer + " is not trusted here"}
}

// issuerIn finds the issuer of a certificate in a chain: nil where no name fits,
// with an error where the name does and the signature does not.
func issuerIn(chain []*x509.Certificate, c *x509.Certificate) (up *x509.Certificate, err error) {
	for _, u := range chain {
		if !bytes.Equal(u.RawSubject, c.RawIssuer) || u == c {
			continue
		}
		up = u
		if err = u.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature); err == nil {
			return u, nil
		}
	}
	return up, err
}

func weak(c *x509.Certificate) bool {
	switch c.SignatureAlgorithm {
	case x509.MD2WithRSA, x509.MD5WithRSA, x509.SHA1WithRSA, x509.DSAWithSHA1, x509.ECDSAWithSHA1:
		return true
	}
	return false
}

func isSelfSigned(c *x509.Certificate) bool {
	return bytes.Equal(c.RawSubject, c.RawIssuer) && (weak(c) || c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) == nil)
}
