package inbox

import (
	"regexp"
	"strings"
	"sync"
)

// vocabulary is compiled when the first mail is read. All words are folded
// (see fold): English, Spanish, German, and beside them French, Italian,
// Portuguese and Dutch.
type vocabulary struct {
	stops                         []stop
	wishes                        []pattern
	give                          *regexp.Regexp // "send me my data": what a wish to see it is called without its name
	not, notNot, ratherThan       *regexp.Regexp
	between, business             *regexp.Regexp
	question, polite, stop, short *regexp.Regexp
}

// stop is a wish that is said with a "not" of its own. It is taken out of its
// sentence before that is read for others.
type stop struct {
	wish  Wish
	words *regexp.Regexp
}

// What wishes are about: "held" is personal data, "ads" marketing.
const (
	held = `(data|information|info|accounts?|profile|records?|details|everything|all about|all you|history|files?|\w*daten\w*|\w*konto|\w*profil|datos|informacion|cuenta|perfil|donnees|informations|compte|dati|informazioni|dados|conta|gegevens)`
	ads  = `(\w*marketing\w*|advert\w*|ads|\w*newsletters?|mailings?|\w*promotion\w*|\w*werb(ung|e|lich)\w*|publicid\w*|comercial\w*|promocion\w*|boletin\w*|prospection|publicit\w*|pubblicit\w*|reclame|nieuwsbrie\w*|profiling)`
	mail = `(e-?mail\w*|mails?|calls?|texts?|sms|messages?|spam\w*|contact\w*|correos?|mensajes|llamadas|comunicaciones)`
	some = `(\w+ ){0,4}`
)

