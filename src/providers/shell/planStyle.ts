/** What makes a folder one in the plan's own style, where it has no manifest. */
export const planStyleScript = "provider.sh";

/** Functions that `provider.sh` has to define. */
export const requiredFunctions = [
  "provider_validate_prerequisites",
  "provider_generate_terraform_vars",
  "provider_get_info",
] as const;

export const optionalFunction = "provider_cleanup";

export type PlanFunction = (typeof requiredFunctions)[number] | typeof optionalFunction;

/** Larger files of such a folder are not read. */
export const mostScriptBytes = 256 * 1024;
