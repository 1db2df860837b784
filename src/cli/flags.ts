/** Flags that every command shares; all three are read before a command runs. */

export interface CommonFlags {
  json: boolean;
  verbose: boolean;
  rehearsal: boolean;
}

export const commonFlags = {
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
  rehearsal: {
    kind: "boolean",
    brief: "Work on the stack's twin, against the API that landfall simulate serves",
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

export interface WaitFlag {
  /** Read by `runCli`; here for its help, and so that nonsense is refused. */
  wait?: number | undefined;
}

export const waitFlag = {
  wait: {
    kind: "parsed",
    parse: parseSeconds,
    brief: "Wait for another run on the stack, for so many seconds or an hour",
    optional: true,
    inferEmpty: true,
    placeholder: "SECONDS",
  },
} as const;

function parseSeconds(text: string): number {
  if (/^\d{0,6}$/.test(text)) return Number(text);
  throw new Error(`--wait takes a whole number of seconds, not "${text}"`);
}

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

export interface RehearsalFlags {
  fault?: readonly string[];
  boot: boolean;
}

export const rehearsalFlags = {
  fault: {
    kind: "parsed",
    parse: String,
    brief:
      "Let something go wrong: rate-limit, server-error, reset, slow, out-of-stock, action-fails, answer-lost or server-disappears, where CALL is the number of a request or its name",
    variadic: true,
    optional: true,
    placeholder: "NAME[@CALL]",
  },
  boot: {
    kind: "boolean",
    brief: "Back the simulated server with a machine that really runs, on this computer",
    default: false,
    withNegated: false,
  },
} as const;

/** One positional parameter that names a stack. */
export const stackParameter = {
  kind: "tuple",
  parameters: [{ brief: "ENVIRONMENT/PROVIDER, such as development/example", parse: String, placeholder: "STACK" }],
} as const;

/** One positional parameter that names a stack, or an environment without any provider. */
export const subjectParameter = {
  kind: "tuple",
  parameters: [{ brief: "ENVIRONMENT/PROVIDER, or ENVIRONMENT alone", parse: String, placeholder: "STACK" }],
} as const;
