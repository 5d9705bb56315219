# Every step of CI is a target here; `make` alone lists them. Recipes are bash and stop at the first fault.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# Variables, given before or after the target (make run PORT=4300):
#: PORT      first of the four ports of the local stack (3000); make preview is at PORT+10
#: CLOCK     moves the local stack's time from its start, such as +400d; empty is now
#: OIDC_ISSUER  another OpenID provider than make run's own, at which officers log in; OIDC_CLIENT_ID and OIDC_CLIENT_SECRET belong to it
#: OFFSET    how far make clock moves the running stack's time, such as +31d or -3h; now is the machine's time again
#: FUNCTION  function to invoke (suppression)
#: EVENT     event file to invoke it with (events/FUNCTION/scheduled.json)
#: EMAIL     address that make send mails to (me@example.com)
#: TOPIC     topic of that mail: its link then ends only that topic, which is not synced to SES (none: all mail)
#: SECONDS   how long make fuzz runs each fuzz target (20), and make soak in all (600)
#: SEED      first seed of make soak; a seed from its output repeats that run (the clock)
#: PKG       packages that make test and make bench run (./... ./infra/...)
#: RUN       tests that make test, test-browser and second-aws run, as go test -run takes them (all)
#: FILE      receipt, history, export or certificate that make verify-receipt, -history and -certificate check
#:           opt-out list that make import reads, or that make export writes (to the screen)
#:           answer of the function retention from which make retention takes its counts
#:           document that make letters writes (to the screen)
#: FORMAT    of make retention: md is Markdown (text)
#: URL       deployed desk that make import and make export talk to (the running stack)
#: MAILS     of make costs: mails sent in a month (three per request); MAILS_IN received, OPTOUTS and REQUESTS received, IMPORTS:
#:           imported addresses, PEOPLE whose opt-out is stored (all received). None: four typical months
#: REGION    of make costs (us-east-1)
#: AT        date of the list, for rows without one, such as 2026-11-22 (none); for make letters, the day of the requests (today)
#: PLACE     only place of make letters, such as DE or US-CA, and LANG its only language, such as de (all)
#: EVEN      yes: make import also opts out people who have come back since the list's date
#: ALL       yes: make import opts out everybody on the list, if it does not say who is out
#: DRY       yes: make import says what would happen, and writes nothing
#: COLUMN    column of the addresses, for make import: its name, or its number from 1 if there is no header line
#: CONSENT   column that says who is out, for make import, if several could
#: UNDO      report of the import that make import undoes
#: CHANNEL   of make export: email, sms, phone, post or sale (email)
#: RECEIPT   receipt that make verify-history compares with the history (none)
#: TABLE     table of the local stack that make copy-table copies as it is now, under the name TO
#: OPTOUTS   copy of the table of opt-outs, for make restore; REQUESTS is that of the table of requests, AT of when they are
#: ERASED    file of the people who were erased since AT, one keyed reference per line; it may be empty
#: SPOILT    when opt-outs were ended by mistake, such as 2026-11-22T03:00:00Z/2026-11-22T05:00:00Z (never)
#: STACK     stack on AWS that make restore and make protect work on (restore: the running local one)
#: TRIGGERS  no: make protect lets no alarm roll an update back, so that a fix can be deployed while it is on
#: IDS       names, one per line, that make verify-certificate checks against the digest (none)
#: KEYS      the organisation's public keys, a file or an address (those of the running stack)
#: N, WARM   starts of each function, and warm requests in each, in make bench (20, 300)
#: ENV       section of infra/deploy/samconfig.toml that make deploy uses (default)
#: ARGS      further arguments of sam deploy, such as --guided
#: QUEUE     what make redrive empties on AWS: the stack's output FeedbackDeadLettersArn or UnreadMailQueueUrl (the local stack's)
#: SECRET    ARN of the link keys' secret, the stack's output LinkKeysSecretArn
PORT ?= 3000
CLOCK ?=
OFFSET ?=
FUNCTION ?= suppression
EVENT ?= events/$(FUNCTION)/scheduled.json
EMAIL ?= me@example.com
TOPIC ?=
PKG ?= ./... ./infra/...
RUN ?=
ENV ?= default
ARGS ?=
SECRET ?=
QUEUE ?=
SECONDS ?=
SEED ?= 0
FILE ?=
FORMAT ?=
URL ?=
AT ?=
EVEN ?=
ALL ?=
DRY ?=
COLUMN ?=
CONSENT ?=
UNDO ?=
CHANNEL ?= email
TABLE ?=
TO ?=
OPTOUTS ?=
REQUESTS ?=
ERASED ?=
SPOILT ?=
STACK ?=
TRIGGERS ?=
RECEIPT ?=
IDS ?=
IMPORTS ?=
MAILS ?=
MAILS_IN ?=
PEOPLE ?=
REGION ?= us-east-1
KEYS ?= http://127.0.0.1:$(PORT)/.well-known/privacy-desk-keys.json
run invoke clock send redrive import export retention preview copy-table: export PORT := $(PORT)
run: export CLOCK := $(CLOCK)

