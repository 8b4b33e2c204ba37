package mail

import (
	"errors"
	"os"
)

// words are what the codes of SMTP mean (RFC 5321 section 4.2.3, RFC 4954).
func words() map[int]string {
	return map[int]string{
		421: "service not available", 450: "mailbox busy", 451: "local error in processing", 452: "not enough room, or too many recipients",
		454: "temporary failure of authentication or TLS", 455: "cannot take these parameters now", 500: "syntax error, command unknown", 501: "syntax error in parameters",
		502: "command not implemented", 503: "bad sequence of commands", 504: "parameter not implemented", 521: "the host takes no mail",
		523: "encryption needed", 530: "authentication needed", 534: "a stronger mechanism is needed", 535: "user or password wrong", 538: "encryption needed for that mechanism",
		550: "mailbox unavailable", 551: "user not local", 552: "too large, or no room left", 553: "mailbox name not allowed", 554: "transaction failed",
		555: "parameters not known", 556: "the domain takes no mail",
	}
}

func asPath(err error, pe **os.PathError) bool { return errors.As(err, pe) }
