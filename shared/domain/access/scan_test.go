package access_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"privacydesk/shared/domain/access"
	"privacydesk/shared/domain/deadline"
)

func TestScanFinds(t *testing.T) {
	for text, want := range map[string]string{
		"SSN 123-45-6789 on file":                    "social_security_number",
		"call me\n536-22-8726\n":                     "social_security_number",
		"SSN: 123456789":                             "social_security_number",
		"her Social Security number is 123 45 6789.": "social_security_number",
		`{"name":"Ann","socialSecurityNumber":"123456789","zip":"12345"}`:      "social_security_number",
		"name,ssn\nAnn,123456789\n":                                            "social_security_number",
		"card 4111 1111 1111 1111 exp 12/29":                                   "financial_account",
		"4111-1111-1111-1111":                                                  "financial_account",
		"paid with 5555555555554444":                                           "financial_account",
		"amex 3782 822463 10005":                                               "financial_account",
		"12;2026;4111111111111111;EUR":                                         "financial_account",
		"IBAN DE89 3704 0044 0532 0130 00":                                     "financial_account",
		"GB29NWBK60161331926819":                                               "financial_account",
		"es9121000418450200051332,Ana":                                         "financial_account",
		"bank account number: 000123456":                                       "financial_account",
		"Driver's license D1234567":                                            "government_id",
		"driver’s licence no.: MORGA657054SM9IJ":                               "government_id",
		"driversLicenseNumber = \"F255-9215-0094\"":                            "government_id",
		"Passport No: C01X00T478":                                              "government_id",
		"id;Reisepassnummer\n7;C01X00T478\n":                                   "government_id",
		"medical record number: 00482913":                                      "health_id",
		`"health_insurance_id": "XEH-123456789"`:                               "health_id",
		"Password: hunter2":                                                    "account_password",
		`{"userPassword":"correct horse"}`:                                     "account_password",
		"login,password_hash\nann,$2b$10$N9qo8uLOickgx2ZM\n":                   "account_password",
		"Passwort = geheim":                                                    "account_password",
		"Security question 1: first pet?":                                      "security_question",
		"user;secret_answer\nann;Rex\n":                                        "security_question",
		"faceprint: 0.113 0.92":                                                "biometric",
		"\ufeffname\tfingerprint template\nAnn\t464D5200203230\n":              "biometric",
		"Password: hunter2\nSSN: 123456789\nIBAN: DE89370400440532013000\n":    "social_security_number financial_account account_password",
		"name,phone,ssn\nAnn,+1 555 010 0000,\nBob,555-010-0001,536-22-8726":   "social_security_number",
		"name;\"driver's license\"\n\"Ann; \"\"the first\"\"\";\"D1234567\"\n": "government_id",
	} {
		if got := strings.Join(access.Scan([]byte(text)), " "); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestScanLeavesAlone(t *testing.T) {
	for _, text := range []string{
		"", "\n\n", "Dear Ann, your order 4711-0815 is on its way.",
		"2026-11-28 and 28.11.2026, 11/28/2026, 2026-11-28T12:30:00.000Z, 20261128123000, 1764331200000",
		"+49 151 12345678, +1 (555) 010-0000, 555-010-0000, 0049 30 123456, +4111111111111111, tel. 030/1234567",
		"order 113-1234567-1234567, invoice 2026-000123, RE-123-45-6789, 123-45-6789-01, PD-7K3M-9QXT-40BZ-1HNE",
		"000-12-3456 666-12-3456 900-12-3456 123-00-4567 123-45-0000 111-11-1111",
		"4111 1111 1111 1112, 1234567890123456, 0000 0000 0000 0000, 9999999999999999",
		"EAN 4006381333931, IMEI 356938035643809, ISBN 978-3-16-148410-0, UPS 1Z999AA10123456784, 550e8400-e29b-41d4-a716-446655440000",
		"DE89 3704 0044 0532 0130 01, GB29NWBK60161331926818, DE12345678, XX89370400440532013000",
		"VAT DE123456789, customer number 123456789, zip 12345-6789, account number: 123456789",
		"SSN: ***-**-6789, ssn: null, SSN: n/a, ssn,\nSocial Security: see HR",
		"Driver's license since 2019, driver's license issued 2019-05-12, passport: yes, passport expires: 2031-01-01",
		"Password: ********, password: null, password changed: 2026-01-01, passwordResetAt=2026-01-01T00:00:00Z, Password policy: strong, reset password: 2026-01-01",
		`{"password":"","security_question":null,"secret_answer":"[redacted]","biometric":false}`,
		"name,password,ssn\nAnn,,\nBob,***,***-**-1234\n",
		"browser fingerprint: a3f5c9e8, key fingerprint: SHA256:abcdef, biometric consent: given 2026-01-01",
		"ip 192.168.100.200, lat 52.520008, lon 13.404954, size 1920x1080, sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"https://example.org/reset?password=&ssn=, 12:30, a=b, id:1",
	} {
		if got := access.Scan([]byte(text)); len(got) > 0 {
			t.Errorf("%q: %q", text, got)
		}
	}
}

// What is written as it should be is found wherever it stands.
func TestScanFindsAnyNumber(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 14))
	around := []func(string) string{
		func(s string) string { return "It is " + s + ", she said." }, func(s string) string { return "a;b\n" + s + ";x\n" },
		func(s string) string { return `{"a":"` + s + `"}` }, func(s string) string { return "(" + s + ")\r\n" }, func(s string) string { return s },
	}
	for range 2000 {
		for want, number := range map[string]string{
			"social_security_number": fmt.Sprintf("%03d-%02d-%04d", 1+r.IntN(665), 1+r.IntN(99), 1+r.IntN(9999)),
			"financial_account":      []string{cardOf(r), ibanOf(r)}[r.IntN(2)],
		} {
			text := around[r.IntN(len(around))](number)
			if got := access.Scan([]byte(text)); !slices.Equal(got, []string{want}) && number != "111-11-1111" {
				t.Fatalf("%q: %q", text, got)
			}
		}
	}
}