var vocabularyOf = sync.OnceValue(func() *vocabulary {
	return &vocabulary{
		stops: []stop{
			{NoSale, find(
				`(do not|not to|never|stop|cease|no|opt(ing)?[ -]?out( of| from)?) `+some+`(sell\w*|sale|shar(e|ing))`,
				`(nicht|nie) (.* )?(weiter)?(zu)?(verkauf\w*|geb\w*|gegeben)`, `nicht (.* )?weitergeben`, `keine?\w* (weiter)?(verkauf|weitergabe)\w*`,
				`(weiterverkauf|verkauf|weitergabe) .*(untersag|widersprech|widerspruch|verbiet)\w*`, `widerspr\w+ .*(verkauf|weitergabe)\w*`,
				`no `+some+`(vend|compart|ced)\w+ .*(datos|informacion)`, `ne `+some+`(vend|partag)\w+ .*(donnees|informations)`,
				`non (vend|condivid)\w+`, `nao (vend|compartilh|partilh)\w+`, `niet .*verko\w+`)},
			{Object, find(
				`do not (ever )?(e-?mail|mail|contact|call|text|phone|write|message|spam|market) `+some+`(me|us|to me|to us|again|any ?more)`,
				`(do not|never|stop|cease|quit) send(ing)? (me |us )?((any|more|further|your|such|these|this|those|marketing|promotional) )*(`+mail+`|`+ads+`)`,
				`(no more|no further|stop|end|cease) (all |any |your |the |these |with |me |to )*(further )?(`+mail+`|`+ads+`)`, `no (direct )?`+ads,
				`do not (want|wish) `+some+`(`+ads+`|e-?mails|calls|messages|contacted)`, `leave me alone`,
				`(remove|take|delete|get|strike) .*(from|off) .*(list|lists|mailings?|newsletters?|distribution)`, `remove me from (all )?(e-?mails?|marketing|communications)`,
				`keine?\w* (weiter\w* |mehr )?`+ads, `stopp\w* (.* )?`+ads, `keine (e-?mails?|mails?|post|anrufe|nachrichten) mehr( (bitte|schicken|senden|zusenden|zuschicken|erhalten|von ihnen|an mich))*$`, `keine?\w* (weiter\w*|mehr) (e-?mails?|mails?|post|anruf\w*|kontakt\w*|nachricht\w*|zusendung\w*)`,
				`nicht (mehr|langer) (.* )?(kontaktier|anschreib|anruf|zusend|schick|zuschick|mail|beworben|erhalten)\w*`, `(kontaktier|anschreib|anruf|schick|send|schreib)\w* (.* )?nicht (mehr|langer)`, `(aus|von) (.* )?(e-?mail-?)?(verteiler|mailingliste)\w*`,
				`no (quiero|deseo|queremos|deseamos) `+some+`(`+ads+`|`+mail+`)`, `(no|dejen? de|dejar de|paren? de) (me |nos )?(enviar|envien|envie|mandar|manden|mande|llamar|llamen|contactar|contacten|escribir|escriban)\w*`,
				`no mas (`+ads+`|`+mail+`)`, `(elimin|borr|quit|saqu|retir)\w+ .*(lista|boletin)\w*`,
				`ne `+some+`(plus|pas) `+some+`(recevoir|m'envoyer|m'envoyez|me contacter|me contactez|m'ecrire)`, `(plus|pas) (aucune? |de )(`+ads+`|mails?|courriels|pub)`,
				`non (voglio|desidero|inviatemi|inviate|contattatemi) (.* )?(`+ads+`|e-?mail|comunicazioni)`, `basta (e-?mail|`+ads+`)`,
				`nao (quero|desejo|enviem|envie) (.* )?(`+ads+`|e-?mails?|comunicacoes)`, `geen (`+ads+`|e-?mails?|mails) meer`, `niet meer (mailen|benaderen|bellen)`)},
		},
		wishes: []pattern{
			{Erase, find(
				`erasure`, `right to be forgotten`, `(forget|erase|delete) me`, `art 17`, `(deletion|removal) request`, `request (to delete|for deletion)`, `right to (delete|deletion)`, `(delete|deletion|deleting|erase|erasing|remove|removing|removal|wipe|purge|destroy) (.* )?`+held,
				held+` (deletion|removal|erasure)`, `(want|like|have|need|get|please|request|wish) .*`+held+` .*(deleted|removed|erased)`,
				`\w*(daten|konto|account|profil)s?loe?sch\w*`, `loe?sch(antrag|begehren|anfrage|ersuchen|gesuch|anspruch|verlangen|aufforderung|auftrag|bitte|wunsch)\w*`,
				`loe?schung\w*`, `(loe?sch(en|e|t)|vernicht\w+|entfern\w+) (.* )?`+held, held+` (.* )?(loe?schen|vernichten|entfernen)`, `(recht auf )?vergessen ?(zu )?werden`,
				`supresion`, `derecho al olvido`, `(suprim|borr|elimin)\w* (.* )?`+held, `dar de baja (mi|la) cuenta`, `cancelacion de (mis|los) datos`,
				`effacement`, `droit a l'oubli`, `(effac|supprim|suppression)\w* (.* )?`+held, `cancellazione( .*)?`, `diritto all'oblio`, `(cancell|elimin)\w+ (.* )?`+held,
				`direito ao esquecimento`, `(exclusao|eliminacao|apag\w+|exclu\w+) (.* )?`+held, `recht op vergetelheid`, `gegevenswissing`, `(verwijder\w*|wissen|wis) (.* )?`+held, held+` (.* )?verwijder\w*`),
				find(`delete[ds]?`, `deletion`, `erase[ds]?`, `removal`, `remove me`, `forgotten`, `(ge)?loe?sch(t|en)`, `borrar`, `borrad[oa]s?`, `suprimir`, `elimin(ar|e|en|ad[oa]s?)`, `effacer`, `supprimer`, `verwijderen`, `vergeten`)},
			{See, find(
				`dsar`, `sar`, `(subject|data) access`, `access request`, `right (of|to) access`, `request for (my|all|personal) (.* )?(data|information|records)`, `request to know`, `right to know`, `art 15`, `access (.* )?(data|information|personal|records)`,
				`cop(y|ies) (.* )?`+held, `(what|which) (.* )?(data|information)( .*)?`, `what (do )?you (know|hold|have|store) .*(me|us)`,
				`\w*(selbst|daten|eigen)auskunft\w*`, `auskunfts\w+`, `auskunft .*(daten|dsgvo|gdpr|art|person|gespeichert|speicher|mich)\w*`, `\W*auskunft\W*`,
				`\w*daten(kopie|einsicht|export)\w*`, `(kopie|einsicht|abschrift) (.* )?`+held, `welche (.* )?daten( .*)?`, `was (wissen|haben|speichern) sie (.* )?mich`,
				`(derecho|solicitud) de acceso`, `acceso (.* )?`+held, `copia (.* )?`+held, `que (datos|informacion)( .*)?`, `(droit|demande) d'acces`, `acces (.* )?`+held, `copie (.* )?`+held,
				`(diritto|richiesta) di accesso`, `accesso (.* )?`+held, `direito de acesso`, `acesso (.* )?`+held, `inzage\w*`),
				find(`access`, `copy`, `auskunft`, `kopie`, `einsicht`, `acceso`, `copia`, `accesso`, `acesso`)},
			{Correct, find(
				`(rectif|retific|rettific)\w+`, `berichtig\w+`, `art 16`,
				`(correct|correction|update|change|fix|wrong|incorrect|inaccurate) (.* )?(my|name|address|data|details|information|e-?mail|phone|number|birth|records?)`,
				`(korrektur|korrigier\w*|ander\w*|aktualisier\w*) (.* )?(\w*daten|\w*name\w*|\w*adresse|anschrift)`, `(\w*daten|\w*name\w*|\w*adresse|anschrift) (.* )?(korrigieren|andern|aktualisieren)`,
				`(correg|correc|corrij|actualiz|modific|cambi)\w+ (.* )?(datos|nombre|direccion)`),
				find(`correct`, `correction`, `corregir`, `korrektur`)},
			{Carry, find(`portab\w+`, `\w*daten(u|ue)bertragbarkeit`, `(u|ue)bertragung (.* )?daten`, `art 20`, `transfer (of )?my (personal )?data`, `\w*overdraagbaarheid`), nil},
			{Restrict, find(`restrict\w* (.* )?process\w*`, `process\w* (.* )?restrict\w*`, `\w*einschra(e)?nk\w* (.* )?\w*verarbeitung`, `\w*verarbeitung\w* (.* )?einschra(e)?nk\w*`, `art 18`,
				`limitacion (.* )?tratamiento`, `limitation (.* )?traitement`, `limitazione (.* )?trattamento`, `limitacao (.* )?tratamento`, `beperking (.* )?verwerking`, `(sperrung|sperren|block\w*) (.* )?`+held),
				find(`limit (.* )?use`)},
			{Withdraw, find(`(withdraw|revok|revoc|retir)\w* (.* )?(consent\w*|consenso)`, `consent\w* withdrawal`, `widerr?uf\w* (.* )?\w*einwilligung\w*`, `\w*einwilligung\w* (.* )?widerr?uf\w*`,
				`\w*einwilligungswiderr?uf`, `intrekk\w* (.* )?toestemming`, `toestemming (.* )?intrekk\w*`),
				find(`widerr?uf\w*`)},
			{Object, find(
				`werbewiderspr\w+`, `wid(er)?erspr\w+ (.* )?(`+ads+`|e-?mails?|art 21 abs [23])`, ads+` (.* )?widerspr\w+`, `widerspr\w+ (.* )?`+ads, `\w*werbeeinwilligung\w*`, `(consent\w*|einwilligung\w*) (.* )?`+ads,
				`object\w* (.* )?(`+ads+`|art 21 ?[( ]?(abs )?[23])`, `(opos|opon)\w+ (.* )?(`+ads+`|21 ?[.(][23])`, `oppos\w+ (.* )?(`+ads+`)`, `opposizione (.* )?`+ads, `bezwaar (.* )?`+ads,
				`unsubscrib\w*`, `opt(ing)?[ -]?(me )?out`, `\w*abmeld\w+`, `abbestell\w+`, `dar\w* de baja`, `baja (.* )?(boletin|newsletter|lista|suscripcion|publicidad|correos|comunicaciones)`,
				`desuscri\w+`, `desabonn\w+`, `desinscri\w+`, `disiscri\w+`, `descadastr\w+`, `afmeld\w+`, `uitschrij\w+`, `baja`),
				find(`remove me`, `take me off`)},
			{Contest, find(`widerspr(uch|eche|echen)\w*`, `objection`, `(i|to|hereby|not) object`, `object to`, `opposition`, `m'oppose`, `oposicion`, `me opongo`, `oponerme`, `opposizione`, `mi oppongo`, `oposicao`, `bezwaar`, `art 21`), nil},
		},
		give: find(
			`(send|give|provide|show|disclose|want|obtain|receive|export|download|get|see) (.* )?(my|all|personal|the) (.* )?(data|information|records|files?)`,
			`(schick|send|geb|zeig|ubermittel|uebermittel)\w* (.* )?\w*daten`, `(envi|mand|remit|facilit|quiero|dame|deme)\w* (.* )?(mis|los) (.* )?datos`,
			`(envoy|transmett|donn)\w* (.* )?(mes|toutes) (.* )?donnees`),
		not:        find(`not`, `never`, `no`, `nicht`, `kein\w*`, `ne`, `pas`, `non`, `nao`, `nunca`, `niet`, `geen`, `cannot`),
		notNot:     find(`no longer`, `not only`, `nicht (nur|mehr|langer)`, `no (solo|mas)`, `ya no`, `ne plus`, `niet meer`, `geen .* meer`, `no later`),
		ratherThan: find(`instead of`, `rather than`, `an?statt`, `statt`, `en (lugar|vez) de`, `au lieu de`, `anstelle (von|der|einer)`),
		business:   find(`rechnung\w*`, `invoice`, `bill`, `factura`, `facture`, `mahnung`, `vertrag\w*`, `contract`, `contrato`, `bestellung`, `order`, `pedido`, `payment`, `zahlung\w*`, `bescheid`, `preiserhohung`, `kundigung`),
		between:    regexp.MustCompile(`[,:()]+|\s[-–—]+\s|\b(and|but|then|und|sondern|aber|stattdessen|bitte|y|pero|sino|et|mais|ma|mas|maar|please|just)\b`),
		question:   regexp.MustCompile(`^(how|when|why|where|who|did|have you|has|was|were|is|are|am i|about|question|wie|wann|warum|wieso|wer|haben sie|hat|wurde|ist|sind|frage|como|cuando|por que|quien|han|pregunta|comment|quand|pourquoi|avez|come|quando|perche|hoe|wanneer|waarom)\b`),
		polite:     regexp.MustCompile(`^(can|could|would|will|please|what|which|konn(t)?en|wurden|bitte|welche|pued\w+|podri\w+|que|pourr\w+|pouv\w+|quelles?|pote\w+|pod\w+|kun\w*)\b`),
		stop:       regexp.MustCompile(`[!?;]+|\.(\s|$)`),
		short:      regexp.MustCompile(`\b(art|abs|nr|sec|lit|gem|ziff|num)(icle|ikel|iculo|icolo|igo|ikkel)?\b\.? ?`),
	}
})

// find makes one expression of several, each of which is of whole words.
func find(any ...string) *regexp.Regexp {
	return regexp.MustCompile(`(^|\W)(` + strings.Join(any, `|`) + `)(\W|$)`)
}
