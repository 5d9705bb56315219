# The few commands that the runbooks use, the same for a stack on AWS and for the one on this machine. From the top folder:
#
#   STACK=privacy-desk; . infra/runbooks/tools.sh              # on AWS; needs its CLI (v2), curl, and your rights in AWS_PROFILE
#   STACK=local PORT=3000; . infra/runbooks/tools.sh           # what make run has started here
#
#   lines suppression 4h      log lines of a function, of the last so long (here: all of them); they are JSON, use grep
#   call clock [FILE]         invokes a function, with an event file of events/ ({} without one), and shows its answer
#   desk /desk/requests …     calls the officer's API; what follows goes to curl. Needs the policy OfficerPolicyArn, and
#                             DESK= set to the output ApiUrl where you may not read the stack
#   waiting UndeliveredQueue  shows up to ten messages of a queue, and hides them for 30 seconds. They may hold addresses
#   named OptOutsTable        what AWS calls a resource of template.yaml (of a queue: its URL)
#   output ApiUrl             an output of the stack
#   changed                   what somebody has changed by hand beside the template: a deployment does not put it back

if [ "$STACK" = local ]; then
  lines() { cat ".local/logs/$1.log"; }
  call() { make PORT="${PORT:-3000}" invoke FUNCTION="$1" EVENT="$2"; }
  desk() { curl -sS --aws-sigv4 aws:amz:us-east-1:execute-api --user local:local "http://127.0.0.1:${PORT:-3000}$@"; echo; }
  waiting() { cat ".local/dead-letters/$1.jsonl"; }
  named() { echo "$1"; }
  output() { [ "$1" = ApiUrl ] && echo "http://127.0.0.1:${PORT:-3000}"; }
  aws() { # what it asks DynamoDB is answered; of the rest, what the SES stand-in knows
    AWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:$((${PORT:-3000} + 1)) AWS_ENDPOINT_URL=http://127.0.0.1:$((${PORT:-3000} + 2)) \
      AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_DEFAULT_REGION=us-east-1 AWS_MAX_ATTEMPTS=1 command aws "$@"
  }
else
  unset -f aws 2>/dev/null
  named() { aws cloudformation describe-stack-resource --stack-name "$STACK" --logical-resource-id "$1" --query StackResourceDetail.PhysicalResourceId --output text; }
  output() { aws cloudformation describe-stacks --stack-name "$STACK" --query "Stacks[0].Outputs[?OutputKey=='$1'].OutputValue" --output text; }
  lines() { aws logs tail "/aws/lambda/$STACK-$1" --since "${2:-1h}"; }
  call() {
    function=$(named "$(printf %s "$1" | cut -c1 | tr a-z A-Z)$(printf %s "$1" | cut -c2-)Function") || return
    answer=$(mktemp) || return
    # No repeat by the CLI: a call that takes longer than its patience would be made twice.
    AWS_MAX_ATTEMPTS=1 aws lambda invoke --function-name "$function" --payload "$(if [ "$2" ]; then cat "$2"; else echo '{}'; fi)" \
      --cli-binary-format raw-in-base64-out --cli-read-timeout 0 --query '[StatusCode,FunctionError]' --output text "$answer" >&2
    cat "$answer"; rm "$answer"; echo
  }
  desk() ( # a shell of its own: exported credentials would outlive their hour in yours
    eval "$(aws configure export-credentials --format env)"
    DESK=${DESK:-$(output ApiUrl)}
    curl -sS --aws-sigv4 "aws:amz:$(printf %s "$DESK" | cut -d. -f3):execute-api" --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" \
      -H "x-amz-security-token: $AWS_SESSION_TOKEN" "$DESK$@"; echo
  )
  waiting() {
    aws sqs receive-message --queue-url "$(named "$1")" --max-number-of-messages 10 --visibility-timeout 30 \
      --message-attribute-names All --attribute-names ApproximateReceiveCount SentTimestamp --output json
  }
  changed() {
    detection=$(aws cloudformation detect-stack-drift --stack-name "$STACK" --query StackDriftDetectionId --output text) || return
    while [ "$(aws cloudformation describe-stack-drift-detection-status --stack-drift-detection-id "$detection" --query DetectionStatus --output text)" = DETECTION_IN_PROGRESS ]; do sleep 5; done
    aws cloudformation describe-stack-resource-drifts --stack-name "$STACK" --stack-resource-drift-status-filters MODIFIED DELETED \
      --query 'StackResourceDrifts[].[LogicalResourceId,StackResourceDriftStatus,PropertyDifferences]' --output json
  }
fi
