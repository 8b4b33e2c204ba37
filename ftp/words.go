package ftp

// words are what the codes of FTP mean (RFC 959 section 4.2.2, RFC 2228).
func words() map[int]string {
	return map[int]string{
		421: "service not available", 425: "no data connection", 426: "the data connection broke off", 430: "user or password wrong",
		450: "file busy", 451: "local error in processing", 452: "no room left", 500: "syntax error, command unknown",
		501: "syntax error in parameters", 502: "command not implemented", 503: "bad sequence of commands", 504: "parameter not implemented",
		522: "network protocol not supported", 530: "not logged in", 532: "an account is needed to store files", 534: "that protection is not taken",
		550: "no such file, or no access to it", 551: "page type unknown", 552: "more than may be stored", 553: "file name not allowed",
	}
}
