// Package secondaws deploys template.yaml with the real `sam deploy` onto
// MiniStack, an emulator of AWS that nobody here wrote, uses the desk there,
// deploys an update over it, and deletes it again. MiniStack judges calls by
// the roles and policies of the stack. Each function also starts under
// AWS's own Lambda Runtime Interface Emulator.
//
// MiniStack 1.5.33 lacks some things that the desk needs, and differs from AWS
// in others. The tests make up for each openly:
//
//   - It does not import the OpenAPI body of an HTTP API. The tests read the
//     body that SAM's transform made and create its routes one by one.
//   - It answers OPTIONS itself. Those routes are created and never called.
//   - It has no SES suppression list. The functions call shared/testkit/standin
//     for all of SES v2, and no role is judged on a call of SES.
//   - It has no SES receipt rules, no saved queries of Logs Insights and no
//     style of Cognito's managed login. The deployed template leaves them out,
//     and the tests call mailbox themselves.
//   - Ref of a secret gives its name, where AWS gives its ARN. The deployed
//     template asks for the ARN.
//   - It judges the calls of callers and functions, but not what Lambda itself
//     does with a role: reading streams and queues, sending dead letters,
//     writing logs. A Condition on dynamodb:LeadingKeys always holds. The
//     end-to-end tests judge both (infra/local/iam).
//   - It runs a function as a process of this machine. The functions are built
//     for this machine's processor and not for arm64.
//   - Its time cannot be moved. The tests make a row older by hand.
//
// Quotas, throttling and frozen functions are not tested.
//
// The tests have the build tag secondaws (make second-aws).
package secondaws
