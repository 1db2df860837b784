# One line for each command, over ./landfall. Values travel through the environment, never as text in a
# shell line; $(value) keeps make itself from expanding what they contain.

ENVIRONMENT_GIVEN := $(filter command,$(origin ENVIRONMENT))
ENVIRONMENT ?= development
PROVIDER_GIVEN := $(filter-out undefined,$(origin PROVIDER))
PROVIDER ?= libvirt
override ENVIRONMENT := $(value ENVIRONMENT)
override PROVIDER := $(value PROVIDER)
override CONFIRM := $(value CONFIRM)
# Common names: what the environment happens to hold is not meant.
override OUT := $(if $(filter command,$(origin OUT)),$(value OUT))
override PLAN := $(if $(filter command,$(origin PLAN)),$(value PLAN))
override IMAGES := $(if $(filter command,$(origin IMAGES)),$(value IMAGES))
override RELEASE := $(if $(filter command,$(origin RELEASE)),$(value RELEASE))
override COPY := $(if $(filter command,$(origin COPY)),$(value COPY))
override BACKUP := $(if $(filter command,$(origin BACKUP)),$(value BACKUP))
export ENVIRONMENT PROVIDER OUT PLAN IMAGES RELEASE COPY BACKUP
ifneq ($(CONFIRM),)
export CONFIRM
endif

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

STACK := "$$ENVIRONMENT/$$PROVIDER"
# Where no PROVIDER was given: the only stack of the environment that exists.
EXISTING := $(if $(PROVIDER_GIVEN),$(STACK),"$$ENVIRONMENT")
JSON_FLAG := $(if $(filter-out 0 false no off,$(JSON)),--json)
LANDFALL := @./landfall
deprecated = @echo 'make $@ is an old name: use $(1)' >&2

##@ Infrastructure (ENVIRONMENT=development PROVIDER=libvirt unless given)

infra-apply: ## Create the machine or bring it up to date, and wait until it answers (PLAN=FILE: what was saved)
	$(LANDFALL) apply $(if $(PLAN),"$$PLAN",$(STACK)) --yes $(JSON_FLAG)

infra-plan: ## Show what apply would change (OUT=FILE saves it)
	$(LANDFALL) plan $(STACK) --yes $(if $(OUT),--out "$$OUT") $(JSON_FLAG)

infra-rehearse: ## Try the stack offline: plan, apply and destroy of a throw-away twin, without an account
	$(LANDFALL) rehearse $(STACK) --yes $(JSON_FLAG)

infra-compare: ## What ENVIRONMENT would be on every provider: type, monthly price, limits
	$(LANDFALL) compare "$$ENVIRONMENT" $(JSON_FLAG)

infra-init: ## Prepare the stack's directory and the engine in it
	$(LANDFALL) init $(STACK) --yes $(JSON_FLAG)

infra-destroy: ## Remove the machine and its data (protected: CONFIRM=ENVIRONMENT/PROVIDER)
	$(LANDFALL) destroy $(STACK) --yes $(JSON_FLAG)

infra-status: ## Machine, SSH, first boot, last run
	$(LANDFALL) status $(EXISTING) $(JSON_FLAG)

infra-recover: ## After a run that was cut off: find and take over what it made
	$(LANDFALL) recover $(STACK) --yes $(JSON_FLAG)

infra-refresh-state: ## Read the state again from the provider
	$(LANDFALL) refresh $(STACK) --yes $(JSON_FLAG)

vm-ssh: ## Log in
	$(LANDFALL) ssh $(EXISTING)

##@ Application (on the only stack of ENVIRONMENT, unless PROVIDER is given)

app-deploy: ## Put the application on the server, or leave the former release serving (IMAGES=ARCHIVE: without internet)
	$(LANDFALL) deploy $(EXISTING) $(if $(IMAGES),--images "$$IMAGES") $(JSON_FLAG)

app-redeploy: ## The same, also where nothing has changed
	$(LANDFALL) deploy $(EXISTING) --force $(if $(IMAGES),--images "$$IMAGES") $(JSON_FLAG)

app-health-check: ## Every check, on the server and from here
	$(LANDFALL) app health $(EXISTING) $(JSON_FLAG)

app-status: ## Release, services, disk, newest backup
	$(LANDFALL) app status $(EXISTING) $(JSON_FLAG)

app-rollback: ## Let the release before serve again (RELEASE=ID: that one)
	$(LANDFALL) app rollback $(EXISTING) $(if $(RELEASE),"$$RELEASE") $(JSON_FLAG)

app-logs: ## What the services wrote
	$(LANDFALL) app logs $(EXISTING) $(JSON_FLAG)

