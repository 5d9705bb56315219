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
	intents                       []pattern
	give                          *regexp.Regexp // "send me my data": what an intent to see it is called without its name
	not, notNot, ratherThan       *regexp.Regexp
	between, lead, late           *regexp.Regexp
	business, about, letters      *regexp.Regexp
	against, leaving              *regexp.Regexp
	question, polite, stop, short *regexp.Regexp
	doubt, compound               *regexp.Regexp
}

// stop is an intent that is said with a "not" of its own. It is taken out of its
// sentence before that is read for others.
type stop struct {
	intent Intent
	words  *regexp.Regexp
}

// What intents are about: "held" is personal data, "ads" marketing.
const (
	held       = `(data|information|info|accounts?|profile|records?|details|everything|all about|all you|history|files?|\w*daten\w*|\w*konto|\w*profil|datos|informacion|cuenta|perfil|donnees|informations|compte|dati|informazioni|dados|conta|gegevens)`
	ads        = `(pub|demarchage|mercadotecnia|\w*marketing\w*|advert\w*|ads|\w*newsletters?|mailings?|\w*promotion\w*|([\w-]*[^er\W]|[\w-]*online)?-?werb(ung|e|lich)\w*|publicid\w*|comercial\w*|promocion\w*|boletin\w*|prospection|publicit\w*|pubblicit\w*|reclame|nieuwsbrie\w*|profiling)`
	mail       = `(e-?mail\w*|mails?|calls?|texts?|sms|messages?|spam\w*|contact\w*|correos?|mensajes|llamadas|comunicaciones|communications?|comunicazioni|comunicacoes)`
	some       = `(\w+ ){0,4}`
	robot      = `(admt|automated ((individual )?decisions?|decision[ -]?making)(technology)?|automated individual decision[ -]?making|automatisierte\w* (einzel)?entscheidung\w*|einzelentscheidung\w*|decision(es)? (individual(es)? )?automatizadas?)`
	protection = `(data protection|privacy|personal (data|information)|my (data|information)|gdpr|dpa 2018|\w*datenschutz\w*|\w*dsgvo|meine\w* daten|proteccion de datos|(mis|sus) datos|datos personales|privacidad|rgpd|protection des donnees|mes donnees|protezione dei dati|avg|mijn gegevens)`
	sale       = `(sell\w*|sale|shar(e|ing))((/| or | and |, )(sell\w*|sale|shar(e|ing)))*`
)

