# SPDX-License-Identifier: EUPL-1.2
#
#   make run      the whole system on this machine, on http://127.0.0.1:8080
#   make token    a token for it: make token ROL=adviseur (also KVK=, BUREAU=, OPDRACHTGEVER=, and
#                 PERSOON= where there must be two of a role)
#   make redrive  brings up to date what stands in the failure queue of the running house, or of the
#                 cloud: make redrive WACHTRIJ=https://sqs… (output FailureQueueUrl; AWS credentials in the environment)
#   make test     all tests, against the embedded engine and against the model of it
#   make soak     10,000 seeds of the house under faults (SEEDS=…; see internal/simulation)
#   make kill     kills the house a hundred times under load (KILL_ROUNDS=…, KILL_SEED=… as a run printed it)
#   make check    what CI runs: format, vet, lint, licences, known vulnerabilities, tests with the race
#                 detector, API rules, a client that tries the API, template, pages
#   make rules-check FILE=…   whether a rule file is good: form, sources, place, scenarios (SCENARIO=… where it lies elsewhere)
#   make rules-diff  what a version changes, in words: ID= VAN= TOT=, or FILE= against the newest published one
#   make mutate-rules   changes each number of each rule file: no scenario may miss it
#   make fuzz     every fuzz target in its turn, FUZZTIME=10s each; ONLY= names some by a pattern
#   make bench    the figures of speed and cost, each with its bar; ends with 1 where a count misses
#   make build    the zips that go to the cloud, each with its bill of materials
#   make deploy   build them and deploy: make deploy PARAMETERS='OidcIssuer=https://… PersonKeySecretArn=arn:…'
#   make clean    everything that was built or fetched; never the data
#
# Needs Go, and for the engine npm on Linux x64 (elsewhere: DYNOXIDE, the path
# of a dynoxide). Everything else is fetched when it is first needed.

SHELL       := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := test
.DELETE_ON_ERROR:
.SECONDARY:

PORT       ?= 8080
DATA       ?= .data
STACK      ?= socialreturn
ROL        ?= inkoper
PARAMETERS ?=
KILL_ROUNDS ?= 100

GOLANGCI_VERSION    := v2.15.0
GOVULNCHECK_VERSION := v1.8.0
SAM_VERSION         := 1.170.0

