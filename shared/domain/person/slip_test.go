package person

import (
	"strings"
	"testing"

	"golang.org/x/net/publicsuffix"
)

// No end that is given out is taken for a slip.
func TestSlipKnowsEveryEnd(t *testing.T) {
	var check func(string, int)
	check = func(end string, more int) {
		if _, known := publicsuffix.PublicSuffix(end); known && len(end) > 1 && withTop("example."+end) != "example."+end {
			t.Errorf("%s is doubted", end)
		}
		for letter := 'a'; letter <= 'z' && more > 0; letter++ {
			check(end+string(letter), more-1)
		}
	}
	check("", 4)
}

func TestSlip(t *testing.T) {
	for meant, wrong := range map[string]string{
		"gmail.com": "gmial.com gmai.com gmal.com gmil.com gnail.com gamil.com gmaill.com gmali.com mgail.com gmaol.com " +
			"gmail.co gmail.cm gmail.om gmail.con gmail.cmo gmail.comm gmail.ocm gmail.vom gmail.xom gmal.con gmai.lcom gmailc.om",
		"googlemail.com": "googlemail.co googlemial.com gogglemail.com ooglemail.com googelmail.con",
		"hotmail.com":    "hotmial.com hotmal.com hotmai.com hotnail.com hotmil.com otmail.com hotmaill.con hotmail.cm",
		"hotmail.co.uk":  "hotmail.co.ku hotmail.cou.k hotmial.co.uk hotmail.co.u",
		"yahoo.com":      "yaho.com yahooo.com yhoo.com yahho.com yahoo.co ayhoo.com yahoo.cmo",
		"yahoo.co.uk":    "yahoo.co.ku yaho.co.uk yahoo.com.uk",
		"yahoo.com.br":   "yahoo.con.br yahoo.com.rb",
		"outlook.com":    "outlok.com outloook.com outlook.co outllok.com uotlook.com utlook.com",
		"icloud.com":     "iclod.com icloud.co iclud.com icluod.com",
		"gmx.de":         "gmx.d gmx.dee gmx.ed gxm.de", "gmx.net": "gmx.nte gmx.ent gmx.ne", "web.de": "web.d wbe.de web.ed",
		"t-online.de": "t-online.ed t-onlin.de tonline.de t-onlien.de", "live.com": "lvie.com live.cm",
		"comcast.net": "comcast.ent comacst.net", "laposte.net": "lapsote.net laposte.nte",
		"example.com": "example.con example.cmo example.comm", "example.org": "example.ogr example.orgg",
		"example.net": "example.nte example.ner", "example.de": "example.ed example.dd", "shop.example.co.uk": "shop.example.co.ku",
	} {
		for domain := range strings.FieldsSeq(wrong) {
			a, err := Parse("maria@" + domain)
			if got := a.Slip(); err != nil || got != "maria@"+meant {
				t.Errorf("%s: %q, %v; want %s", domain, got, err, meant)
			}
		}
	}
}

