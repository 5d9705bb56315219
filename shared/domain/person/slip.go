package person

import "strings"

// slips are misspelt domains of large mailbox providers and what was meant.
// Each is one that nobody but a trader in misspellings uses.
var slips = map[string]string{
	"gmial.com": "gmail.com", "gmai.com": "gmail.com", "gmal.com": "gmail.com", "gmil.com": "gmail.com", "gnail.com": "gmail.com",
	"gamil.com": "gmail.com", "gmaill.com": "gmail.com", "gmali.com": "gmail.com", "gmail.co": "gmail.com", "gmail.cm": "gmail.com",
	"hotmial.com": "hotmail.com", "hotmal.com": "hotmail.com", "hotmai.com": "hotmail.com", "hotnail.com": "hotmail.com", "hotmil.com": "hotmail.com",
	"yaho.com": "yahoo.com", "yahooo.com": "yahoo.com", "yhoo.com": "yahoo.com", "yahho.com": "yahoo.com", "yahoo.co": "yahoo.com",
	"outlok.com": "outlook.com", "outloook.com": "outlook.com", "outlook.co": "outlook.com", "outllok.com": "outlook.com",
	"iclod.com": "icloud.com", "icloud.co": "icloud.com", "iclud.com": "icloud.com",
	"gmx.d": "gmx.de", "gmx.dee": "gmx.de", "web.d": "web.de", "wbe.de": "web.de",
}

// ends are misspelt ends of domains. None of them is a top-level domain.
var ends = map[string]string{"con": "com", "cmo": "com", "comm": "com", "ocm": "com", "vom": "com", "nte": "net", "ner": "net", "ogr": "org", "orgg": "org"}

// Slip returns the address that was perhaps meant, "" where nothing looks
// wrong. It is a guess for the person's own eyes, and changes nothing.
func (a Address) Slip() string {
	local, domain, _ := strings.Cut(a.Reveal(), "@")
	if meant := slips[domain]; meant != "" {
		return local + "@" + meant
	}
	dot := strings.LastIndexByte(domain, '.')
	if meant := ends[domain[dot+1:]]; meant != "" {
		domain = domain[:dot+1] + meant
		if better := slips[domain]; better != "" {
			domain = better
		}
		return local + "@" + domain
	}
	return ""
}
