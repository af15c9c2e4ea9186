# The front door. Meson and Ninja do the work, in ./build.
BUILD ?= build
IMAGE ?= $(BUILD)/demonstration.bin
PRODUCT ?= $(if $(filter $(BUILD)/demonstration.bin,$(IMAGE)),examples/product.yaml)
CORPUS ?= ../shared/corpus
# Feeds of vulnerability data, as publishers pack them, for bench.
FEEDS ?= ../shared/feeds

.PHONY: run program build setup test accuracy bench bench-fleet fuzz install docs check clean

run: program $(IMAGE)
	$(BUILD)/src/cli/assay $(IMAGE) $(if $(PRODUCT),--product $(PRODUCT)) --html $(BUILD)/report.html
	@echo "The same with evidence, as a page: $(BUILD)/report.html"

setup:
	@tools/setup

# The program alone; 'build' makes the libraries and the tests too.
program: $(BUILD)/build.ninja
	@ninja -C $(BUILD) src/cli/assay

build: $(BUILD)/build.ninja
	@ninja -C $(BUILD)

$(BUILD)/build.ninja: | setup
	@test -f $@ || meson setup $(BUILD)

$(BUILD)/demonstration.bin: examples/demonstration examples/product.yaml
	examples/demonstration $@

test: build
	ninja -C $(BUILD) meson-test-prereq
	tools/test $(BUILD)

# How right the matching of vulnerabilities is, row by row; of kernels too, where the corpus, or $$ASSAY_KERNELS (tools/fetch-kernels), is here.
accuracy: program
	for table in vulnerabilities libraries unseen blind; do tests/truth/accuracy.py $(BUILD)/src/cli/assay tests/truth/$$table.tsv || exit 1; done
	tests/truth/kernel.py $(BUILD)/src/cli/assay
	tests/truth/others.py tests/truth/vulnerabilities.tsv tests/truth/libraries.tsv tests/truth/unseen.tsv tests/truth/blind.tsv

bench: build
	bench/run $(BUILD) $(CORPUS)
	bench/feeds $(BUILD) $(FEEDS)

# Questions over registers of 100,000 and 1,000,000 versions that are made up; on PostgreSQL too, where a server is installed.
bench-fleet: program
	tests/register/with-postgresql bench/fleet $(BUILD)/src/cli/assay

fuzz: setup
	fuzz/run

# With DESTDIR=… below that folder; the prefix is chosen when $(BUILD) is set up (meson configure -Dprefix=…).
install: build
	meson install -C $(BUILD) --no-rebuild

docs:
	python3 tools/generate-evidence.py src/evidence/schema.sql --docs docs/evidence.md

check:
	tools/check-layers
	tools/check-shape

clean:
	rm -rf $(BUILD) build-*