func cardOf(r *rand.Rand) string {
	number := fmt.Sprintf("%s%011d", []string{"4539", "5412", "6011", "3566", "2221"}[r.IntN(5)], r.Int64N(1e11))
	for last := range 10 {
		if whole := number + fmt.Sprint(last); luhn(whole) {
			sign := []string{"", " ", "-"}[r.IntN(3)]
			return whole[:4] + sign + whole[4:8] + sign + whole[8:12] + sign + whole[12:]
		}
	}
	panic("no digit fits")
}

func luhn(number string) bool {
	sum := 0
	for i, d := range number {
		n := int(d - '0')
		if i%2 == 0 {
			n = n*2/10 + n*2%10
		}
		sum += n
	}
	return sum%10 == 0
}

func ibanOf(r *rand.Rand) string {
	account := fmt.Sprintf("%018d", r.Int64N(1e18))
	rest := 0
	for _, d := range account + "131400" { // DE00
		rest = (rest*10 + int(d-'0')) % 97
	}
	iban := fmt.Sprintf("DE%02d%s", 98-rest, account)
	if r.IntN(2) == 0 {
		return iban
	}
	return strings.Join([]string{iban[:4], iban[4:8], iban[8:12], iban[12:16], iban[16:20], iban[20:]}, " ")
}

// Telephone numbers, times and numbers of orders give few false hits.
func TestScanSeldomErrs(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 14))
	const tries = 20000
	for name, make := range map[string]func() string{
		"telephone": func() string { return fmt.Sprintf("(%03d) %03d-%04d", r.IntN(1000), r.IntN(1000), r.IntN(10000)) },
		"abroad":    func() string { return fmt.Sprintf("+%02d %d %d", 20+r.IntN(79), 100+r.IntN(900), r.IntN(1e9)) },
		"day":       func() string { return fmt.Sprintf("%04d-%02d-%02d", 1900+r.IntN(150), 1+r.IntN(12), 1+r.IntN(31)) },
		"time":      func() string { return fmt.Sprint(1e12 + r.Int64N(1e12)) },
		"order":     func() string { return fmt.Sprintf("%03d-%07d-%07d", r.IntN(1000), r.IntN(1e7), r.IntN(1e7)) },
		"number":    func() string { return fmt.Sprint(r.Int64N(1e12)) },
		"digest":    func() string { return fmt.Sprintf("%016x%016x", r.Uint64(), r.Uint64()) },
	} {
		hits := 0
		for range tries {
			hits += len(access.Scan([]byte("about " + make() + " of Ann")))
		}
		if hits > tries/1000 {
			t.Errorf("%s: %d of %d", name, hits, tries)
		}
	}
}

// FuzzScan: nothing but known kinds, in order; and no line takes away what another has.
func FuzzScan(f *testing.F) {
	for _, seed := range []string{"SSN: 123-45-6789", "a,password\n1,\"x\n", "DE89 3704", `{"ssn":`, "4111 1111-1111 1111", "\xff=\x00", "driver's license D12", "\"", ":\n=:="} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		found := access.Scan(text)
		at := 0
		for _, kind := range found {
			i := slices.Index(deadline.WithheldData[at:], kind)
			if i < 0 {
				t.Fatalf("%q: %q", text, found)
			}
			at += i + 1
		}
		more := access.Scan(append(slices.Clone(text), "\n\n536-22-8726\n"...))
		for _, kind := range append(found, "social_security_number") {
			if !slices.Contains(more, kind) {
				t.Fatalf("%q: %q is lost", text, kind)
			}
		}
	})
}

// Whoever looks at a file has a quarter of a gigabyte, and must not die of it again and again.
func TestAFileOfOneRowTakesLittleMemory(t *testing.T) {
	for name, text := range map[string]string{
		"one row": strings.Repeat("a,", 4<<20), "a row": "ssn,b\n" + strings.Repeat(",", 8<<20), "a row of many lines": "ssn,b\n\"" + strings.Repeat("\n\",\"", 1<<21),
	} {
		whole := []byte(text)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		access.Scan(whole)
		runtime.ReadMemStats(&after)
		if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > 150 {
			t.Errorf("%s: %d MB", name, used)
		}
	}
	long := "name,ssn,notes\nA,,\"" + strings.Repeat("x\n", 200_000) + "\"\nB,536228726,\n"
	if got := access.Scan([]byte(long)); !slices.Contains(got, "social_security_number") {
		t.Errorf("behind a long note: %q", got)
	}
}
