package access

// ibanLengths are those of the SWIFT IBAN registry.
var ibanLengths = map[string]int{
	"AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29, "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24,
	"DE": 22, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28,
	"HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20,
	"LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25,
	"QA": 29, "RO": 24, "RS": 22, "SA": 24, "SC": 31, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29,
	"VA": 22, "VG": 24, "XK": 20,
}

// isIBAN reports whether a text begins with an IBAN, written in one or in groups of
// four, whose checksum is right (ISO 13616).
func isIBAN(text []byte) bool {
	if len(text) < 15 || !letter(text[1]) || !digit(text[2]) || !digit(text[3]) {
		return false
	}
	want := ibanLengths[string([]byte{text[0] &^ 0x20, text[1] &^ 0x20})]
	var number []byte
	i := 0
	for ; i < len(text) && len(number) < want; i++ {
		switch {
		case alphanumeric(text[i]):
			number = append(number, text[i])
		case text[i] != ' ' || len(number)%4 != 0 || text[i-1] == ' ':
			return false
		}
	}
	return want > 0 && len(number) == want && (i == len(text) || !alphanumeric(text[i]) && text[i] != '_') && ibanChecks(number)
}

// ibanChecks is the remainder of ISO 7064, of the number with its beginning put last.
func ibanChecks(number []byte) bool {
	rest := 0
	for i := range number {
		switch b := number[(i+4)%len(number)]; {
		case digit(b):
			rest = (rest*10 + int(b-'0')) % 97
		default:
			rest = (rest*100 + int(b&^0x20-'A') + 10) % 97
		}
	}
	return rest == 1
}