var vocabularyOf = sync.OnceValue(func() *vocabulary {
	return &vocabulary{
		stops: []stop{
			{NoSale, find(
				`(do not|not to|never|stop|cease|no|opt(ing)?[ -]?out( of| from)?) `+some+sale+`$`,
				`(do not|not to|never|stop|cease|no|opt(ing)?[ -]?out( of| from)?) `+some+sale+` (of )?(any |all |the )*((my|our|personal) (\w+ ){0,2}(data|info|information|details|e-?mail|address|number)|(personal )?(data|info|information)|(with|to) (any |other )*third part\w+)`,
				`(nicht|nie|niemals) (.* )?(weiter|zu)*(verkauf\w*|ver(a|ae)u(ss|s)er\w*|weitergeb\w*|weitergegeben|weiterzugeben)`, `(verkauf|geb)\w* (.* )?`+held+` (.* )?nicht( weiter| an dritte weiter)?`, `keine?\w* (daten)?(weiter)?(verkauf|weitergabe|handel)\w*`,
				`(weiterverkauf|verkauf|weitergabe) .*(untersag|widersprech|widerspruch|verbiet)\w*`, `widerspr\w+ .*(verkauf|weitergabe)\w*`,
				`(no|nunca) `+some+`(vend|compart|ced)\w+ .*(datos|informacion)`, `ne `+some+`(vend|partag)\w+ .*(donnees|informations)`,
				`dej\w+ de (vend|compart|ced)\w+ .*`+held, `non (vend|condivid)\w+ .*`+held, `nao (vend|compartilh|partilh)\w+ .*`+held, `niet .*verko\w+`, `verko\w+ .*`+held+` niet`)},
			{Object, find(
				`do not (ever )?(e-?mail|mail|contact|call|text|phone|write|message|spam|market) `+some+`(me|us|to me|to us|again|any ?more)`,
				`(never|stop) (e-?mail|mail|contact|call|text|phone|writ|messag|spam|both(er)?|harass)\w* (to )?(me|us)`, `^stop$`,
				`(do not|never|stop|cease|quit) send(ing)? (me |us )?((any|more|further|your|such|these|this|those|marketing|promotional) )*(`+mail+`|`+ads+`)`,
				`(no more|no further|stop|end|cease) (all |any |your |the |these |with |me |to )*(further )?(`+mail+`|`+ads+`)`, `no (direct )?`+ads,
				`(stop|discontinu|ceas|desist)\w* (.* )?`+ads, `(do not|never|stop|cease) (us|process)\w* (.* )?`+ads, `(nutz|verwend|verarbeit)\w* (.* )?nicht (.* )?`+ads, `nicht (.* )?`+ads+` (nutz|verwend|verarbeit)\w*`, `no (us|utili|trat)\w+ .*`+ads, `n'(utilis|exploit)\w+ .*`+ads, `keine?\w* kontakt\w* mehr`, `(do not|never|stop|cease) send(ing)? (me |us )?(any |more |further |your )*offers`, ads+` (.* )?(einstellen|stoppen|unterlassen)`, `(einstell|stell|unterlass|verzicht)\w* (.* )?`+ads, `no autorizo .*`+ads,
				`dejar de recibir .*(`+mail+`|`+ads+`)`, `arret\w* (de )?(m'envoyer|m'ecrire|me contacter|de me contacter)`, `(retir|enlev|supprim)\w* .*liste`, `schrijf (mij|me) uit`, `stop met (mailen|bellen)`,
				`((do|would) not|no longer) (want|wish|like|need) `+some+`(`+ads+`|e-?mails|calls|messages|contacted)`, `leave me alone`, `stop (aux |la |les |con )*(`+mail+`|`+ads+`)`,
				`(remove|take|delete|get|strike) .*(from|off) .*(list|lists|mailings?|newsletters?|distribution)`, `remove me from (all )?(e-?mails?|marketing|communications)`,
				`keine?\w* (weiter\w* |mehr )?`+ads, `stopp\w* (.* )?`+ads, `keine (e-?mails?|mails?|post|anrufe|nachrichten) mehr( (bitte|schicken|senden|zusenden|zuschicken|erhalten|von ihnen|an mich))*$`, `keine?\w* (weiter\w*|mehr) (e-?mails?|mails?|post|anruf\w*|kontakt\w*|nachricht\w*|zusendung\w*)`,
				`nicht (mehr|langer) (.* )?(kontaktier|anschreib|anruf|zusend|schick|zuschick|mail|beworben|erhalten)\w*`, `(kontaktier|anschreib|anruf|ruf|schick|send|schreib)\w* (.* )?nicht (mehr|langer)`, `hor\w* (.* )?auf\W.*(`+ads+`|`+mail+`)`, `(aus|von) (.* )?[\w-]*(verteiler|mailingliste)\w*`,
				`no (quiero|deseo|queremos|deseamos) `+some+`(`+ads+`|`+mail+`)`, `(no|dej\w+ de|par(e|en|ar|em) de) (me |nos )?(enviar|envien|envie|mandar|manden|mande|llamar|llamen|contactar|contacten|escribir|escriban)\w*`,
				`no mas (`+ads+`|`+mail+`)`, `(elimin|borr|quit|saqu|retir|remov)\w+ .*(lista|boletin)\w*`, `remover?-me .*lista`,
				`ne `+some+`(plus|pas) `+some+`(recevoir|m'envoyer|m'envoyez|me contacter|me contactez|m'ecrire)`, `(plus|pas) (aucune? |de )(`+ads+`|mails?|courriels|pub)`,
				`non (voglio|desidero|inviatemi|inviate|contattatemi) (.* )?(`+ads+`|e-?mail|comunicazioni)`, `basta (de |con |con le )?(`+mail+`|`+ads+`)`, `(cancell|rimuov|toglie)\w* dall\w* (.* )?(newsletter|lista|list)`,
				`nao (quero|desejo|enviem|envie) (.* )?(`+ads+`|e-?mails?|comunicacoes)`, `geen (`+ads+`|`+mail+`) meer`, `niet meer (mailen|benaderen|bellen)`)},
			{NoRobot, find(
				`(opt(ing)?[ -]?out|object\w*|widerspr\w+|opong\w+|opon\w+|opos\w+|oppos\w+) (of|from|to|gegen|a|al|alla) (.* )?`+robot, `(contest|challenge|review|human|anfecht\w*|impugn\w*|revis\w*) (.* )?`+robot, `(no|stop|keine?) (.* )?`+robot, `(not|nicht) (.* )?`+robot, `art 22( .*)?`)},
			{Contest, find(`(do not|never|stop|cease) (us|process)\w* (of |any of |all )*(my|our) (.* )?` + held)},
		},
		intents: []pattern{
			{Erase, find(
				`erasure`, `right to be forgotten`, `(forget|erase|delete) me`, `art 17`, `(deletion|removal) request`, `request (to delete|for deletion)`, `right to (delete|deletion)`, `(delete|deletion|deleting|erase|erasing|remove|removing|removal|wipe|purge|destroy) (.* )?`+held,
				held+` (deletion|removal|erasure)`, `(want|like|have|need|get|please|request|wish) .*`+held+` .*(deleted|removed|erased)`,
				`\w*(daten|konto|account|profil)s?loe?sch\w*`, `loe?sch(antrag|begehren|anfrage|ersuchen|gesuch|anspruch|verlangen|aufforderung|auftrag|bitte|wunsch)\w*`,
				`loe?schung\w*`, `(loe?sch(en|e|t)|vernicht\w+|entfern\w+) (.* )?`+held, held+` (.* )?(loe?schen|vernichten|entfernen)`, `(recht auf )?vergessen ?(zu )?werden`,
				`supresion`, `derecho al olvido`, `(suprim|borr|elimin)\w* (.* )?`+held, `dar de baja (mi|la) cuenta`, `cancelacion de (mis|los) datos`,
				`effacement`, `droit a l'oubli`, `(effac|supprim|suppression)\w* (.* )?`+held, `diritto (all'oblio|alla cancellazione)`, `derecho de cancelacion`, `get rid of (.* )?`+held, held+` (.* )?geloe?scht`, `(cancell|elimin)\w+ (.* )?`+held,
				`direito ao esquecimento`, `(exclusao|eliminacao|apag\w+|exclu\w+) (.* )?`+held, `recht op vergetelheid`, `gegevenswissing`, `(verwijder\w*|wissen|wis) (.* )?`+held, held+` (.* )?verwijder\w*`),
				find(`delete[ds]?`, `deletion`, `erase[ds]?`, `removal`, `remove me`, `forgotten`, `(ge)?loe?sch(t|en)`, `borrar`, `borrad[oa]s?`, `suprimir`, `elimin(ar|e|en|ad[oa]s?)`, `cancellazione`, `effacer`, `supprimer`, `verwijderen`, `vergeten`)},
			{See, find(
				`dsar`, `sar`, `(subject|data) access`, `access request`, `right (of|to) access`, `request for (my|all|personal) (.* )?(data|information|records)`, `request to know`, `right to know`, `art 15`, `access (.* )?(data|information|personal|records)`,
				`cop(y|ies) (.* )?`+held, `(what|which) (.* )?(data|information) .*(me|us|my|have|hold|store|keep|process|collect)`, `which of my (data|information)( .*)?`, `what (do )?you (know|hold|have|store) .*(me|us)`,
				`\w*(selbst|daten|eigen)auskunft\w*`, `auskunfts\w+`, `auskunft .*(daten|dsgvo|gdpr|art|person|gespeichert|speicher|mich)\w*`, `auskunft( bitte)?$`, `(access|acceso|accesso|acces|acesso|auskunft) *(,|and|und|sowie|&|/|y|et|e) (.* )?(erasure|deletion|rectif|rettif|retif|loe?schung|berichtig|supresion|cancela|effacement|cancellazione|exclusao)\w*`, `auskunft und .*`,
				`\w*daten(kopie|einsicht|export)\w*`, `(kopie|einsicht|abschrift) (.* )?`+held, `welche (.* )?daten( .*)?`, `was (wissen|haben|speichern) sie (.* )?mich`,
				`(derecho|solicitud) de acceso`, `acceso (.* )?`+held, `copia (.* )?`+held, `que (datos|informacion)( .*)?`, `quelles? (donnees|informations)( .*)?`, `informacion (.* )?mis datos`, `(droit|demande) d'acces`, `acces (.* )?`+held, `copie (.* )?`+held,
				`(diritto|richiesta) di accesso`, `accesso (.* )?`+held, `direito de acesso`, `acesso (.* )?`+held, `inzage\w*`),
				find(`access`, `data request`, `copy`, `auskunft`, `kopie`, `einsicht`, `acceso`, `copia`, `accesso`, `acesso`)},
			{Correct, find(
				`(rectif|retific|rettific)\w+`, `berichtig\w+`, `art 16`,
				`(correct|correction|update|change|fix|wrong|incorrect|inaccurate) (.* )?(my|name|address|data|details|information|e-?mail|phone|number|birth|records?)`,
				`(korrektur|korrigier\w*|ander\w*|aktualisier\w*) (.* )?(\w*daten|\w*name\w*|[\w-]*adresse|anschrift)`, `(adress|namens|anschrifts?|daten)(anderung|korrektur|aktualisierung)`, `(name|address|birth|e-?mail|phone|details) (is |are )?(wrong|incorrect|misspel\w*)`, `(\w*daten|\w*name\w*|\w*adresse|anschrift) (.* )?(korrigieren|andern|aktualisieren)`,
				`(correg|correc|corrij|actualiz|modific|cambi)\w+ (.* )?(datos|nombre|direccion)`),
				find(`correct`, `correction`, `corregir`, `korrektur`, `correctie`)},
			{Carry, find(`\w*portab\w+`, `\w*daten(u|ue)bertragbarkeit`, `(u|ue)bertragung (.* )?daten`, `art 20`, `transfer (of )?my (personal )?data`, `\w*overdraagbaarheid`), nil},
			{Restrict, find(`restrict\w* (.* )?process\w*`, `process\w* (.* )?restrict\w*`, `\w*einschra(e)?nk\w* (.* )?\w*verarbeitung`, `\w*verarbeitung\w* (.* )?einschra(e)?nk\w*`, `art 18`,
				`limitacion (.* )?tratamiento`, `limitation (.* )?traitement`, `limitazione (.* )?trattamento`, `limitacao (.* )?tratamento`, `beperking (.* )?verwerking`, `(sperrung|sperren|block\w*) (.* )?`+held),
				find(`limit (.* )?use`)},
			{Withdraw, find(`(withdraw|revok|revoc|retir|ritir|retrait)\w* (.* )?(consent\w*|consenso)`, `consent\w* (is |was )?withdraw(al|n)`, `widerr?uf\w* (.* )?\w*einwilligung\w*`, `\w*einwilligung\w*\W+(.* )?widerr?uf\w*`,
				`\w*einwilligungswiderr?uf`, `intrekk\w* (.* )?toestemming`, `toestemming (.* )?intrekk\w*`),
				find(`widerr?uf\w*`)},
			{Object, find(
				`werbewiderspr\w+`, `werbe(sperre|verbot|stopp)\w*`, `(newsletter|mailing)s? (.* )?(kundig|stornier|beend)\w*`, `(kundig|stornier|beend)\w* (.* )?(newsletters?|mailings?)`, `widerr?uf\w* (.* )?`+ads, `(meld\w* (.* )?mich (.* )?ab|trag\w* (.* )?mich (.* )?aus)`, `^(bitte )?austragen( bitte)?$`,
				`(cancel|anul)\w* (.* )?suscripcion (.* )?(`+ads+`|lista|correo\w*)`, `wid(er)?erspr\w+ (.* )?(`+ads+`|e-?mails?|art 21 abs [23])`, ads+` (.* )?widerspr\w+`, `widerspr\w+ (.* )?`+ads, `\w*werbeeinwilligung\w*`, `(consent\w*|einwilligung\w*) (.* )?`+ads,
				`object\w* (.* )?(`+ads+`|art 21 ?[( ]?(abs )?[23])`, `(opos|opon|opong)\w+ (.* )?(`+ads+`|21 ?[.(][23])`, `oppo(s|ng)\w+ (.* )?(`+ads+`)`, `opposizione (.* )?`+ads, `bezwaar (.* )?`+ads,
				`unsubscrib\w*`, `opt(ing)?[ -]?(me )?out`, `\w*abmeld\w+`, `abbestell\w+`, `dar\w* de baja`, `baja (.* )?(boletin|newsletter|lista|suscripcion|publicidad|correos|comunicaciones)`,
				`desuscri\w+`, `desabonn\w+`, `desinscri\w+`, `disiscri\w+`, `descadastr\w+`, `afmeld\w+`, `uitschrij\w+`, `baja`),
				find(`remove me`, `take me off`, `(cancel|anul)\w* (.* )?(suscri|subscri|inscri)\w+`)},
			{NoRobot, find(`human (review|intervention|decision)`, `menschliche\w* (prufung|uberprufung|eingreifen|entscheidung)`, `(revision|intervencion) humana`), find(robot)},
			{Complain, find(
				`complain\w* (.* )?`+protection, protection+` complaints?`, `(formal |official )?complaint under (.* )?164a`, `section 164a`, `\w*(datenschutz|daten)\w*beschwerde\w*`, `(beschwer\w+|reklam\w+) (.* )?`+protection,
				`(queja|reclamacion|reclamo) (.* )?`+protection, `(plainte|reclamation) (.* )?`+protection, `reclamo (.* )?`+protection, `klacht (.* )?`+protection),
				find(`complaints?`, `beschwerde`, `queja`)},
			{Contest, find(`widerspr(uch|eche|echen)\w*`, `objection`, `(i|to|hereby|not) object`, `object to`, `opposition`, `m'oppose`, `oposicion`, `me opongo`, `oponerme`, `opposizione`, `mi oppongo`, `oposicao`, `bezwaar`, `art 21`), nil},
		},
		give: find(
			`(send|give|provide|show|disclose|want|obtain|receive|export|download|get|see) (.* )?(my|all|personal|the) (.* )?(data|information|records|files?)`,
			`(schick|send|geb|zeig|ubermittel|uebermittel)\w* (.* )?\w*daten`, `(envi|mand|remit|facilit|quiero|dame|deme)\w* (.* )?(mis|los) (.* )?datos`,
			`(envoy|transmett|donn)\w* (.* )?(mes|toutes) (.* )?donnees`),
		not:        find(`not`, `never`, `no`, `nicht`, `nie`, `niemals`, `kein\w*`, `ne`, `pas`, `non`, `nao`, `nunca`, `niet`, `geen`, `cannot`),
		notNot:     find(`no longer`, `not only`, `nicht (nur|mehr|langer)`, `no (solo|mas)`, `ya no`, `ne plus`, `niet meer`, `geen .* meer`, `no later`),
		ratherThan: find(`instead of`, `rather than`, `an?statt`, `statt`, `en (lugar|vez) de`, `au lieu de`, `anstelle (von|der|einer)`),
		// What a person may have with the organisation beside their data. An intent
		// beside it is sure only where the clause names what the intent is about.
		business: find(`\w*rechnung(en)?`, `invoices?`, `bills?`, `factur\w*`, `fattur\w*`, `mahnung\w*`, `\w*vertr(a|ae)g\w*`, `contr(act|ato|at|atto)s?`, `\w*bestellung\w*`, `orders?`, `pedidos?`, `commandes?`, `ordine`, `encomenda`, `bestelling`,
			`payments?`, `pagos?`, `\w*zahlung\w*`, `\w*bescheid\w*`, `\w*erhohung\w*`, `\w*kundigung\w*`, `plans?`, `plan\w*`, `tarif\w*`, `gym`, `gimnasio`, `\w*kurs(es)?`, `courses?`, `cursos?`, `\w*seminar\w*`, `webinars?`, `events?`, `evento`, `\w*veranstaltung\w*`,
			`\w*termine?s?`, `appointments?`, `citas?`, `deliver\w+`, `\w*lieferung\w*`, `envios?`, `entrega`, `parcel`, `\w*paket\w*`, `insurance`, `\w*versicherung\w*`, `seguro`, `gas`, `luz`, `agua`, `strom`, `internet`, `laboral`, `medica`, `maternal`, `paternidad`, `maternidad`, `patent\w*`, `fines?`, `multas?`, `rent`, `\w*miete\w*`,
			`convocatoria`, `examen`, `plazas?`, `edificio`, `building`, `offices?`, `oficina`, `wi-?fi`, `impossible`, `blocked`, `denied`, `gesperrt`, `\w*zeiten`, `school`, `schule`, `verein`, `member\w*`, `mitglied\w*`),
		about:   find(held, ads, mail, `\w*verarbeitung`, `process\w*`, `tratamiento`, `traitement`, `trattamento`, `verwerking`, `tratamento`, `dsgvo`, `r?gdpr`, `rgpd`, `ccpa`, `privacy`, `art 21`),
		leaving: find(`unsubscrib\w* (from )?(my|a)`, `opt(ing)?[ -]?(me )?out (of|from)`, `abmeld\w+ (vom|von|der|des|fur|mein\w*|auto)`, `baja (de|la|el|mi|en|\w{3,})`),
		letters: find(ads, mail, `lists?`, `lista`, `suscripcion`, `verteiler`, `adress\w*`, `direccion`, `all`, `everything`, `alle[ms]?`, `todo`, `you`, `por favor`, `gracias`),
		against: find(`gegen`, `(object|objecting|objection) (to|against)`, `oposicion (a|al|contra)`, `oponerme a`, `opongo (a|al)`, `oppos\w+ (a|au|aux|to|against)`, `oppong\w+ (a|al|alla)`, `opposizione (a|al|alla|contro)`, `bezwaar tegen`),
		between: regexp.MustCompile(`[,:()]+|\s[-–—]+\s|\b(and|but|then|und|sondern|aber|stattdessen|bitte|y|pero|sino|et|mais|ma|mas|maar|please|just)\b`),
		// What stands before a subject: marks of replies and mail systems, greetings.
		lead: regexp.MustCompile(`^(\s*((re|aw|antw|wg|fw|fwd|rv|tr|rif|sv|vs|res|enc|doorst|ynt|odp|vl)(\[\d+\])?\s*:|\[[^\]]*\]|\*+|(hi|hello|hallo|hola|dear \w+|guten tag|bonjour|buenos dias|buongiorno)( there)?[ ,!]+))+\s*`),
		// A "not" that a comma or "please" parts from what it is about.
		late: regexp.MustCompile(`(?:,| bitte| please| por favor) ((?:nicht|not)\s*(?:[.!?]|$)|(?:dass|that|que|che|dat) )`),
		// Words that hold "data" and are about something else.
		compound: regexp.MustCompile(`\bdata ?(plan|sheet|cent(er|re)|loss|breach|volume|cable)s?\b`),
		// An intent that was taken back, was fulfilled or is a fact told: nobody asks for it.
		doubt: find(`undo`, `by (mistake|accident|error)`, `mistakenly`, `accidentally`, `versehentlich`, `irrtumlich\w*`, `aus versehen`, `por error`, `par erreur`, `per errore`, `re-?subscrib\w*`, `ruckgangig`, `rucknahme`, `zuruck(zieh|nehm|gezog|genomm)\w*`, `ziehe? .*(widerspruch|abmeldung) .*zuruck`,
			`(withdraw|revoke|cancel|retract|reverse|retir\w+|anul\w+|cancel\w+|annul\w+) (my |mi |mon |la )?(objection|opt[ -]?out|unsubscri\w+|oposicion|opposition|baja|desinscription)`, `(thank\w*|danke|gracias|merci|grazie) (you |very much |vielmals )?(for|fur|dass|por|pour|d'avoir|per)`, `(have|has) been (unsubscribed|deleted|removed|erased)`,
			`(not|never|no (reason|need) to) (want to |wish to |please )*(stop|cease|end|quit|miss|lose)`, `stopp\w* (.* )?nicht`, `no (dej|par)\w+ de`, `(verpass|verlier|perder|manquer|perdere|missen)\w*`, `not (mind|object)`, `not (to )?(be )?(remov|tak|delet)\w* (me|my .*) (from|off)`, `(never|not) wanted`, `no (me|nos) (quit|elimin|borr|saqu)\w*`, `nicht (aus|von) .*verteiler\w*`, `kein\w* \w*widerspr\w+`,
			`(ich|wir) (bekomm|erhalt|krieg|empfang)\w*`, `(bekomm|erhalt|krieg)\w* (ich|wir)`, `^sie (schick|send)\w*`, `ik (ontvang|krijg)`, `(je|nous) ne rec\w+`, `(non|no) (ricevo|recibo|recibimos|recebo)`, `i (do not|no longer) (get|receive)`, `ya no (me )?(envian|mandan|llegan)`, `(does|do) not work`, `broken`,
			`\w*bewerbung\w*`, `\w*campaigns?`, `\w*kampagne\w*`, `internship`, `\w*praktikum\w*`, `keine?\w* \w+ (gefunden|bestellt)`, `pagar`, `werbe(kosten|budget|agentur|flache)\w*`),
		question: regexp.MustCompile(`^(how|when|why|where|who|did|have you|has|was (i|my|it|the|there)|were|is|are|am i|about|question|wie|wann|warum|wieso|wer|haben sie|hat|wurde|ist|sind|frage|como|cuando|por que|quien|han|pregunta|comment|quand|pourquoi|avez|come|quando|perche|hoe|wanneer|waarom)\b`),
		polite:   regexp.MustCompile(`^(can|could|would|will|please|what|which|konn(t)?en|wurden|bitte|welche|was (wissen|haben|speichern)|pued\w+|podri\w+|que|pourr\w+|pouv\w+|quelles?|pote\w+|pod\w+|kun\w*)\b`),
		stop:     regexp.MustCompile(`[!?;]+|\.(\s|$)`),
		short:    regexp.MustCompile(`\b(art|abs|nr|sec|lit|gem|ziff|num)(icle|ikel|iculo|icolo|igo|ikkel)?\b\.? ?`),
	}
})

// find makes one expression of several, each of which is of whole words.
func find(any ...string) *regexp.Regexp {
	return regexp.MustCompile(`(^|\W)(` + strings.Join(any, `|`) + `)(\W|$)`)
}
