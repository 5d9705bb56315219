package ses

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
)

// NewClient makes the client for List and Sender. It never tries a call again.
func NewClient(cfg aws.Config) *sesv2.Client {
	cfg.RetryMaxAttempts = 1
	return sesv2.NewFromConfig(cfg)
}
