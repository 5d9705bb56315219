package aws

import "testing"

// One Region of each partition, and one that does not exist yet
// (docs.aws.amazon.com/general/latest/gr/rande.html).
func TestHostsAreThoseOfThePartition(t *testing.T) {
	for _, name := range []string{"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL_SECRETS_MANAGER", "AWS_ENDPOINT_URL_EVENTBRIDGE"} {
		t.Setenv(name, "")
	}
	for region, domain := range map[string]string{
		"us-east-1":       "amazonaws.com",
		"eu-central-1":    "amazonaws.com",
		"ap-southeast-99": "amazonaws.com",
		"us-gov-west-1":   "amazonaws.com",
		"cn-north-1":      "amazonaws.com.cn",
		"cn-northwest-1":  "amazonaws.com.cn",
		"eusc-de-east-1":  "amazonaws.eu",
		"us-iso-east-1":   "c2s.ic.gov",
		"us-isob-east-1":  "sc2s.sgov.gov",
		"eu-isoe-west-1":  "cloud.adc-e.uk",
		"us-isof-south-1": "csp.hci.ic.gov",
	} {
		t.Run(region, func(t *testing.T) {
			a, end := &Clients{region: region}, "."+region+"."+domain
			for got, want := range map[string]string{
				a.Bucket("b").url("k"):                          "https://b.s3" + end + "/k",
				a.endpoint("DYNAMODB", "dynamodb"):              "https://dynamodb" + end,
				a.endpoint("SECRETS_MANAGER", "secretsmanager"): "https://secretsmanager" + end,
				a.endpoint("EVENTBRIDGE", "events"):             "https://events" + end,
			} {
				if got != want {
					t.Errorf("%s, want %s", got, want)
				}
			}
		})
	}
}
