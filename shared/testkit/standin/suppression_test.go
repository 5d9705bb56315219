package standin

import (
	"bufio"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
)

const (
	bounce    = types.SuppressionListReasonBounce
	complaint = types.SuppressionListReasonComplaint
)

func writeFile(t testing.TB, name, content string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func get(b *bench, t testing.TB, address, tenant string) (*types.SuppressedDestination, error) {
	t.Helper()
	in := &sesv2.GetSuppressedDestinationInput{EmailAddress: &address}
	if tenant != "" {
		in.TenantName = &tenant
	}
	out, err := b.GetSuppressedDestination(t.Context(), in)
	if err != nil {
		return nil, err
	}
	return out.SuppressedDestination, nil
}

func TestPutGetDelete(t *testing.T) {
	b := start(t, Config{})
	b.put(t, "kim@example.com", complaint)
	got, err := get(b, t, "kim@example.com", "")
	if err != nil {
		t.Fatal(err)
	}
	if got.Reason != complaint || !got.LastUpdateTime.Equal(b.clock.now()) || got.Attributes != nil || got.TenantName != nil {
		t.Errorf("entry = %+v", got)
	}
	b.clock.add(1500 * time.Millisecond)
	b.put(t, "kim@example.com", bounce)
	got, err = get(b, t, "kim@example.com", "")
	if err != nil || got.Reason != bounce || !got.LastUpdateTime.Equal(b.clock.now()) {
		t.Errorf("second put: %+v, %v", got, err)
	}
	if _, err := b.DeleteSuppressedDestination(t.Context(), &sesv2.DeleteSuppressedDestinationInput{EmailAddress: aws.String("kim@example.com")}); err != nil {
		t.Fatal(err)
	}
	_, err = get(b, t, "kim@example.com", "")
	var missing *types.NotFoundException
	if !errors.As(err, &missing) || missing.ErrorMessage() != "Email address kim@example.com does not exist on your suppression list." {
		t.Errorf("get after delete: %v", err)
	}
	_, err = b.DeleteSuppressedDestination(t.Context(), &sesv2.DeleteSuppressedDestinationInput{EmailAddress: aws.String("kim@example.com")})
	if !errors.As(err, &missing) {
		t.Errorf("second delete: %v", err)
	}
}

func TestOnlyTheDomainIsFolded(t *testing.T) {
	b := start(t, Config{})
	b.put(t, "Foo@Example.COM", complaint)
	b.put(t, "foo@example.com", bounce)
	want := []string{"Foo@example.com", "foo@example.com"}
	if got := b.addresses(t, &sesv2.ListSuppressedDestinationsInput{}); !slices.Equal(got, want) {
		t.Errorf("list = %v, want %v", got, want)
	}
	if _, err := get(b, t, "Foo@EXAMPLE.com", ""); err != nil {
		t.Error(err)
	}
	if _, err := get(b, t, "FOO@example.com", ""); err == nil {
		t.Error("FOO@ was found")
	}
}

func TestTenantsHaveListsOfTheirOwn(t *testing.T) {
	b := start(t, Config{Tenants: []string{"acme", "other"}})
	b.put(t, "a@example.com", complaint)
	b.put(t, "a@example.com", bounce, "acme")
	got, err := get(b, t, "a@example.com", "acme")
	if err != nil || got.Reason != bounce || aws.ToString(got.TenantName) != "acme" {
		t.Errorf("tenant entry = %+v, %v", got, err)
	}
	if got, err := get(b, t, "a@example.com", ""); err != nil || got.Reason != complaint {
		t.Errorf("account entry = %+v, %v", got, err)
	}
	if _, err := get(b, t, "a@example.com", "other"); err == nil {
		t.Error("the lists combine")
	}
	var missing *types.NotFoundException
	_, err = b.PutSuppressedDestination(t.Context(), &sesv2.PutSuppressedDestinationInput{
		EmailAddress: aws.String("a@example.com"), Reason: bounce, TenantName: aws.String("nobody"),
	})
	if !errors.As(err, &missing) {
		t.Errorf("unknown tenant: %v", err)
	}
}

func TestListPagesAndFilters(t *testing.T) {
	b := start(t, Config{})
	begin := b.clock.now()
	for i := range 2503 {
		reason := bounce
		if i%5 == 0 {
			reason = complaint
		}
		b.srv.st.list("").put(entry{Address: fmt.Sprintf("p%05d@example.com", i), Reason: string(reason), Updated: begin.Add(time.Duration(i) * time.Second)})
	}
	cases := map[string]struct {
		in   sesv2.ListSuppressedDestinationsInput
		want int
	}{
		"all, largest page":     {sesv2.ListSuppressedDestinationsInput{PageSize: aws.Int32(1000)}, 2503},
		"all, default page":     {sesv2.ListSuppressedDestinationsInput{}, 2503},
		"one reason":            {sesv2.ListSuppressedDestinationsInput{Reasons: []types.SuppressionListReason{complaint}, PageSize: aws.Int32(7)}, 501},
		"both reasons":          {sesv2.ListSuppressedDestinationsInput{Reasons: []types.SuppressionListReason{complaint, bounce}}, 2503},
		"from a date":           {sesv2.ListSuppressedDestinationsInput{StartDate: aws.Time(begin.Add(2500 * time.Second))}, 3},
		"until a date":          {sesv2.ListSuppressedDestinationsInput{EndDate: aws.Time(begin.Add(10 * time.Second))}, 10},
		"a window and a reason": {sesv2.ListSuppressedDestinationsInput{StartDate: aws.Time(begin.Add(5 * time.Second)), EndDate: aws.Time(begin.Add(15 * time.Second)), Reasons: []types.SuppressionListReason{complaint}}, 2},
		"a last page that is full leads to no empty one": {sesv2.ListSuppressedDestinationsInput{EndDate: aws.Time(begin.Add(10 * time.Second)), PageSize: aws.Int32(5)}, 10},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got := b.addresses(t, &c.in)
			if len(got) != c.want || len(slices.Compact(slices.Sorted(slices.Values(got)))) != c.want {
				t.Errorf("%d addresses, want %d different ones", len(got), c.want)
			}
		})
	}
}

