/** Flags that several commands share; `json` and `verbose` are read before a command runs. */

export interface OutputFlags {
  json: boolean;
  verbose: boolean;
}

export const outputFlags = {
  json: {
    kind: "boolean",
    brief: "Events and the result as NDJSON on standard output",
    default: false,
    withNegated: false,
  },
  verbose: {
    kind: "boolean",
    brief: "Also show what child processes print (VERBOSE=true)",
    default: false,
    withNegated: false,
  },
} as const;

export interface YesFlag {
  yes: boolean;
}

export const yesFlag = {
  yes: { kind: "boolean", brief: "Go on without asking", default: false, withNegated: false },
} as const;

export interface SettingFlags {
  set?: readonly string[];
}

export const settingFlags = {
  set: {
    kind: "parsed",
    parse: String,
    brief: "A setting for this call: KEY=VALUE, KEY=@FILE or KEY=-",
    variadic: true,
    optional: true,
    placeholder: "KEY=VALUE",
  },
} as const;

/** One positional parameter that names a stack. */
export const stackParameter = {
  kind: "tuple",
  parameters: [{ brief: "ENVIRONMENT/PROVIDER, such as development/example", parse: String, placeholder: "STACK" }],
} as const;
