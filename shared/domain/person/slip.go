package person

import (
	"cmp"
	"slices"
	"strings"

	"privacydesk/shared/domain/spelling"
)

// providers are large mailbox providers. A domain near one of them is probably
// a slip; of two as near, the first was meant.
var providers = split(
	"gmail.com", "googlemail.com", "hotmail.com", "outlook.com", "yahoo.com", "icloud.com", "aol.com", "live.com", "msn.com",
	"gmx.de", "web.de", "t-online.de", "gmx.net", "freenet.de", "gmx.at", "gmx.ch", "gmx.com", "mailbox.org",
	"hotmail.de", "hotmail.es", "hotmail.fr", "hotmail.it", "hotmail.co.uk", "live.de", "live.fr", "live.co.uk", "outlook.de", "outlook.es", "outlook.fr",
	"yahoo.de", "yahoo.es", "yahoo.fr", "yahoo.it", "yahoo.co.uk", "yahoo.co.in", "yahoo.co.jp", "yahoo.com.mx", "yahoo.com.br", "yahoo.com.ar",
	"protonmail.com", "proton.me", "comcast.net", "verizon.net", "att.net", "sbcglobal.net", "bellsouth.net", "btinternet.com",
	"wanadoo.fr", "laposte.net", "telefonica.net",
)

// namesakes are domains of others that look like a slip and are none.
var namesakes = split("grail.com", "gail.com", "photon.me")

// tops are the ends of domains that are meant where there is no such end.
var tops = []string{"com", "net", "org", "de", "es", "fr", "it", "uk", "at", "ch", "nl", "be", "eu", "edu", "gov", "info", "mx", "br"}

// The ends below are held by a test to golang.org/x/net/publicsuffix, which
// itself brings net/http along.

// lookalikes are ends of more than two letters that are near one of tops, and
// are given out.
var lookalikes = strings.Fields("art bar bet bom cam cat dev eat esq eus fit frl ftr gmx goo gop got int ist itv lat mit mom mov nec new next nfl ntt ong onl pet sfr vet")

// countries are all ends of two letters that are given out (IANA, root zone database).
var countries = strings.Fields("ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bv bw by bz ca cc cd cf cg ch ci ck cl cm cn " +
	"co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk " +
	"hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh " +
	"mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs " +
	"ru rw sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va " +
	"vc ve vg vi vn vu wf ws ye yt za zm zw")

// site is a domain in two parts: gmail and com, yahoo and co.uk.
type site struct{ name, end string }

func split(domains ...string) []site {
	sites := make([]site, len(domains))
	for i, d := range domains {
		sites[i].name, sites[i].end, _ = strings.Cut(d, ".")
	}
	return sites
}

func (s site) String() string { return s.name + "." + s.end }

// Slip returns the address that was perhaps meant, "" where nothing looks
// wrong. It is a guess for the person's own eyes, and changes nothing.
func (a Address) Slip() string {
	local, domain, _ := strings.Cut(a.Reveal(), "@")
	if meant := meantDomain(domain); meant != domain {
		return local + "@" + meant
	}
	return ""
}

// meantDomain is the domain that was probably meant, domain itself where
// nothing looks wrong.
func meantDomain(domain string) string {
	wrong, best, least := split(domain)[0], domain, 3
	if slices.Contains(namesakes, wrong) {
		return domain
	}
	for _, p := range providers {
		slips := spelling.Distance(wrong.name, p.name) + spelling.Distance(wrong.end, p.end)
		if slips < least && nameSlip(wrong.name, p.name) && endSlip(wrong.end, p.end) {
			best, least = p.String(), slips
		}
	}
	if best == domain && least > 0 {
		return withTop(domain)
	}
	return best
}

// nameSlip reports whether one slip at most makes a name of a provider's. Short
// names have many neighbours, and few people miss the first letter: email.com
// and ymail.com are what they say.
func nameSlip(wrong, name string) bool {
	if spelling.Distance(wrong, name) != 1 || wrong == "" {
		return wrong == name
	}
	swapped := len(wrong) == len(name) && sameLetters(wrong, name)
	switch {
	case len(name) < 4:
		return swapped && wrong[0] == name[0]
	case len(name) < 5:
		return swapped
	}
	return swapped || wrong[0] == name[0] || len(name) > 6 && strings.HasSuffix(name, wrong)
}

func sameLetters(a, b string) bool {
	for i := range len(a) {
		if strings.Count(a, a[i:i+1]) != strings.Count(b, a[i:i+1]) {
			return false
		}
	}
	return true
}

// endSlip reports whether one slip at most makes an end of a provider's. Another
// country's is as good: hotmail.se is no slip of hotmail.es. One that lacks a
// letter, such as co or om, is.
func endSlip(wrong, end string) bool {
	if spelling.Distance(wrong, end) != 1 {
		return wrong == end
	}
	return !exists(top(wrong)) || top(wrong) == top(end) || len(wrong) < len(end)
}

func top(domain string) string { return domain[strings.LastIndexByte(domain, '.')+1:] }

// exists reports whether an end of domains is given out. Of those with more
// than two letters, only what is near one of tops is doubted.
func exists(end string) bool {
	if len(end) < 3 {
		return slices.Contains(countries, end)
	}
	return slices.Contains(tops, end) || slices.Contains(lookalikes, end) || nearTop(end) == ""
}

// nearTop is the first of tops that one slip makes an end of.
func nearTop(end string) string {
	for _, top := range tops {
		if spelling.Distance(end, top) == 1 {
			return top
		}
	}
	return ""
}

// withTop is the domain with the end that was meant where there is no such
// end, and else the domain.
func withTop(domain string) string {
	end := top(domain)
	if meant := nearTop(end); meant != "" && !exists(end) {
		return strings.TrimSuffix(domain, end) + meant
	}
	return domain
}

// Guess returns the address that was perhaps meant by a text that is none, ""
// where that is not clear: a comma for a dot, two dots, no dot.
func Guess(text string) string {
	bare, err := undress(text)
	local, domain, _ := strings.Cut(bare, "@")
	if err != nil {
		return ""
	}
	domain = withDots(strings.ToLower(strings.TrimLeft(domain, "@")))
	a, err := Parse(trim(local) + "@" + domain)
	if err != nil {
		return ""
	}
	if end := top(domain); !slices.Contains(tops, end) && !slices.Contains(countries, end) {
		return a.Slip()
	}
	return cmp.Or(a.Slip(), a.Reveal())
}

// withDots is a domain with one dot for each thing that people type for one;
// of a provider's name, whole or alone, the provider's domain.
func withDots(domain string) string {
	labels := strings.FieldsFunc(domain, func(r rune) bool { return strings.ContainsRune(".,;:", r) })
	for i, l := range labels {
		labels[i] = trim(l)
	}
	domain = strings.Join(labels, ".")
	joined := strings.ReplaceAll(domain, " ", "")
	for _, p := range providers {
		if joined == p.name+strings.ReplaceAll(p.end, ".", "") || joined == p.name && len(joined) > 3 {
			return p.String()
		}
	}
	return domain
}
