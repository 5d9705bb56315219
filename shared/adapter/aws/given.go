package aws

import (
	"context"
	"encoding/xml"
	"errors"
	"net/http"
	"net/url"
	"time"

	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/fault"
)

// Scanned is the bucket where GuardDuty tags what comes: a file is given out only when
// its tag says that it is clean.
func (b Bucket) Scanned(on bool) Bucket {
	b.scanned = on
	return b
}

// Given signs an address from which a browser fetches a file for a minute. Errors are
// those of Ready.
func (b Bucket) Given(ctx context.Context, f attachment.File) (string, error) {
	if err := b.Ready(ctx, f); err != nil {
		return "", err
	}
	return b.Address(Download{Key: f.ID, Type: f.Type.MediaType(), Name: f.Name(), For: time.Minute})
}

// FormFor signs the form by which a file is sent. Without an address to go back to, S3
// leads nobody anywhere afterwards.
func (b Bucket) FormFor(file, back string) (Form, error) {
	return b.Form(Upload{Key: file, Type: "application/octet-stream", Min: 1, Max: attachment.MaxSize, For: attachment.FormTime, RedirectTo: back})
}

// Origin is where browsers send and fetch files, for a content security policy.
func (b Bucket) Origin() string {
	at, err := url.Parse(b.url(""))
	if err != nil || at.Host == "" {
		return ""
	}
	return at.Scheme + "://" + at.Host
}

// Ready says why a file is not given out. NotFound: what was read is not there any
// more, since the form for it was good for some minutes. Conflict:
// attachment.ErrChecking, ErrThreat or ErrUnchecked.
func (b Bucket) Ready(ctx context.Context, f attachment.File) error {
	seen, err := b.Head(ctx, f.ID)
	switch {
	case err != nil:
		return err
	case !f.Readable(seen.ETag):
		return fault.New(fault.NotFound, "The file is not the one that was read.")
	case !b.scanned || !f.FromOutside():
		return nil
	}
	found, err := b.verdict(ctx, f.ID)
	if err != nil {
		return err
	}
	return found.GivenOut()
}

// scanTag is how GuardDuty tags what it has scanned
// (https://docs.aws.amazon.com/guardduty/latest/ug/monitor-enable-s3-object-tagging-malware-protection.html).
const scanTag = "GuardDutyMalwareScanStatus"

var verdicts = map[string]attachment.Verdict{"NO_THREATS_FOUND": attachment.Clean, "THREATS_FOUND": attachment.Threat}

// Verdicts tells what the scan says of an object; nil where nothing is scanned.
func (b Bucket) Verdicts() func(context.Context, string) (attachment.Verdict, error) {
	if !b.scanned {
		return nil
	}
	return b.verdict
}

// verdict is what the object's tag says (GetObjectTagging); "" while it was not
// scanned. NotFound: there is no such object.
func (b Bucket) verdict(ctx context.Context, key string) (attachment.Verdict, error) {
	const op = "read an object's tags"
	req, err := b.aws.signed(ctx, call{op: op, service: "s3", method: http.MethodGet, url: b.url(key) + "?tagging="})
	if err != nil {
		return "", err
	}
	res, err := b.aws.once.Do(req)
	if err != nil {
		return "", fault.Wrap(fault.Unavailable, errors.New("no answer"), op)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return "", refused(res, op)
	}
	var tags struct {
		Tags []struct{ Key, Value string } `xml:"TagSet>Tag"`
	}
	if err := xml.NewDecoder(res.Body).Decode(&tags); err != nil {
		return "", fault.Wrap(fault.Unavailable, errors.New("the answer was cut"), op)
	}
	for _, t := range tags.Tags {
		if t.Key == scanTag {
			if v, known := verdicts[t.Value]; known {
				return v, nil
			}
			return attachment.Unchecked, nil
		}
	}
	return "", nil
}