func TestListRefuses(t *testing.T) {
	b := start(t, Config{})
	for i := range 3 {
		b.put(t, fmt.Sprintf("p%d@example.com", i), bounce)
	}
	page, err := b.ListSuppressedDestinations(t.Context(), &sesv2.ListSuppressedDestinationsInput{PageSize: aws.Int32(1)})
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]*sesv2.ListSuppressedDestinationsInput{
		"a page too large":               {PageSize: aws.Int32(1001)},
		"a token of another question":    {NextToken: page.NextToken, Reasons: []types.SuppressionListReason{bounce}},
		"a token that is none":           {NextToken: aws.String("x")},
		"a reason that SES has not":      {Reasons: []types.SuppressionListReason{"OPT_OUT"}},
		"the token of another's tenancy": {NextToken: page.NextToken, TenantName: aws.String("t")},
	}
	for name, in := range cases {
		t.Run(name, func(t *testing.T) {
			if _, err := b.ListSuppressedDestinations(t.Context(), in); status(err) != http.StatusBadRequest {
				t.Errorf("error = %v", err)
			}
		})
	}
}

func status(err error) int {
	var re *awshttp.ResponseError
	if errors.As(err, &re) {
		return re.HTTPStatusCode()
	}
	return 0
}

func TestAddressesThatSESRefuses(t *testing.T) {
	b := start(t, Config{})
	for _, address := range []string{"", "nobody", "a@host", "@example.com", "mañana@example.com", "a@mañana.example", "a b@example.com", "a@example..com", "a@1.2.3.4"} {
		t.Run(strconv.Quote(address), func(t *testing.T) {
			_, err := b.PutSuppressedDestination(t.Context(), &sesv2.PutSuppressedDestinationInput{EmailAddress: &address, Reason: bounce})
			var bad *types.BadRequestException
			if !errors.As(err, &bad) {
				t.Errorf("put: %v", err)
			}
			_, err = b.DeleteSuppressedDestination(t.Context(), &sesv2.DeleteSuppressedDestinationInput{EmailAddress: &address})
			if err == nil {
				t.Error("delete was taken")
			}
		})
	}
	_, err := b.PutSuppressedDestination(t.Context(), &sesv2.PutSuppressedDestinationInput{EmailAddress: aws.String("a@example.com"), Reason: "OPT_OUT"})
	if status(err) != http.StatusBadRequest {
		t.Errorf("odd reason: %v", err)
	}
}

