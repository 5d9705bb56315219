package ses

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	"github.com/aws/smithy-go"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/suppression"
)

// Bulk is SES's way to take many addresses at once ("Adding email addresses in bulk
// to your account-level suppression list"): an object in a bucket and one call. It
// reaches the account's list only; the call takes no tenant.
type Bulk struct {
	Client  *sesv2.Client
	Bucket  string
	Objects Objects
}

// Objects is the bucket from which SES reads.
type Objects interface {
	// Put stores an object of the bucket. Unavailable: it may not be there.
	Put(ctx context.Context, key string, content []byte) error
	// Fetch reads the object behind a URL that SES has signed.
	Fetch(ctx context.Context, signed string) ([]byte, error)
}

var _ suppression.BulkList = Bulk{}

// importLine is one line of the object: newline-delimited JSON, the form of JSON that
// SES takes. A deletion names no reason.
type importLine struct {
	EmailAddress string `json:"emailAddress"`
	Reason       string `json:"reason,omitempty"`
}

// Start hands a job over and returns its id at SES.
//
// suppression.ErrNoBulk: the account is in the sandbox. suppression.ErrThrottled: above SES's
// rate, or too many jobs at once. Otherwise a fault.
func (b Bulk) Start(ctx context.Context, id string, items []suppression.BulkItem) (string, error) {
	var lines bytes.Buffer
	action := types.SuppressionListImportActionDelete
	encode := json.NewEncoder(&lines)
	for _, l := range items {
		if l.Reason != suppression.NotListed {
			action = types.SuppressionListImportActionPut
		}
		if err := encode.Encode(importLine{l.Address.Reveal(), string(l.Reason)}); err != nil {
			return "", fault.Wrap(fault.Internal, errors.New("a line cannot be written"), "write an import")
		}
	}
	if err := b.Objects.Put(ctx, objectKey(id), lines.Bytes()); err != nil {
		return "", err
	}
	out, err := b.Client.CreateImportJob(ctx, &sesv2.CreateImportJobInput{
		ImportDataSource: &types.ImportDataSource{S3Url: aws.String(b.url(id)), DataFormat: types.DataFormatJson},
		ImportDestination: &types.ImportDestination{
			SuppressionListDestination: &types.SuppressionListDestination{SuppressionListImportAction: action},
		},
	})
	if err != nil {
		return "", importFailure(err)
	}
	return aws.ToString(out.JobId), nil
}

// objectKey is where a job's lines are stored: its name leads back to the job.
func objectKey(id string) string { return "imports/" + id + ".json" }

func (b Bulk) url(id string) string { return "s3://" + b.Bucket + "/" + objectKey(id) }

func importFailure(err error) error {
	if refusal, ok := errors.AsType[smithy.APIError](err); ok {
		text := strings.ToLower(refusal.ErrorMessage())
		switch {
		case refusal.ErrorCode() == "LimitExceededException":
			return suppression.ErrThrottled
		case strings.Contains(text, "production access"), strings.Contains(text, "sandbox"):
			return suppression.ErrNoBulk
		}
	}
	return classified(err, person.Address{}, "start an import job")
}

// Status returns the state of a job. The errors are those of Start. One that SES does not know is
// over.
func (b Bulk) Status(ctx context.Context, sesID string) (suppression.BulkState, error) {
	out, err := b.Client.GetImportJob(ctx, &sesv2.GetImportJobInput{JobId: &sesID})
	if _, absent := errors.AsType[*types.NotFoundException](err); absent {
		return suppression.BulkState{Over: true, Fault: "SES does not know the import job"}, nil
	}
	if err != nil {
		return suppression.BulkState{}, classified(err, person.Address{}, "read an import job")
	}
	state := suppression.BulkState{Lost: int(aws.ToInt32(out.FailedRecordsCount))}
	switch out.JobStatus {
	case types.JobStatusCompleted:
		state.Over = true
	case types.JobStatusFailed, types.JobStatusCancelled:
		state.Over, state.Fault = true, "SES ended the import job as "+strings.ToLower(string(out.JobStatus))
	}
	if out.FailureInfo != nil && state.Lost > 0 && out.FailureInfo.FailedRecordsS3Url != nil {
		state.Failed = b.failed(ctx, *out.FailureInfo.FailedRecordsS3Url)
		state.Lost = max(0, state.Lost-len(state.Failed))
	}
	return state, nil
}

// failed reads the records that SES has not taken; none, if they cannot be had: the
// reconciliation finds them missing.
func (b Bulk) failed(ctx context.Context, signed string) map[person.Address]string {
	content, err := b.Objects.Fetch(ctx, signed)
	if err != nil {
		return nil
	}
	return FailedRecords(content)
}

// FailedRecords returns the addresses that SES has not taken, and why. AWS does not document
// the form of these records, so each line may be JSON or comma-separated; what is not
// understood is left out.
func FailedRecords(content []byte) map[person.Address]string {
	failed := map[person.Address]string{}
	for line := range bytes.Lines(content) {
		if a, why := failedLine(strings.TrimSpace(string(line))); !a.IsZero() {
			failed[a] = why
		}
	}
	return failed
}

func failedLine(line string) (person.Address, string) {
	var record struct {
		EmailAddress string `json:"emailAddress"`
		ErrorMessage string `json:"errorMessage"`
	}
	fields := strings.Split(line, ",")
	if json.Unmarshal([]byte(line), &record) == nil {
		fields = []string{record.EmailAddress, record.ErrorMessage}
	}
	var found person.Address
	why := ""
	for _, field := range fields {
		field = strings.Trim(field, ` "`)
		if a, err := person.Parse(field); err == nil && found.IsZero() {
			found = a
		} else if err != nil {
			why = field
		}
	}
	return found, harmless(why)
}

// harmless lets a short sentence of SES through that holds no address.
func harmless(why string) string {
	if why == "" || len(why) > 100 || strings.Contains(why, "@") {
		return "SES has not taken the record"
	}
	return why
}
