# The few commands that the runbooks use, the same for a stack on AWS and for the one on this machine. From the top folder:
#
#   STACK=privacy-desk; . infra/runbooks/tools.sh              # on AWS; needs AWS CLI v2, curl 7.88 or later, your rights in AWS_PROFILE,
#                                                              # and the stack's Region: of the profile, or in AWS_REGION
#   STACK=local PORT=3000; . infra/runbooks/tools.sh           # what make run has started here
#
#   lines suppression 4h      log lines of a function, of the last so long (here: all of them); they are JSON, use grep
#   call clock [FILE]         invokes a function, with an event file of events/ ({} without one), and shows its answer
#   desk /api/requests …      calls the officer's API; what follows goes to curl. Type a query as you would say it, between
#                             quotes: '/api/requests?by=2026-12-31T00:00:00+01:00' (curl's own -G is signed wrong). Needs
#                             the policy OfficerPolicyArn, and DESK= set to the output ApiUrl where you may not read the stack
#   officer alice@…           the digest under which the records name that session of a role, behind "AROA…:"
#   waiting UndeliveredQueue  shows up to ten messages of a queue, and hides them for 30 seconds. They may hold addresses
#   named OptOutsTable        what AWS calls a resource of template.yaml (of a queue: its URL)
#   output ApiUrl             an output of the stack
#   changed                   what somebody has changed by hand beside the template: a deployment does not put it back

# canonical gives a query as SigV4 signs it: each character encoded once, parameters sorted by name, then by value. curl
# signs what it is given, and that of Debian 12 does neither. A plus is a plus; what is encoded already stays.
canonical() {
  printf %s "$1" | od -An -v -tx1 | tr -d ' \n' | awk '
    function byte(hex) { return index(digits, substr(hex, 1, 1)) * 16 + index(digits, substr(hex, 2)) - 17 }
    function digit(hex) { return length(hex) == 2 && byte(hex) < 128 ? index(digits, tolower(sprintf("%c", byte(hex)))) : 0 }
    function parameter() { if (text != "") print text (named ? "" : "="); text = ""; named = 0 }
    BEGIN { digits = "0123456789abcdef" }
    {
      for (i = 1; i < length($0); i += 2) {
        n = byte(substr($0, i, 2))
        if (n == 38) { parameter(); continue }                                # &
        if (n == 61 && !named) { named = 1; text = text "="; continue }      # the first =
        if (n == 37 && (high = digit(substr($0, i + 2, 2))) && (low = digit(substr($0, i + 4, 2)))) { n = high * 16 + low - 17; i += 4 }
        c = n < 128 ? sprintf("%c", n) : ""
        text = text (c ~ /^[A-Za-z0-9._~-]$/ ? c : sprintf("%%%02X", n))
      }
      parameter()
    }' | LC_ALL=C sort -t= -k1,1 -k2 | paste -s -d '&' -
}

# signed API REGION PATH … calls a path of the API with curl, signed with the keys of the environment.
signed() (
  case $3 in /*) ;; *) echo "desk: begin with a path, such as /api/requests" >&2; return 1 ;; esac
  url=$1$3 region=$2; shift 3
  case $url in *\?*) url=${url%%\?*}?$(canonical "${url#*\?}") ;; esac
  curl -sS --globoff --aws-sigv4 "aws:amz:${region}:execute-api" --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" \
    ${AWS_SESSION_TOKEN:+-H} ${AWS_SESSION_TOKEN:+"x-amz-security-token: $AWS_SESSION_TOKEN"} "$url" "$@"; echo
)

officer() {
  aws secretsmanager get-secret-value --secret-id "$(named ReferenceKeySecret)" --query SecretString --output text | go run -C infra ./verify officer -name "$1"
}

if [ "$STACK" = local ]; then
  lines() { cat ".local/logs/$1.log"; }
  call() { make PORT="${PORT:-3000}" invoke FUNCTION="$1" EVENT="$2"; }
  desk() (
    AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_SESSION_TOKEN=
    signed "http://127.0.0.1:${PORT:-3000}" us-east-1 "$@"
  )
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
    region=${AWS_REGION:-${AWS_DEFAULT_REGION:-$(aws configure get region)}}
    [ "$region" ] || { echo "desk: in which Region is the stack? Set AWS_REGION" >&2; return 1; }
    keys=$(aws configure export-credentials --format env) && eval "$keys" || { echo "desk: there are no credentials, or they have expired; sign in again" >&2; return 1; }
    api=${DESK:-$(output ApiUrl)}
    [ "$api" ] || { echo "desk: $STACK gives no ApiUrl in $region. Is it the right STACK and Region? Where you may not read the stack, set DESK to that output" >&2; return 1; }
    signed "${api%/}" "$region" "$@"
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
