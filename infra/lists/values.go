package main

import (
	"regexp"
	"strings"
)

// said is what one cell says of a person.
type said int

const (
	unknown said = iota
	nothing
	yes
	no
	out // in words
	in
	bounce
	spam
	softBounce
)

// Values as exports write them, folded, in English, German and Spanish.
var sayings = map[said]string{
	nothing: `|null|none|nil|n a|na|nan|undefined|unknown|unbekannt|desconocido|not set|not available|keine angabe|permission not set|no permissions set|redacted`,
	yes:     `yes|true|1|1 0|y|t|x|on|checked|ja|j|wahr|si|s|verdadero|cierto|oui`,
	no:      `no|false|0|0 0|n|f|off|unchecked|nein|falsch|falso|non|never|nie|niemals|nunca`,
	out: `unsubscribed|unsubscribe|unsubscribes|unsub|opted out|opt out|optout|optedout|out|suppressed|user suppressed|manual suppression|manually suppressed|blocked|admin blocked|
blocklisted|blacklisted|block listed|black listed|denylisted|excluded|do not allow|do not contact|do not email|do not mail|do not send|not allowed|denied|declined|refused|rejected|revoked|
withdrawn|consent withdrawn|cancelled|canceled|no consent|not opted in|not subscribed|objected|objection|globally unsubscribed|unsubscribed by admin|
abgemeldet|ausgetragen|abbestellt|gesperrt|widersprochen|widerruf|widerrufen|widerspruch|abgelehnt|verweigert|entzogen|nicht erteilt|nicht erlaubt|keine einwilligung|nicht angemeldet|nicht abonniert|
baja|de baja|dado de baja|dada de baja|desuscrito|desuscrita|cancelado|cancelada|no suscrito|no suscrita|no acepta|no aceptado|no autorizado|rechazado|rechazada|revocado|revocada|bloqueado|bloqueada|
excluido|excluida|no contactar|no consiente|denegado|denegada`,
	in: `subscribed|subscribe|opted in|opt in|optin|optedin|in|active|enabled|confirmed|pending|awaiting confirmation|unconfirmed|not confirmed|non subscribed|nonsubscribed|never subscribed|not activated|valid|deliverable|temp hold|temporary hold|single opt in|double opt in|confirmed opt in|
explicit|implicit|express|implied|allow|allowed|granted|given|accepted|accepts|agreed|consented|consent given|not unsubscribed|not opted out|contactable|transactional|mailable|
angemeldet|abonniert|aktiv|erteilt|eingewilligt|zugestimmt|erlaubt|bestatigt|unbestatigt|ausstehend|nicht abgemeldet|einverstanden|
suscrito|suscrita|alta|activo|activa|acepta|aceptado|aceptada|autorizado|autorizada|permitido|consentido|confirmado|pendiente|sin confirmar`,
	bounce: `hard|bounced|bounce|bounces|hard bounce|hard bounced|hard bounces|hardbounce|hardbounced|permanent bounce|permanent|cleaned|invalid|invalid email|invalid email address|undeliverable|dead|
unzustellbar|hart gebounct|rebotado|rebotada|rebote|rebote duro`,
	spam: `complained|abused|complaint|complaints|spam|spam complaint|spam report|spamreport|spam reported|spam notification|reported spam|reported as spam|marked as spam|contact flagged as spam|abuse|junk|
spam gemeldet|beschwerde|queja|spam denunciado`,
	softBounce: `soft|soft bounce|soft bounced|soft bounces|softbounce|softbounced|temporary bounce|transient|transient bounce|weich gebounct|rebote suave|rebote blando`,
}

var meanings = func() map[string]said {
	all := map[string]said{}
	for meaning, list := range sayings {
		for word := range strings.SplitSeq(strings.ReplaceAll(list, "\n", ""), "|") {
			all[word] = meaning
		}
	}
	return all
}()

// vague are words that other things have for a status too, such as orders,
// guests, leads and accounts.
var vague = named(`out excluded blocked admin_blocked not_allowed denied declined refused rejected revoked withdrawn cancell?ed gesperrt abgelehnt verweigert entzogen cancelad[oa] rechazad[oa] revocad[oa]
	bloquead[oa] excluid[oa] denegado in active enabled confirmed pending unconfirmed not_confirmed explicit implicit allow allowed granted given accepts? accepted agreed not_activated valid deliverable
	aktiv erteilt erlaubt bestatigt unbestatigt ausstehend alta activ[oa] acepta aceptad[oa] autorizad[oa] permitido confirmado pendiente sin_confirmar
	hard permanent invalid dead soft transient junk baja de_baja`)

// plainly reports whether a value speaks of mailings and nothing else.
func plainly(value string) bool {
	word := fold(ticks.Replace(value))
	return meaning(value) >= out && vague.FindString(word) != word
}

var ticks = strings.NewReplacer("✓", "yes", "✔", "yes", "☑", "yes", "✗", "no", "✘", "no", "☐", "no", "❌", "no", "✅", "yes", "\\N", "")

// noDate is what databases write for a date that is not there.
var noDate = regexp.MustCompile(`^(0000-00-00|0001-01-01|00[./]00[./]0000|1899-12-3[01]|1900-01-0[01]|1970-01-01)([T ]00:00.*)?$`)

// maxWord is longer than anything that meaning knows, in bytes.
const maxWord = 100

// meaning reads a cell.
func meaning(value string) said {
	if len(value) > maxWord {
		return unknown
	}
	if noDate.MatchString(value) {
		return nothing
	}
	word := fold(ticks.Replace(value))
	if m, known := meanings[word]; known {
		return m
	}
	if strings.HasPrefix(word, "unsubscribed ") || strings.HasPrefix(word, "opted out ") {
		return out // of, by or via whatever
	}
	return unknown
}

// reasonOf is the reason of one who is out, in the words of the desk's API; ""
// for one who is not.
func (s said) reasonOf() string {
	switch s {
	case out:
		return unsubscribed
	case bounce:
		return bounced
	case spam:
		return complained
	}
	return ""
}

// in a column of a kind: whether the person is out by it, whether they are not
// by a word of its own, or whether it says nothing; unknown where nobody can
// tell.
func (k kind) reads(value string) said {
	m := meaning(value)
	switch {
	case m == yes && k == saysOut, m == no && k == saysIn:
		return out
	case m == no && k == saysOut, m == yes && k == saysIn:
		return in
	case m == yes || m == no:
		return unknown
	case m == unknown && (k == saysOut || k == saysIn):
		if _, dated := readDate(value, dayFirst); dated && k == saysOut {
			return out // since then
		} else if dated {
			return in
		}
	}
	return m
}