TOOLS     := $(CURDIR)/.tools
GOLANGCI  := $(TOOLS)/golangci-lint-$(GOLANGCI_VERSION)/golangci-lint
VULNCHECK := $(TOOLS)/govulncheck-$(GOVULNCHECK_VERSION)/govulncheck
PYTHON    := $(TOOLS)/python/.installed
SAM       := $(TOOLS)/sam-$(SAM_VERSION)/bin/sam
SPECTRAL  := .ci/node_modules/.bin/spectral
ENGINE    := infra/local/node_modules/.installed
MODULES   := $(TOOLS)/modules
FUNCTIONS := $(patsubst functions/%/main.go,%,$(wildcard functions/*/main.go))

# Whoever brings an engine needs none from npm.
ifneq ($(DYNOXIDE)$(DYNAMODB_TEST_ENDPOINT),)
ENGINE :=
endif

.PHONY: run token redrive test soak kill rules-check rules-diff mutate-rules check format vet lint licences vulnerabilities race api contract template page
.PHONY: fuzz bench build bills deploy engine clean always

# Built first and then run in this very process, so that Ctrl-C reaches it.
run: $(MODULES) $(ENGINE)
	go build -o $(TOOLS)/local ./infra/local
	exec $(TOOLS)/local -port $(PORT) -data $(DATA)

token: $(MODULES)
	@go run ./infra/local token -port $(PORT) -data $(DATA) -rol $(ROL) \
	  $(if $(OPDRACHTGEVER),-opdrachtgever $(OPDRACHTGEVER)) $(if $(KVK),-kvk $(KVK)) $(if $(BUREAU),-bureau $(BUREAU)) $(if $(PERSOON),-persoon $(PERSOON))

# Ends with an error where something still fails; that stays in the queue.
redrive: $(MODULES)
	@go run ./infra/local redrive $(if $(WACHTRIJ),-wachtrij '$(WACHTRIJ)' -functie $(STACK)-roll-up,-port $(PORT))

# What runs on a store runs on the model of the engine as well. An engine of
# one's own in DYNAMODB_TEST_ENDPOINT takes the place of the embedded one.
ON_MODEL := ./internal/store ./internal/app ./internal/edge

test: $(MODULES) $(ENGINE)
	go test -shuffle=on ./...
	DYNAMODB_TEST_ENDPOINT=model go test -shuffle=on $(ON_MODEL)

# Every seed is a run of the house under faults, FROM the first; see
# internal/simulation. It tells how to play again what went wrong. Beside them, every
# order of two commands.
SEEDS ?= 10000
FROM  ?= 1
soak: $(MODULES)
	SEEDS=$(SEEDS) FROM=$(FROM) go test ./internal/simulation -run '^(TestSeeds|TestEveryInterleaving.*)$$' -count=1 -timeout=24h -v | grep --line-buffered -v '^=== RUN\|^    --- PASS'; exit $${PIPESTATUS[0]}

# What was acknowledged is there afterwards, once. `make test` kills five times.
kill: $(MODULES) $(ENGINE)
	KILL_ROUNDS=$(KILL_ROUNDS) go test ./infra/local/host -run '^TestNothingIsLostOrCountedTwiceUnderSIGKILL$$' -count=1 -timeout 30m -v

rules-check: $(MODULES)
	@go run ./infra/local rekenregel controleer $(if $(SCENARIO),-scenario '$(SCENARIO)') $(if $(FILE),'$(FILE)')

rules-diff: $(MODULES)
	@go run ./infra/local rekenregel verschil $(if $(ID),-id '$(ID)' -van '$(VAN)' -tot '$(TOT)') $(if $(FILE),'$(FILE)')

mutate-rules: $(MODULES)
	@go test ./internal/ruleset/scenario -run '^TestNoMutantSurvives$$' -count=1 -v | sed -n 's/^ *mutate_test.go:[0-9]*: //p'; exit $${PIPESTATUS[0]}

check: format vet lint licences vulnerabilities race api contract template page

format:
	@unformatted=$$(gofmt -l functions infra internal); \
	if [ -n "$$unformatted" ]; then echo "gofmt would change:"; echo "$$unformatted"; exit 1; fi

vet: $(MODULES)
	go vet ./...

lint: $(GOLANGCI) $(MODULES)
	$(GOLANGCI) run ./...

licences: $(MODULES) $(PYTHON)
	go run ./infra/supply licenties .ci/package-lock.json infra/local/package-lock.json $(TOOLS)/python/lib/python*/site-packages

vulnerabilities: $(VULNCHECK) $(MODULES)
	.ci/vulnerabilities $(VULNCHECK)

# Thousands of steps one after the other hold no race: they are left to the runs
# that have no detector.
IN_A_ROW := TestStrangersSeeAndChangeNothing TestNothingAboutAPersonStays.* TestDemo \
  TestEveryChangedValueIsFound TestEveryRecordOutOfPlaceIsFound TestALargeLedgerIsSplit TestNewKeysMakeNobodyTwoAndBreakNoLimit \
  TestACloseOfHundredsIsFinishedByRepeats TestACloseThatDiesAnywhereIsFinishedByItsRepeat TestARegionOfMoreThanAHundredAuthorities TestPreparingACloseOfThousandsTakesFewCalls \
  TestEveryFaultAtEveryCall TestACrashAtEveryCall TestTheSearchLosesNoEnd TestEveryInterleavingOfTornReads
none :=
IN_A_ROW := ^($(subst $(none) $(none),|,$(strip $(IN_A_ROW))))$$
race: $(MODULES) $(ENGINE)
	SEEDS=50 go test -race -shuffle=on -skip '$(IN_A_ROW)' ./...
	go test -run '$(IN_A_ROW)' ./infra/local/host ./infra/local/verify ./internal/app ./internal/simulation
	DYNAMODB_TEST_ENDPOINT=model go test -shuffle=on $(ON_MODEL)

api: $(SPECTRAL)
	$(SPECTRAL) lint --fail-severity=hint -r .ci/api-design-rules-2.2.yaml internal/edge/openapi.json

template: $(PYTHON)
	$(TOOLS)/python/bin/cfn-lint --include-checks I -- infra/aws/template.yaml

contract: $(MODULES) $(ENGINE) $(PYTHON)
	go build -o $(TOOLS)/local ./infra/local
	.ci/contract $(TOOLS)/local $(TOOLS)/python/bin/schemathesis

# The pages in Debian's Chromium: accessibility, width, keyboard, print, policy.
PAGES := $(CURDIR)/build/pages
page: $(MODULES) $(SPECTRAL)
	@command -v chromium >/dev/null || { echo "chromium is needed: apt-get install chromium"; exit 1; }
	rm -rf $(PAGES) && mkdir -p $(PAGES)/shots
	go test ./internal/present -run TestSamplePages -count=1 -write $(PAGES)
	node .ci/look.mjs $(PAGES)/shots $(PAGES)/*.html

# One target at a time, on the model of the engine: a worker cannot share the
# embedded one. What is found stays in testdata/fuzz, where go test finds it.
FUZZTIME ?= 10s
ONLY     ?= .
fuzz: $(MODULES)
	@grep -rHo --include='*_test.go' '^func Fuzz[A-Za-z]*' functions infra internal | sort | \
	while IFS=: read -r file name; do \
	  name=$${name#func }; package=./$$(dirname $$file); \
	  if ! grep -q '$(ONLY)' <<< "$$package $$name"; then continue; fi; \
	  echo "$$package $$name"; \
	  DYNAMODB_TEST_ENDPOINT=model go test $$package -run '^$$' -fuzz "^$$name$$" -fuzztime $(FUZZTIME) -parallel 2 < /dev/null; \
	done

bench: $(MODULES) $(ENGINE)
	@go run ./infra/bench

build: $(FUNCTIONS:%=build/%.zip) bills

# What is in each function, by whom, under which licence: build/<function>.cdx.json.
bills: $(FUNCTIONS:%=build/%/bootstrap)
	go run ./infra/supply stuklijst $^

deploy: $(SAM) build
	$(SAM) deploy --template-file infra/aws/template.yaml --stack-name $(STACK) --resolve-s3 \
	  --capabilities CAPABILITY_IAM --no-fail-on-empty-changeset \
	  $(if $(PARAMETERS),--parameter-overrides $(PARAMETERS))

engine: $(ENGINE)

clean:
	rm -rf build .tools infra/local/node_modules .ci/node_modules

# How a function is built for the cloud; the tests of functions/ read it here.
# The tags leave out Lambda's old protocol, HTTP/2, which no service needs that a
# function calls, and a rule of the validator that looks methods up by name: with
# that the linker can drop no method of any type.
SHIPPED_FLAGS := -tags lambda.norpc,nethttpomithttp2,validator_novalidatefn -trimpath -buildvcs=false -ldflags '-s -w'

# Go knows best whether a program must be built again.
build/%/bootstrap: always
	CGO_ENABLED=0 GOOS=linux GOARCH=arm64 go build $(SHIPPED_FLAGS) -o $@ ./functions/$*

build/%.zip: build/%/bootstrap infra/aws/amazon-roots.pem
	go run ./infra/aws/pack $@ $^

always:

$(MODULES): go.mod go.sum
	go mod download
	@mkdir -p $(@D) && touch $@

$(ENGINE): infra/local/package-lock.json
	cd infra/local && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

$(SPECTRAL): .ci/package-lock.json
	cd .ci && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

$(GOLANGCI):
	GOBIN=$(@D) go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION)

$(VULNCHECK):
	GOBIN=$(@D) go install golang.org/x/vuln/cmd/govulncheck@$(GOVULNCHECK_VERSION)

$(PYTHON): .ci/requirements.txt
	python3 -m venv $(TOOLS)/python
	$(TOOLS)/python/bin/pip install --quiet --disable-pip-version-check -r $<
	@touch $@

$(SAM):
	python3 -m venv $(TOOLS)/sam-$(SAM_VERSION)
	$(TOOLS)/sam-$(SAM_VERSION)/bin/pip install --quiet --disable-pip-version-check aws-sam-cli==$(SAM_VERSION)
	@touch $@
