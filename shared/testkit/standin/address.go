package standin

import "strings"

// fold gives an address the form under which SES keeps it: the domain in lower
// case, the local part as it came. Foo@x and foo@x are two entries.
func fold(address string) string {
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return address
	}
	return address[:at] + strings.ToLower(address[at:])
}

// checkAddress refuses what SES cannot hold. Its documentation asks for
// UserName@[SubDomain.]Domain.TopLevelDomain, in ASCII; quoted local parts and
// address literals are not documented and refused here.
func checkAddress(address string) error {
	if address == "" {
		return badRequest("Email address must not be empty.")
	}
	at := strings.LastIndexByte(address, '@')
	if at < 0 || len(address) > 254 || !validLocal(address[:at]) || !validDomain(address[at+1:]) {
		return badRequest("Invalid email address %s.", address)
	}
	return nil
}

func validLocal(local string) bool {
	if local == "" || len(local) > 64 {
		return false
	}
	for _, c := range []byte(local) {
		if !alphanumeric(c) && !strings.ContainsRune("!#$%&'*+-/=?^_`{|}~.", rune(c)) {
			return false
		}
	}
	return true
}

func validDomain(domain string) bool {
	labels := strings.Split(domain, ".")
	if len(domain) > 253 || len(labels) < 2 {
		return false
	}
	for _, label := range labels {
		if !validLabel(label) {
			return false
		}
	}
	top := labels[len(labels)-1]
	return strings.Trim(top, "0123456789") != ""
}

func validLabel(label string) bool {
	if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
		return false
	}
	for _, c := range []byte(label) {
		if !alphanumeric(c) && c != '-' {
			return false
		}
	}
	return true
}

func alphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
