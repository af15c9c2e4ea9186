/* Names of the inspectors, for the registry and for tests. */
#ifndef ASSAY_INSPECT_REGISTRY_H
#define ASSAY_INSPECT_REGISTRY_H

#include "inspect/inspector.h"

extern const struct inspector elf_inspector;
extern const struct inspector inspector_accounts;
extern const struct inspector inspector_accounts_web;

#endif
