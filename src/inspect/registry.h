/* Names of the inspectors, for the registry and for tests. */
#ifndef ASSAY_INSPECT_REGISTRY_H
#define ASSAY_INSPECT_REGISTRY_H

#include "inspect/inspector.h"

extern const struct inspector inspector_accounts;
extern const struct inspector inspector_accounts_web;
extern const struct inspector inspector_applets;
extern const struct inspector inspector_boot;
extern const struct inspector inspector_boot_configuration;
extern const struct inspector inspector_certificates;
extern const struct inspector inspector_consoles;
extern const struct inspector inspector_device_tree;
extern const struct inspector inspector_elf;
extern const struct inspector inspector_endpoints;
extern const struct inspector inspector_firewall;
extern const struct inspector inspector_flat_program;
extern const struct inspector inspector_foreign_commands;
extern const struct inspector inspector_kernel;
extern const struct inspector inspector_kernel_config;
extern const struct inspector inspector_kernel_module;
extern const struct inspector inspector_kernel_names;
extern const struct inspector inspector_keys;
extern const struct inspector inspector_machines;
extern const struct inspector inspector_mounts;
extern const struct inspector inspector_programs_started;
extern const struct inspector inspector_remote_shells;
extern const struct inspector inspector_program_commands;
extern const struct inspector inspector_scripts;
extern const struct inspector inspector_secrets;
extern const struct inspector inspector_services;
extern const struct inspector inspector_settings;
extern const struct inspector inspector_tls_checks;
extern const struct inspector inspector_uci;
extern const struct inspector inspector_update;

#endif
