package standin

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// importJob is one CreateImportJob for the account's suppression list.
type importJob struct {
	ID        string
	Action    string // PUT or DELETE
	Format    string // CSV or JSON
	Object    string // bucket/key
	Created   time.Time
	Completed time.Time // zero while PROCESSING
	Processed int
	Failed    int
	Error     string // why the whole job failed
}

// Limits of SES ("Service quotas in Amazon SES", bulk suppression list).
var importLimits = map[string]int{"PUT": 100_000, "DELETE": 10_000}

const (
	maxImportsAtOnce = 20
	failedBucket     = "standin-import-failures"
)

type importBody struct {
	ImportDataSource struct {
		S3Url      string
		DataFormat string
	}
	ImportDestination struct {
		SuppressionListDestination *struct{ SuppressionListImportAction string }
	}
}

// createImport is CreateImportJob. The object is read when the job ends, as late as
// SES may read it.
func (s *Server) createImport(c *call) (any, error) {
	var in importBody
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	job, err := in.job()
	if err != nil {
		return nil, err
	}
	if s.cfg.Sandbox {
		return nil, badRequest("Your account must have production access to import addresses.")
	}
	running := 0
	for _, j := range s.st.Jobs {
		if j.status() == "PROCESSING" {
			running++
		}
	}
	if running >= maxImportsAtOnce {
		return nil, &apiError{http.StatusBadRequest, "LimitExceededException", "There are too many import jobs at once."}
	}
	job.ID, job.Created = newMessageID(c.now)[17:53], c.now
	s.st.Jobs = append(s.st.Jobs, job)
	s.changed()
	return map[string]string{"JobId": job.ID}, nil
}

func (in *importBody) job() (importJob, error) {
	object, isS3 := strings.CutPrefix(in.ImportDataSource.S3Url, "s3://")
	bucket, key, _ := strings.Cut(object, "/")
	to := in.ImportDestination.SuppressionListDestination
	switch {
	case !isS3 || bucket == "" || key == "":
		return importJob{}, badRequest("S3Url must have the form s3://bucket/key.")
	case to == nil:
		return importJob{}, badRequest("The stand-in imports into the suppression list only.")
	}
	if err := oneOf("dataFormat", in.ImportDataSource.DataFormat, "CSV", "JSON"); err != nil {
		return importJob{}, err
	}
	err := oneOf("suppressionListImportAction", to.SuppressionListImportAction, "DELETE", "PUT")
	return importJob{Action: to.SuppressionListImportAction, Format: in.ImportDataSource.DataFormat, Object: object}, err
}

func (j importJob) status() string {
	switch {
	case j.Completed.IsZero():
		return "PROCESSING"
	case j.Error != "":
		return "FAILED"
	}
	return "COMPLETED"
}

// summary is the part that GetImportJob and ListImportJobs share.
func (j importJob) summary() map[string]any {
	return map[string]any{
		"JobId": j.ID, "JobStatus": j.status(), "CreatedTimestamp": epoch{j.Created},
		"ProcessedRecordsCount": j.Processed, "FailedRecordsCount": j.Failed,
		"ImportDestination": map[string]any{
			"SuppressionListDestination": map[string]string{"SuppressionListImportAction": j.Action},
		},
	}
}

// getImport is GetImportJob.
func (s *Server) getImport(c *call) (any, error) {
	at := slices.IndexFunc(s.st.Jobs, func(j importJob) bool { return j.ID == c.PathValue("job") })
	if at < 0 {
		return nil, notFound("Import job %s does not exist.", c.PathValue("job"))
	}
	j := s.st.Jobs[at]
	out := j.summary()
	out["ImportDataSource"] = map[string]string{"S3Url": "s3://" + j.Object, "DataFormat": j.Format}
	if !j.Completed.IsZero() {
		out["CompletedTimestamp"] = epoch{j.Completed}
	}
	info := map[string]string{}
	if j.Error != "" {
		info["ErrorMessage"] = j.Error
	}
	if j.Failed > 0 {
		info["FailedRecordsS3Url"] = "http://" + c.Host + "/s3/" + failedBucket + "/" + j.ID
	}
	if len(info) > 0 {
		out["FailureInfo"] = info
	}
	return out, nil
}

// listImports is ListImportJobs, newest first.
func (s *Server) listImports(c *call) (any, error) {
	var in struct {
		NextToken string
		PageSize  int
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	size, err := pageSize(in.PageSize, 100, maxPage)
	if err != nil {
		return nil, err
	}
	from, err := strconv.Atoi("0" + in.NextToken)
	if err != nil || from > len(s.st.Jobs) {
		return nil, &apiError{http.StatusBadRequest, "InvalidNextTokenException", "The specified request includes an invalid or expired token."}
	}
	jobs := slices.Clone(s.st.Jobs)
	slices.Reverse(jobs)
	out := map[string]any{}
	page := []map[string]any{}
	for _, j := range jobs[from:min(from+size, len(jobs))] {
		page = append(page, j.summary())
	}
	out["ImportJobs"] = page
	if from+size < len(jobs) {
		out["NextToken"] = strconv.Itoa(from + size)
	}
	return out, nil
}