func TestOddAddressesTravelWhole(t *testing.T) {
	b := start(t, Config{})
	for _, address := range []string{"a/b@example.com", "a+tag@example.com", "!#$%&'*+/=?^`{|}~@example.com", "o'hara@xn--maana-pta.example", "a%2Fb@example.com", "..@example.com"} {
		t.Run(address, func(t *testing.T) {
			b.put(t, address, complaint)
			if _, err := get(b, t, address, ""); err != nil {
				t.Error(err)
			}
			if _, err := b.DeleteSuppressedDestination(t.Context(), &sesv2.DeleteSuppressedDestinationInput{EmailAddress: &address}); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestSlashRefusedWhenAskedFor(t *testing.T) {
	b := start(t, Config{RefuseSlash: true})
	b.put(t, "a/b@example.com", complaint)
	if _, err := get(b, t, "a/b@example.com", ""); status(err) != http.StatusBadRequest {
		t.Errorf("error = %v", err)
	}
}

// The list of addresses lies beside the project and is no part of it.
func TestVerdictsOnRealAddresses(t *testing.T) {
	f, err := os.Open("../../../../shared/inputs/addresses.tsv")
	if err != nil {
		t.Skip("SKIPPED: ../shared/inputs/addresses.tsv is not beside this checkout")
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		col := strings.Split(lines.Text(), "\t")
		address, err := strconv.Unquote(`"` + strings.ReplaceAll(col[2], `"`, `\"`) + `"`)
		if err != nil || len(col) < 6 || col[5] != "yes" && col[5] != "no" {
			continue
		}
		if got := checkAddress(address) == nil; got != (col[5] == "yes") {
			t.Errorf("row %s %q: holds = %v, want %s", col[1], address, got, col[5])
		}
	}
}

func TestRate(t *testing.T) {
	b := start(t, Config{RequestsPerSecond: 2, ConfigurationSets: []ConfigurationSet{{Name: "m"}}})
	var busy *types.TooManyRequestsException
	for i, want := range []bool{true, true, false, false} {
		_, err := get(b, t, "a@example.com", "")
		if limited := errors.As(err, &busy); limited == want {
			t.Errorf("call %d: %v", i, err)
		}
	}
	if res, err := http.Get(b.url + "/v2/email/account"); err != nil || res.StatusCode != 429 || res.Header.Get("Retry-After") != "" {
		t.Errorf("raw answer: %v %v", res, err)
	}
	b.clock.add(500 * time.Millisecond)
	if _, err := get(b, t, "a@example.com", ""); errors.As(err, &busy) {
		t.Error("half a second later one more call is due")
	}
	for range 5 {
		b.send(t, simpleMail("a@example.com"))
	}
}

func TestListStaysRightUnderChange(t *testing.T) {
	l := newList()
	for round := range 50 {
		for i := range 40 {
			address := fmt.Sprintf("P%d@example.com", (i*7+round*13)%97)
			if (i+round)%3 == 0 {
				l.remove(address)
			} else {
				l.put(entry{Address: address})
			}
		}
		got := l.all()
		if len(got) != len(l.entries) {
			t.Fatalf("round %d: %d listed, %d there", round, len(got), len(l.entries))
		}
		if !slices.IsSortedFunc(got, func(a, b entry) int { return strings.Compare(a.Address, b.Address) }) {
			t.Fatal("not sorted")
		}
	}
}
