// Package awsexample has the examples by which AWS documents the signatures of S3: the adapter that signs, and the
// stand-in that checks, are both held against them.
package awsexample

import "strings"

// The keys of all examples.
const (
	AccessKeyID = "AKIAIOSFODNN7EXAMPLE"
	SecretKey   = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
)

// Policy is what a form may post
// (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-post-example.html).
var Policy = strings.ReplaceAll(`{ "expiration": "2015-12-30T12:00:00.000Z",
  "conditions": [
    {"bucket": "sigv4examplebucket"},
    ["starts-with", "$key", "user/user1/"],
    {"acl": "public-read"},
    {"success_action_redirect": "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html"},
    ["starts-with", "$Content-Type", "image/"],
    {"x-amz-meta-uuid": "14365123651274"},
    {"x-amz-server-side-encryption": "AES256"},
    ["starts-with", "$x-amz-meta-tag", ""],

    {"x-amz-credential": "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"},
    {"x-amz-algorithm": "AWS4-HMAC-SHA256"},
    {"x-amz-date": "20151229T000000Z" }
  ]
}`, "\n", "\r\n")

// PolicySignature is that of Policy in base64, of 29 December 2015 in us-east-1.
const PolicySignature = "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e"

// AddressSignature is that of a GET of https://examplebucket.s3.amazonaws.com/test.txt, signed at the beginning of
// 24 May 2013 in us-east-1 for a day (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html).
const AddressSignature = "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
