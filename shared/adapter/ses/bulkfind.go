package ses

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"privacydesk/shared/domain/person"
)

// jobsPage is how many jobs SES is asked to list at once.
const jobsPage = 100

// clocksApart is by how much SES's clock may be behind ours.
const clocksApart = 5 * time.Minute

// Find returns the id at SES of the job that was begun under a name, or "".
// SES lists jobs without their objects, so each that is young enough is read: few,
// as there are at most twenty at once. The errors are those of Start.
func (b Bulk) Find(ctx context.Context, id string, since time.Time) (string, error) {
	pages := sesv2.NewListImportJobsPaginator(b.Client, &sesv2.ListImportJobsInput{
		ImportDestinationType: types.ImportDestinationTypeSuppressionList, PageSize: aws.Int32(jobsPage),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return "", classified(err, person.Address{}, "list the import jobs")
		}
		for _, j := range page.ImportJobs {
			if aws.ToTime(j.CreatedTimestamp).Before(since.Add(-clocksApart)) {
				continue
			}
			if is, err := b.reads(ctx, j.JobId, b.url(id)); is || err != nil {
				return aws.ToString(j.JobId), err
			}
		}
	}
	return "", nil
}

// reads reports whether a job of SES has its lines from the object at url.
func (b Bulk) reads(ctx context.Context, sesID *string, url string) (bool, error) {
	out, err := b.Client.GetImportJob(ctx, &sesv2.GetImportJobInput{JobId: sesID})
	if err != nil {
		return false, classified(err, person.Address{}, "read an import job")
	}
	return out.ImportDataSource != nil && aws.ToString(out.ImportDataSource.S3Url) == url, nil
}
