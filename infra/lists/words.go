package main

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fold brings a name or a value to words: lower case, without accents, and with
// whatever is between words, "OptOut" and "opt_out" too, as one blank.
func fold(text string) string {
	var out strings.Builder
	lower := false
	for _, r := range norm.NFD.String(text) {
		switch {
		case unicode.Is(unicode.Mn, r):
			continue
		case unicode.IsUpper(r) && lower:
			out.WriteByte(' ')
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			r = ' '
		}
		lower = unicode.IsLower(r) || unicode.IsDigit(r)
		out.WriteRune(unicode.ToLower(r))
	}
	return strings.Join(strings.Fields(strings.ReplaceAll(out.String(), "ß", "ss")), " ")
}

// glued is fold without the blanks, in which makers differ.
func glued(text string) string { return strings.ReplaceAll(fold(text), " ", "") }

// How columns are named, in English, German and Spanish, folded.
var (
	outNames = named(`opt(ed)?_outs? opt(ed)?outs?\w* has_?opted_?out\w* un_?subs? un_?subscri\w* isunsubscri\w* suppress\w* black_?list\w* block_?list\w* blocked
		deny_?list\w* dnc do_?not_?contact\w* do_?not_?(bulk_?)?e_?mail\w* do_?not_?(mail|send|market|disturb|solicit)\w* dont_(contact|mail|e_?mail)
		(is)?exclu(ded|sion|ido|ida)\w* withdr\w* retirad\w* denegad\w* entzogen zuruckgezogen e_mails?_disabled revo(ked|cation|cad\w*) refused declined objected objection
		abgemeldet abmeld\w* abbestell\w* ausgetragen austrag\w* \w*widerspr\w* widerr\w* gesperrt \w*sperr(e|liste|ung|vermerk|kennzeichen) werbeverbot kontaktverbot
		keine?_(werbung|e_?mails?|mails?|newsletter|kontakt\w*) nicht_(kontaktieren|anschreiben|bewerben)
		bajas? desuscri\w* dessuscri\w* cancelad\w* cancelacion(es)? bloquead\w* lista_negra no_(contactar|enviar|molestar|mailing) oposicion robinson\w*`)
	inNames = named(`accept\w* opt(ed)?_ins? opt(ed)?in (is)?subscri\w* consent\w* permission\w* agree\w* allow\w* wants?_\w* receives?_\w*
		newsletters? gdpr dsgvo rgpd mailing_?list marketing_(e_?)?mails? e_?mail_marketing marketing_ok mailable
		\w*einwilligung\w* zugestimmt zustimm\w* angemeldet anmeldung abonn\w* permit\w* publicidad boletin(es)? comunicaciones_comerciales marketing einverst\w* erlaubt erlaubnis werbung
		acept\w* suscri\w* autoriz\w* permisos? desea\w* recibir\w*`)
	statusNames = named(`\w*status state estado situacion subscription_type`)
	notNames    = named(`not no non never without doesn_t does_not do_not don_t dont kein keine keinen nicht ohne sin nunca`)
	dateNames   = named(`date \w*datum fecha time timestamp zeit\w* at on am when since seit desde hora since updated created`)
	// aboutNames are of what is neither yes nor no.
	aboutNames = named(`reasons? grund motivo cause source campaign title name ip count number anzahl numero total score rate frequency topics? interests? lists? groups? tags?
		segments? tiers? segmentos? preferences language url link id method quelle origen notes? comments? subscriptions subscribers`)
	// otherNames are of other channels than e-mail.
	otherNames  = named(`sms mms text_messages? phone \w*telefon\w* telefono calls? anruf\w* llamadas? fax whats_?app push postal post letter brief\w* carta\w* mobile movil rcs`)
	mailNames   = named(`e_?mails? mails? newsletters? correos?`)
	reasonNames = regexp.MustCompile(`^(reason|reason code|suppression reason|bounce reason|bounce type|type|event|event type|grund|motivo|sperrgrund)$`)
	plainDates  = regexp.MustCompile(`^(date|at|on|time|timestamp|datum|am|fecha|created|created at|created on|date created|added|added at|added on|date added|event (date|time|timestamp)|zeitpunkt|blocked at|suppressed at)$`)
	// mailWords make it sure that a name speaks of advertising by e-mail.
	mailWords = named(`e_?mails? \w*mails? \w*newsletters? \w*marketing correos? boletin(es)? mailing_?lists? \w*werb\w* publicidad adverti\w* promo\w* offers? ofertas comercial(es)? comunicaciones
		gdpr dsgvo rgpd solicit bulk campaigns? campanas? kampagnen? contact\w* kontakt\w* contactar news novedades angebote updates? informa\w* communications?`)
	// fillers are words that do not change what a name speaks of.
	fillers = named(`is has was by of to from for in on the our an? all any everything us he she they del? la el los las por para a den der die das von zur zu an alle[ns]? und and y
		customers? contacts? person\w* people users? members? subscribers? recipients? list\w* export\w* address\w* adressen? kunden? clientes? contactos? data daten status state estado
		flag field value current\w* dad[oa] given granted obtained received collected erteilt vorhanden gegeben otorgad[oa] be been i you yes recibir receive \d+`)
	// weak names, of columns, and of lists, are said of other things than mail too.
	weak = named(`accept\w* agree\w* allow\w* permission\w* permit\w* consent\w* wants? receives? zugestimmt zustimm\w* erlaubt erlaubnis einverst\w* einwilligung\w*
		acept\w* autoriz\w* permisos? desea\w* recibir\w* (is)?exclu(ded|sion|ido|ida)\w* withdr\w* retirad\w* denegad\w* entzogen zuruckgezogen revo(ked|cation|cad\w*) refused declined
		objected objection blocked gesperrt bloquead\w* cancelad\w* cancelacion(es)? widerr\w* angemeldet anmeldung`)
	// otherThings are what else one may opt out of or subscribe to.
	otherThings = named(`tracking geo\w* profil\w* processing cookies? analytics terms? agb conditions? condiciones privacy_?policy photos? fotos? double doppel\w* doble paid premium tier plan active_subscriptions?
		stripe trial billing payments? orders? pedidos? bestell\w* invoices? login tax`)
	soft        = named(`soft_?bounces?`)
	bounceNames = named(`bounces? bounced hard_?bounces? cleaned rebotes? rebotad\w* unzustellbar\w* undeliverable`)
	spamNames   = named(`complain\w* spam\w* abuse quejas? beschwerden?`)
)

