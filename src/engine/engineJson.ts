/** What is read of `show -json PLAN`. */
export interface PlanJson {
  resource_changes?: ResourceChange[];
  output_changes?: Record<string, { actions: string[] }>;
  planned_values?: { outputs?: Record<string, { value?: unknown }> };
}

export interface ResourceChange {
  address: string;
  mode: "managed" | "data" | "ephemeral";
  /** Set where this is a leftover of an interrupted replacement. */
  deposed?: string;
  /** Why, such as `replace_because_tainted`. */
  action_reason?: string;
  change: {
    actions: string[];
    before?: unknown;
    after?: unknown;
    /** `true`, or the same shape as `after` with `true` where the value is not known yet. */
    after_unknown?: unknown;
    replace_paths?: (string | number)[][];
  };
}

/** One output of a stack. Sensitive ones carry their value. */
export interface OutputValue {
  value: unknown;
  sensitive: boolean;
}

/** What is read of `show -json -module=DIR`. */
export interface ModuleDescription {
  root_module: {
    variables?: Record<
      string,
      { type?: unknown; default?: unknown; required?: boolean; sensitive?: boolean; description?: string }
    >;
    outputs?: Record<string, { sensitive?: boolean; description?: string }>;
    resources?: { address: string; mode: string; type: string; name: string; provider_config_key?: string }[];
  };
}
