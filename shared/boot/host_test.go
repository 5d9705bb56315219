package boot

import "testing"

func TestHostsAreThoseOfThePartition(t *testing.T) {
	for _, name := range []string{"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_DYNAMODB"} {
		t.Setenv(name, "")
	}
	for region, want := range map[string][2]string{
		"eu-central-1":  {"https://b.s3.eu-central-1.amazonaws.com/k", "https://dynamodb.eu-central-1.amazonaws.com"},
		"us-gov-west-1": {"https://b.s3.us-gov-west-1.amazonaws.com/k", "https://dynamodb.us-gov-west-1.amazonaws.com"},
		"cn-north-1":    {"https://b.s3.cn-north-1.amazonaws.com.cn/k", "https://dynamodb.cn-north-1.amazonaws.com.cn"},
	} {
		t.Run(region, func(t *testing.T) {
			a := &AWS{region: region}
			if got := [2]string{a.Bucket("b").url("k"), a.endpoint("DYNAMODB", "dynamodb")}; got != want {
				t.Errorf("%q, want %q", got, want)
			}
		})
	}
}