// named is words with "_" as a blank that may be missing.
func named(pattern string) *regexp.Regexp {
	any := strings.Join(strings.Fields(pattern), "|")
	return regexp.MustCompile(`\b(?:` + strings.NewReplacer("_?", " ?", "_", " ?").Replace(any) + `)\b`)
}

// kind is what a column says of a person.
type kind int

const (
	silent  kind = iota
	saysOut      // yes: out
	saysIn       // no: out
	status       // in words
	outDate      // since when they are out
	reason
)

// kindOf reads a column's name.
func kindOf(header string) kind {
	k := kindAlone(header)
	if (k == saysOut || k == saysIn || k == outDate) && elsewhere(fold(answers.ReplaceAllString(fold(header), " "))) {
		return silent
	}
	return k
}

// elsewhere reports whether a folded name speaks of another thing than mail, or
// may do so.
func elsewhere(name string) bool {
	if mailWords.MatchString(name) {
		return false
	}
	strong := weak.ReplaceAllString(name, " ")
	if otherThings.MatchString(name) {
		return true
	}
	if strong == name || outNames.MatchString(strong) || inNames.MatchString(strong) {
		return false
	}
	rest := dateNames.ReplaceAllString(fillers.ReplaceAllString(notNames.ReplaceAllString(strong, " "), " "), " ")
	return strings.TrimSpace(rest) != ""
}

// kindAlone reads a name as if it were that of a column of consent.
func kindAlone(header string) kind {
	name := fold(header)
	if len(answers.FindAllString(name, -1)) > 1 {
		name = strings.Join(strings.Fields(answers.ReplaceAllString(name, " ")), " ") // "(yes/no)"
	}
	if otherNames.MatchString(name) && !mailNames.MatchString(name) {
		return silent
	}
	out, rest := outNames.MatchString(name), outNames.ReplaceAllString(name, " ")
	in, date, about := inNames.MatchString(rest), dateNames.MatchString(rest), aboutNames.MatchString(rest)
	not := notNames.MatchString(rest)
	switch {
	case reasonNames.MatchString(name):
		return reason
	case out && date && !about:
		return outDate
	case about || date:
		return silent
	case out && in && !weakly.MatchString(rest) && !undoes.MatchString(name):
		return status // "opt-in/opt-out": only words can tell
	case out && not, in && !out && !not && !statusNames.MatchString(rest):
		return saysIn
	case out, in && not:
		return saysOut
	case in, statusNames.MatchString(rest):
		return status
	}
	return silent
}

var (
	// answers are those that a name may offer.
	answers = named(`yes no y n ja nein j si true false 0 1`)
	// weakly names what somebody may have opted out of.
	weakly = regexp.MustCompile(`^[^a-z]*$|\b(newsletters?|marketing|gdpr|dsgvo|rgpd|werbung|mailing ?list|e ?mails?)\b`)
	// undoes is a word that turns a consent round.
	undoes = named(`withdr\w* retirad\w* denegad\w* entzogen zuruckgezogen revo\w* refused declined widerr\w* widerspr\w*`)
)

// How sure a name makes it that a column holds the address.
const (
	perhaps = iota + 1
	clearly
	exactly
)

var (
	addressNames = []string{
		"email", "emailaddress", "emailadress", "mailaddress", "emailadresse", "mailadresse", "emailid", "mail", "correo", "correoelectronico", "direcciondecorreo",
		"direcciondecorreoelectronico", "emailadressen", "emails", "emailaddresses", "courriel", "adresseemail", "subscriberemail", "contactemail", "recipientemail",
	}
	maybeNames = []string{"address", "recipient", "subscriber", "member", "user", "username", "to", "adresse", "direccion", "empfanger", "destinatario", "abonnent", "suscriptor"}
	mailName   = regexp.MustCompile(`\b(e ?mails?( (address|adresse|id))?|e ?mailadresse|correo)\b`)
)

// addressRank says how sure a column's name makes it that it holds the
// addresses; 0: it does not.
func addressRank(header string) int {
	name := fold(header)
	switch {
	case slices.Contains(addressNames, glued(header)):
		return exactly
	case kindOf(header) != silent, dateNames.MatchString(name), aboutNames.MatchString(strings.ReplaceAll(name, "name", "")):
		return 0
	case mailName.MatchString(name):
		return clearly
	case slices.Contains(maybeNames, glued(header)):
		return perhaps
	}
	return 0
}