// A good address is not doubted: domains that are in use, and near a provider's.
func TestSlipDoubtsNoRealDomain(t *testing.T) {
	for domain := range strings.FieldsSeq(`
		gmail.com googlemail.com mail.com email.com ymail.com fmail.com hmail.com rocketmail.com fastmail.com fastmail.fm zoho.com zohomail.com hey.com pm.me proton.me protonmail.com protonmail.ch
		tutanota.com tutanota.de tuta.io mailbox.org posteo.de posteo.net runbox.com hushmail.com inbox.com inbox.lv mail.ru bk.ru list.ru yandex.ru yandex.com ya.ru rambler.ru ukr.net i.ua
		hotmail.com hotmail.de hotmail.fr hotmail.es hotmail.se hotmail.be hotmail.dk hotmail.no hotmail.nl hotmail.it hotmail.ch hotmail.ca hotmail.cl hotmail.gr hotmail.fi hotmail.co.uk hotmail.co.jp
		hotmail.co.th hotmail.com.ar hotmail.com.br hotmail.com.tr outlook.com outlook.de outlook.fr outlook.es outlook.it outlook.dk outlook.be outlook.at outlook.cl outlook.cz outlook.hu outlook.ie
		outlook.in outlook.jp outlook.kr outlook.my outlook.ph outlook.pt outlook.sa outlook.sg outlook.sk outlook.co.th outlook.co.id outlook.com.au outlook.com.br live.com live.de live.nl live.fr live.it
		live.be live.ca live.ie live.at live.cl live.cn live.dk live.no live.se live.co.uk live.co.za live.com.au live.com.mx live.com.pt msn.com msn.cn windowslive.com passport.com
		yahoo.com yahoo.de yahoo.es yahoo.fr yahoo.it yahoo.ca yahoo.in yahoo.ie yahoo.se yahoo.dk yahoo.no yahoo.pl yahoo.ro yahoo.gr yahoo.cn yahoo.co.uk yahoo.co.jp yahoo.co.in yahoo.co.id yahoo.co.kr
		yahoo.co.nz yahoo.co.th yahoo.co.za yahoo.com.ar yahoo.com.au yahoo.com.br yahoo.com.cn yahoo.com.hk yahoo.com.mx yahoo.com.my yahoo.com.ph yahoo.com.sg yahoo.com.tr yahoo.com.tw yahoo.com.vn
		icloud.com me.com mac.com cloud.com aol.com aol.de aol.fr aol.it aol.co.uk aim.com love.com line.com line.me life.com five.com olive.com alive.com
		gmx.de gmx.net gmx.at gmx.ch gmx.com gmx.org gmx.info gmx.biz gmx.eu gmx.fr gmx.es gmx.li gmx.us gmx.co.uk gmx.tm web.de web.com t-online.de t-online.hu freenet.de arcor.de vodafone.de vodafone.com
		kabelmail.de unitybox.de m-online.de b-online.de mnet-online.de ewe.net ewetel.net osnanet.de netcologne.de online.de online.no 1und1.de ionos.de alice.de o2online.de o2.pl aon.at chello.at a1.net
		inode.at bluewin.ch sunrise.ch hispeed.ch orange.fr orange.es orange.com wanadoo.fr wanadoo.es free.fr sfr.fr neuf.fr bbox.fr laposte.net laposte.fr club-internet.fr numericable.fr
		libero.it virgilio.it tiscali.it tin.it alice.it poste.it tim.it fastwebnet.it pec.it telefonica.net telefonica.com telefonica.es terra.es terra.com.br uol.com.br bol.com.br ig.com.br globo.com
		comcast.net comcast.com verizon.net verizon.com att.net att.com att.ne.jp sbcglobal.net bellsouth.net cox.net charter.net spectrum.net earthlink.net optonline.net frontier.com windstream.net
		juno.com netzero.net bell.net bell.ca rogers.com shaw.ca telus.net sympatico.ca videotron.ca btinternet.com bt.com sky.com talktalk.net virginmedia.com ntlworld.com blueyonder.co.uk plus.net o2.co.uk
		ziggo.nl kpnmail.nl planet.nl home.nl xs4all.nl hetnet.nl telenet.be skynet.be proximus.be telia.com telenor.no wp.pl onet.pl interia.pl seznam.cz centrum.cz azet.sk freemail.hu citromail.hu
		qq.com 163.com 126.com sina.com sohu.com foxmail.com naver.com hanmail.net daum.net nate.com docomo.ne.jp ezweb.ne.jp softbank.ne.jp i.softbank.jp rediffmail.com bigpond.com bigpond.net.au
		optusnet.com.au iinet.net.au xtra.co.nz mweb.co.za gail.com gail.co.in grail.com photon.me proton.ch horizon.com horizon.net poster.de ge.com hp.com ibm.com he.net mit.edu ox.ac.uk gov.uk europa.eu
		bund.de bahn.de siemens.com sap.com bosch.com biosero.com amazon.com amazon.co company.om firm.co t.co example.co.uk example.museum example.app example.cm example.ne example.dev ac.ed.gov xn--fiqs8s.cn müller.de`) {
		a, err := Parse("maria@" + domain)
		if got := a.Slip(); err != nil || got != "" {
			t.Errorf("%s: %q, %v", domain, got, err)
		}
	}
}

func TestGuess(t *testing.T) {
	for text, want := range map[string]string{
		"foo@gmail,com": "foo@gmail.com", "foo@gmail..com": "foo@gmail.com", "foo@gmail;com": "foo@gmail.com", "foo@gmail, com": "foo@gmail.com",
		"foo@gmail com": "foo@gmail.com", "foo@gmailcom": "foo@gmail.com", "foo@gmail": "foo@gmail.com", "foo@Gmail,Com": "foo@gmail.com",
		"foo@@gmail.com": "foo@gmail.com", "foo @gmail.com": "foo@gmail.com", "foo@gmial,con": "foo@gmail.com", "foo@.gmail.com": "foo@gmail.com",
		"foo@yahoo,co,uk": "foo@yahoo.co.uk", "foo@firma,de": "foo@firma.de", "<foo@gmail,com>": "foo@gmail.com",
		"": "", "foo": "", "@gmail,com": "", "foo@": "", "foo@firma": "", "foo@gmx": "", "foo bar@gmail,com": "",
		"foo@x.com, Hans": "", "foo@gmail.com,bar@x.com": "", "foo@x.com bar@y.com": "", "foo@x.com bar": "", "foo@a,bcdef": "",
	} {
		if got := Guess(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