FUNCTIONS := $(notdir $(patsubst %/,%,$(wildcard functions/*/)))
# axe-core and the like. DynamoDB Local is fetched by the code that starts it (shared/testkit/database).
NPM := $(patsubst %package-lock.json,%node_modules/.package-lock.json,$(wildcard infra/browser/package-lock.json infra/browser/npm/package-lock.json))
SECOND_AWS := .local/secondaws
LAMBDA_RIE := v0.0.0-20261030222936-bef5c4ba774d
# infra is a Go module of its own. Its commands run from here, so that a file is named from here. PKG may name packages of both.
INFRA = go build -C infra -o ../.local/bin/ ./$(1) && .local/bin/$(notdir $(1))
TESTSUM = $(CURDIR)/.local/bin/gotestsum --format pkgname --format-hide-empty-pkg --
PRODUCT_PKG = $(filter-out ./infra%,$(PKG))
INFRA_PKG = $(patsubst ./infra%,.%,$(filter ./infra%,$(PKG)))
BUILD := $(shell git describe --always --dirty 2>/dev/null || echo unknown)
GO_BUILD := CGO_ENABLED=0 go build -tags lambda.norpc -trimpath -buildvcs=false -ldflags "-s -w -buildid= -X privacydesk/shared/adapter/boot.Build=$(BUILD)"

.PHONY: help costs run invoke clock sample send redrive import export retention preview letters copy-table restore protect verify-receipt verify-history verify-certificate build test test-desk test-browser second-aws fuzz soak bench lint generate deploy region rotate-link-keys clean FORCE

help: ## Show this list
	@awk -F ':.*## ' '/^## / {print "\n" substr($$0, 4)} /^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2} /^#: / {vars = vars "\n  " substr($$0, 4)} END {print "\nVariables, before or after the target (make run PORT=4300)" vars}' Makefile

## On this machine

run: shared/domain/settings/desk_data.go ## Start everything on this machine: site on PORT, DynamoDB Local on PORT+1, SES stand-in and mailbox on PORT+2, OpenID provider on PORT+3 (OIDC_ISSUER=)
	@go build -C infra -o ../.local/stack ./local && exec .local/stack run

invoke: ## Invoke FUNCTION of the running stack with the event file EVENT and print its answer
	@$(call INFRA,local) invoke -function '$(FUNCTION)' -event '$(EVENT)'

clock: ## Move the running stack's time forward by OFFSET, and run once what was due meanwhile (none: print its time)
	@$(call INFRA,local) clock -offset '$(OFFSET)'

send: ## Send a campaign mail with List-Unsubscribe headers to EMAIL; it appears in the stack's mailbox
	@$(call INFRA,local/send) -topic '$(TOPIC)' '$(EMAIL)'

sample: ## Fill the running stack with two dozen requests, so that the desk can be seen full
	@$(call INFRA,sample) -port $(PORT)

redrive: ## Hand over again what feedback or mailbox could not process: the local stack's dead letters, or those of QUEUE on AWS
	@$(if $(QUEUE),$(call INFRA,deploy/redrive) '$(QUEUE)',$(call INFRA,local) redrive)

preview: ## Show every page, mail and screen of the desk with sample data, on PORT+10
	@$(call INFRA,preview)

letters: shared/domain/settings/desk_data.go ## Print every letter in every language, for counsel, as Markdown (FILE=, AT=, PLACE=, LANG=)
	@$(call INFRA,letters) -file '$(FILE)' -at '$(AT)' -place '$(PLACE)' -lang '$(if $(filter command,$(origin LANG)),$(LANG))'

## Opt-out lists of other systems

import: ## Import another system's opt-out list FILE, or undo an import (DRY=, UNDO=, AT=, COLUMN=, CONSENT=, ALL=, EVEN=, URL=)
	@$(call INFRA,lists) import -file '$(FILE)' -url '$(URL)' -at '$(AT)' -column '$(COLUMN)' -consent '$(CONSENT)' -undo '$(UNDO)' \
	  $(if $(filter yes,$(EVEN)),-even-if-back) $(if $(filter yes,$(ALL)),-all) $(if $(filter yes,$(DRY)),-dry-run)

export: ## Write the opt-out list as CSV, to FILE, for a system that cannot ask (URL=, CHANNEL=)
	@$(call INFRA,lists) export -file '$(FILE)' -url '$(URL)' -channel '$(CHANNEL)'

## How long things are kept

retention: shared/domain/settings/desk_data.go ## Print the schedule of retention and disposal, with what is due in the running stack (FILE=, FORMAT=)
	@$(call INFRA,schedule) -file '$(FILE)' -format '$(FORMAT)'

## After a loss (infra/runbooks/restore.md)

copy-table: ## Copy TABLE of the running stack as it is now to TO; this stands in for a restore to a point in time
	@$(call INFRA,local) copy -table '$(TABLE)' -to '$(TO)'

restore: ## Restore what the tables have lost, from copies of them (OPTOUTS=, REQUESTS=, AT=, ERASED=, SPOILT=, DRY=, STACK=)
	@$(call INFRA,deploy/restore) -port '$(or $(PORT),3000)' -stack '$(filter-out local,$(STACK))' -optouts '$(OPTOUTS)' -requests '$(REQUESTS)' -at '$(AT)' -erased '$(ERASED)' -spoilt '$(SPOILT)' \
	  $(if $(filter yes,$(DRY)),-dry-run)

## Proofs that people hold

verify-receipt: ## Say what the receipt FILE says, and whether it is signed with KEYS
	@$(call INFRA,verify) verify-receipt -file '$(FILE)' -keys '$(KEYS)'

verify-history: ## Check that the history, export or officer's FILE is unchanged and agrees with RECEIPT (KEYS=)
	@$(call INFRA,verify) verify-history -file '$(FILE)' -receipt '$(RECEIPT)' -keys '$(KEYS)'

verify-certificate: ## Say what the certificate of disposal FILE says, and whether it is signed with KEYS and about IDS
	@$(call INFRA,verify) verify-certificate -file '$(FILE)' -ids '$(IDS)' -keys '$(KEYS)'

## Checks

.local/bin/gotestsum .local/bin/staticcheck: infra/go.mod
	@go build -C infra -o ../.local/bin/ $(filter %/$(@F),$(shell awk '$$1 == "tool" {print $$2}' infra/go.mod)) && touch $@

test: .local/bin/gotestsum ## Run all tests that need no browser, and list what was skipped (PKG=, RUN=)
	go build ./... && go build -C infra ./...
	@failed=; $(if $(PRODUCT_PKG),$(TESTSUM) $(FLAGS) -run '$(RUN)' $(PRODUCT_PKG) || failed=yes;) \
	  $(if $(INFRA_PKG),(cd infra && $(TESTSUM) $(FLAGS) -run '$(RUN)' $(INFRA_PKG)) || failed=yes;) test -z "$$failed"

test-browser: .local/bin/gotestsum $(NPM) ## Drive the pages in Chromium: phone and desktop width, script on and off, axe-core (RUN=)
	cd infra && $(TESTSUM) -tags browser -count=1 -run '$(RUN)' ./browser/...

second-aws: .local/bin/gotestsum $(SECOND_AWS)/with-$(LAMBDA_RIE) shared/domain/settings/desk_data.go ## Deploy with the real sam onto MiniStack, use it, update it, delete it; run the functions under AWS's emulator (RUN=)
	cd infra && $(TESTSUM) -tags secondaws -count=1 -run '$(RUN)' ./secondaws

test-desk: ## Run the tests again in a copy with another organisation's desk.yaml: editing that file must not break a test
	@rm -rf .local/northwind && mkdir -p .local/northwind && git ls-files -z --cached --others --exclude-standard | tar --null -T - -cf - | tar -xf - -C .local/northwind
	@cd .local/northwind && sed -f shared/testkit/northwind.sed shared/testkit/desk.yaml > shared/domain/settings/desk.yaml && $(MAKE) shared/domain/settings/desk_data.go && \
	  $(MAKE) test FLAGS=-trimpath INFRA_PKG="$$(go list -C infra ./... | grep -vE '/(e2e|soak|guides/receivers|local/(stack|runtime|streams))$$' | xargs)"

fuzz: ## Run each fuzz target for SECONDS
	@grep -rn --include='*_test.go' -oE '^func Fuzz\w+' functions infra shared | while IFS=: read -r file _ func; do \
	  echo "== $${func#func } ($$(dirname $$file))"; (cd $$(dirname $$file) && go test -run '^$$' -fuzz "^$${func#func }\$$" -fuzztime $(or $(SECONDS),20)s .); done

soak: ## Random people and faults, for SECONDS from SEED: no opt-out, letter or task may be lost, and SES's list must match the table
	@$(call INFRA,soak) -seconds '$(or $(SECONDS),600)' -seed '$(SEED)'

bench: ## Run the Go benchmarks, measure package sizes, and starts beside baselines if the tool is installed (N=, WARM=)
	$(if $(PRODUCT_PKG),go test -run '^$$' -bench . -benchmem $(PRODUCT_PKG) | sed -E '/no test files|^PASS|^ok /d')
	$(if $(INFRA_PKG),go test -C infra -run '^$$' -bench . -benchmem $(INFRA_PKG) | sed -E '/no test files|^PASS|^ok /d')
	@$(call INFRA,bench)

lint: .venv/bin/cfn-lint .local/bin/staticcheck ## Check format, vet, staticcheck, template, import rules, and that generated files are fresh; say how hard the texts are to read
	@test -z "$$(gofmt -l functions infra shared)" || { echo "gofmt would change:"; gofmt -l functions infra shared; exit 1; }
	go mod tidy -diff && go mod tidy -C infra -diff
	go vet ./... && go vet -C infra -tags browser,secondaws ./...
	.local/bin/staticcheck ./... && cd infra && ../.local/bin/staticcheck -tags browser,secondaws ./...
	.venv/bin/cfn-lint --include-checks I --regions us-east-1 eu-central-1 ap-southeast-2 -- template.yaml
	go test -C infra -count=1 ./rules
	@$(call INFRA,reading)
	@before=$$(git diff | cksum); $(MAKE) generate; test "$$before" = "$$(git diff | cksum)" || { echo "generated files were stale; commit what make generate has made:"; git diff --stat; exit 1; }

generate: ## Regenerate the generated files
	go generate ./...

# What an adopter has changed in desk.yaml is never left out of a build.
shared/domain/settings/desk_data.go: shared/domain/settings/desk.yaml
	@go generate ./shared/domain/settings 2>&1 | sed -E '/^exit status|: exit status [0-9]+$$/d'

## On AWS

build: $(FUNCTIONS:%=dist/%/bootstrap) ## Build every function for Lambda (arm64) at dist/<function>/bootstrap

dist/%/bootstrap: FORCE shared/domain/settings/desk_data.go
	GOOS=linux GOARCH=arm64 GOARM64=v8.2 $(GO_BUILD) -o $@ ./functions/$*

deploy: region build ## Build and deploy (first time: ARGS=--guided)
	sam deploy --template-file template.yaml --config-file infra/deploy/samconfig.toml --config-env $(ENV) $(ARGS)

# The Region says in which country people's data is kept: a profile's default must not decide that.
region:
	@awk '/^\[/ {ours = $$0 ~ /^\[$(ENV)\.(global|deploy)\.parameters\]/} ours && /^[ \t]*region *= *["'"'"'][a-z]+(-[a-z]+)+-[0-9]+["'"'"']/ {found = 1} END {exit !found}' infra/deploy/samconfig.toml || \
	  { echo 'infra/deploy/samconfig.toml names no Region for ENV=$(ENV). Write  region = "eu-central-1"  (or yours) below [$(ENV).deploy.parameters]; README, "Deploy", lists the Regions.' >&2; exit 1; }

protect: ## Protect STACK from deletion, from the replacement of tables, secrets and the user pool, and from failing updates (TRIGGERS=)
	@$(call INFRA,deploy/protect) -stack '$(STACK)' -triggers=$(if $(filter no,$(TRIGGERS)),false,true) $(ARGS)

rotate-link-keys: ## Add a link key, or (run again a day later) make the newest one current (SECRET=)
	@$(call INFRA,deploy/rotatelinkkeys) '$(SECRET)'

costs: ## Compute what a month costs on AWS (OPTOUTS=, IMPORTS=, REQUESTS=, MAILS=, MAILS_IN=, PEOPLE=, REGION=)
	@$(call INFRA,costs) -region '$(REGION)' -optouts '$(OPTOUTS)' -imports '$(IMPORTS)' -requests '$(REQUESTS)' -mails '$(MAILS)' -mails-in '$(MAILS_IN)' -people '$(PEOPLE)'

## Housekeeping

clean: ## Delete the local stack's data, builds and tools
	rm -rf dist .local .venv $(wildcard infra/*/node_modules infra/*/npm/node_modules infra/guides/receivers/node/node_modules shared/testkit/*/npm/node_modules)

.venv/bin/cfn-lint: infra/deploy/requirements.txt
	python3 -m venv .venv && .venv/bin/pip install -q --disable-pip-version-check -r $< && touch $@

# One environment holds both tools. pip would refuse it: they pin botocore two patches apart.
$(SECOND_AWS)/with-$(LAMBDA_RIE): infra/secondaws/requirements.txt
	python3 -m venv $(SECOND_AWS) && $(SECOND_AWS)/bin/pip install -q --disable-pip-version-check --no-deps -r $<
	GOBIN=$(CURDIR)/$(SECOND_AWS) go install github.com/aws/aws-lambda-runtime-interface-emulator/cmd/aws-lambda-rie@$(LAMBDA_RIE)
	touch $@

%/node_modules/.package-lock.json: %/package-lock.json
	cd $* && npm ci --no-audit --no-fund --silent && touch node_modules/.package-lock.json