app-backup: ## Make a backup on the server (COPY=DIR: bring it here, too)
	$(LANDFALL) app backup $(EXISTING) $(if $(COPY),--copy "$$COPY") $(JSON_FLAG)

app-backups: ## Backups on the server, and when the next is made
	$(LANDFALL) app backups $(EXISTING) $(JSON_FLAG)

app-backup-verify: ## Restore the newest backup beside the application, look, remove all of it
	$(LANDFALL) app backup verify $(EXISTING) $(JSON_FLAG)

app-restore: ## Put a backup in the place of the data (BACKUP=ID, COPY=DIR; protected: CONFIRM=ENVIRONMENT/PROVIDER)
	$(LANDFALL) app restore $(EXISTING) $(if $(BACKUP),"$$BACKUP") $(if $(COPY),--from "$$COPY") --yes $(JSON_FLAG)

##@ Configuration

infra-environments: ## Environments, configured or only a template
	$(LANDFALL) environments $(JSON_FLAG)

infra-providers: ## Providers
	$(LANDFALL) providers $(JSON_FLAG)

provider-info: ## Settings, prerequisites and capabilities of PROVIDER
	$(LANDFALL) provider info "$$PROVIDER" $(JSON_FLAG)

infra-config: ## Make or complete the files of ENVIRONMENT (and PROVIDER): secrets generated, the rest asked
	$(LANDFALL) configure "$$ENVIRONMENT" $(if $(PROVIDER_GIVEN),--provider "$$PROVIDER") $(JSON_FLAG)

infra-validate-config check-params: ## Validate the configuration; every problem in one report
	$(LANDFALL) config check $(STACK) $(JSON_FLAG)

##@ This repository

check: ## Types, lint, format, dead code, the places of the guards
	@scripts/check.sh

lint: ## Lint only
	@scripts/check.sh lint

test: ## Everything that needs no virtual machine, the real engine included
	@scripts/test.sh unit $$ONLY

test-fuzz: ## Parser, expansion and rendering with 100,000 generated inputs (FUZZ_RUNS), 21,000 through the engine
	@scripts/test.sh fuzz $$ONLY

test-state: ## Encrypted and shared state: real engine, real PostgreSQL, two clones
	@scripts/test.sh state $$ONLY

test-rehearsal: ## Every provider, rehearsed with its genuine plugin; official clients on the simulations
	@scripts/test.sh rehearsal $$ONLY

test-faults: ## Disks that refuse, races for a lock, and 200 sampled cases of killing at any call (FAULT_SEED, FAULT_CASES)
	@scripts/test.sh faults $$ONLY

test-e2e: ## The main job, and an application, on real virtual machines (ONLY=application: what is called so; for every test target)
	@$(if $(ENVIRONMENT_GIVEN),,ENVIRONMENT=development )scripts/test.sh e2e $$ONLY

clean: ## Remove what is built here; never stacks or configuration
	@rm -rf dist coverage

help: ## This list
	@awk 'BEGIN { FS = ":.*## " } /^##@ / { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z0-9-]+( [a-z0-9-]+)*:.*## / { printf "  %-36s %s\n", $$1, $$2 }' Makefile

# Old names.

infra-config-development:
	$(call deprecated,make infra-config ENVIRONMENT=development)
	$(LANDFALL) configure development $(if $(PROVIDER_GIVEN),--provider "$$PROVIDER") $(JSON_FLAG)

infra-config-production:
	$(call deprecated,make infra-config ENVIRONMENT=production)
	$(LANDFALL) configure production $(if $(PROVIDER_GIVEN),--provider "$$PROVIDER") $(JSON_FLAG)

install-deps:
	$(call deprecated,./landfall setup libvirt)
	$(LANDFALL) setup libvirt --yes $(JSON_FLAG)

dev-setup:
	$(call deprecated,./landfall setup PROVIDER)
	$(LANDFALL) setup "$$PROVIDER" --yes $(JSON_FLAG)

dev-deploy:
	$(call deprecated,make infra-apply)
	$(LANDFALL) apply $(STACK) --yes $(JSON_FLAG)

dev-test:
	$(call deprecated,make test)
	@scripts/test.sh unit $$ONLY

dev-clean:
	$(call deprecated,make infra-destroy)
	$(LANDFALL) destroy $(STACK) --yes $(JSON_FLAG)

vm-console:
	$(call deprecated,./landfall provider run ENVIRONMENT/PROVIDER console)
	$(LANDFALL) provider run $(STACK) console

.PHONY: $(shell awk -F: '/^[a-z][a-z0-9 -]*:/ { print $$1 }' Makefile)
