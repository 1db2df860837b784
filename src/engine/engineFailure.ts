import { AppError, type Problem } from "../errors.ts";
import type { Diagnostic } from "../events/Event.ts";
import { exitCodes, type ExitCode } from "../exitCodes.ts";

export interface EngineFailure {
  /** The engine's command, such as `plan`. */
  command: string;
  status: number | null;
  diagnostics: readonly Diagnostic[];
  /** What was written besides diagnostics, redacted; the last lines are shown where there is no diagnostic. */
  output: readonly string[];
  /** The stack's directory, or the folder that was read. */
  directory: string;
  interrupted: boolean;
}

interface Situation {
  code: string;
  /** Searched in summary and detail of the errors. */
  pattern: RegExp;
  sentence: string;
  hint: string;
  exit?: ExitCode;
}

/** The first that fits counts: a damaged state is reported by the engine as a lock that failed. */
const situations: readonly Situation[] = [
  {
    code: "engine.statePlain",
    pattern: /encountered unencrypted payload without unencrypted method/i,
    sentence: "the state of this stack is not encrypted, and has to be",
    hint: "run any command that works on the stack, such as `landfall plan`: it encrypts the state once, after a snapshot",
    exit: exitCodes.recovery,
  },
  {
    code: "engine.stateKey",
    pattern: /decryption failed for all provided methods|no decryption key available/i,
    sentence: "the state of this stack is encrypted with another key than STATE_ENCRYPTION_KEY",
    hint: "put back the key that it was encrypted with; where the key was changed on purpose, give the old one as STATE_ENCRYPTION_KEY_PREVIOUS",
    exit: exitCodes.usage,
  },
  {
    code: "engine.stateEncrypted",
    pattern: /encrypted and can ?not be read without an encryption configuration/i,
    sentence: "the state of this stack is encrypted, and STATE_ENCRYPTION_KEY is not set",
    hint: "put the key back into the environment's file; to give up encryption, set it as STATE_ENCRYPTION_KEY_PREVIOUS",
    exit: exitCodes.usage,
  },
  {
    code: "engine.stateConflict",
    pattern: /cannot (import|overwrite) (existing )?state/i,
    sentence: "another state lies there already",
    hint: "compare the two: nothing was overwritten",
    exit: exitCodes.refused,
  },
  {
    code: "engine.stateUnreadable",
    pattern:
      /Unsupported state file format|state file could not be parsed|Failed to (load|read) state|Error loading state|invalid data format for decryption/i,
    sentence: "the state of this stack cannot be read",
    hint: "do not apply before it is whole again: landfall state restore STACK puts back the newest good copy",
    exit: exitCodes.recovery,
  },
  {
    code: "engine.stateLocked",
    pattern: /Error acquiring the state lock|Error locking (state|destination state)/i,
    sentence: "another engine holds the state of this stack",
    hint: "wait until it has ended, then run the same command again; who holds it, and how a lock that was left is removed: `landfall unlock STACK`",
    exit: exitCodes.locked,
  },
  {
    code: "engine.pluginChecksum",
    pattern: /(doesn't|does not) match any of the checksums/i,
    sentence: "the plugin on this computer is not the one that this stack was locked to",
    hint: "if that is intended (it was built anew, say), remove .terraform.lock.hcl in the stack's directory and run the same command again",
  },
  {
    code: "engine.lockOutdated",
    pattern: /Provider dependency changes detected|Inconsistent dependency lock file/i,
    sentence: "the plugin lock of this stack does not fit its provider's module",
    hint: "where the module changed on purpose, remove .terraform.lock.hcl in the stack's directory and run `landfall init` again",
  },
  {
    code: "engine.pluginMissing",
    pattern:
      /Failed to (resolve provider packages|query available provider|install provider)|Could not retrieve providers|no available releases match/i,
    sentence: "the provider's plugin could not be had",
    hint: "run `landfall doctor` with the provider's name: it says where plugins come from; without a registry, set LANDFALL_PLUGIN_MIRROR to a mirror directory",
    exit: exitCodes.prerequisites,
  },
  {
    code: "engine.notInitialized",
    pattern: /Module not installed|Backend initialization required|Required plugins are not installed|run "?tofu init/i,
    sentence: "this stack has to be initialized again",
    hint: "run `landfall init` for this stack",
  },
  {
    code: "engine.planStale",
    pattern: /Saved plan is stale|Failed to load ".*" as a plan file/i,
    sentence: "this plan can no longer be applied",
    hint: "plan again: something changed in the meantime",
  },
  {
    code: "engine.rateLimited",
    pattern: /rate.?limit|too many requests|RequestLimitExceeded|Throttling|(: |status |code |HTTP )429\b/i,
    sentence: "the provider refuses more requests for now",
    hint: "wait some minutes, then run the same command again: it goes on from there",
  },
  {
    code: "engine.vanished",
    pattern: /root (object|resource) was present, but now absent/i,
    sentence: "something that was just made is gone again: somebody else removed it, or the provider did",
    hint: "run the same command again: it makes what is missing",
  },
  {
    code: "engine.outOfStock",
    pattern:
      /resource_unavailable|InsufficientInstanceCapacity|ZONE_RESOURCE_POOL_EXHAUSTED|does not have enough resources available|size is (currently )?(unavailable|not available)|not available in (this|the) region/i,
    sentence: "the provider has no machine of this type left in this place",
    hint: "run the same command again later, or choose another type or region in the provider's settings (landfall compare ENVIRONMENT lists types)",
  },
  {
    code: "engine.diskFull",
    pattern: /no space left on device|disk quota exceeded/i,
    sentence: "the disk is full",
    hint: "make room, then run the same command again",
  },
];

/** The error of a call that ended badly, with the engine's own words as problems. */
export function engineFailure(failure: EngineFailure): AppError {
  const { command, directory } = failure;
  const problems = problemsOf(failure);
  if (failure.interrupted) {
    return new AppError("engine.interrupted", `${command} was interrupted; what was finished is in the state`, {
      hint: "run the same command again: it goes on from there",
      problems,
    });
  }
  const text = failure.diagnostics.map(({ summary, detail }) => `${summary}\n${detail}`).join("\n");
  const situation = situations.find(({ pattern }) => pattern.test(text));
  if (situation !== undefined) {
    const { code, sentence, hint, exit } = situation;
    return new AppError(code, `${sentence} (${directory})${holder(text)}`, {
      hint,
      problems,
      ...(exit === undefined ? {} : { exit }),
    });
  }
  return new AppError(
    command === "init" ? "engine.initFailed" : "engine.failed",
    `the engine's ${command} failed${failure.status === null ? ": it was killed" : ""} (${directory})`,
    { hint: command === "apply" ? afterApply : "mend what is said above, then run the same command again", problems },
  );
}

/** A call that wrote nothing for so long that it was ended. */
export function engineStuck(command: string, idleMs: number, directory: string): AppError {
  return new AppError(
    "engine.stuck",
    `the engine's ${command} wrote nothing for ${Math.round(idleMs / 1000)} s and was ended (${directory})`,
    { hint: "run the same command again; if it happens again, look at what the provider's service is doing" },
  );
}

const afterApply =
  "what was finished is in the state; mend what is said above and run the same command again: it goes on from there";

const mostOutputLines = 10;

function problemsOf({ diagnostics, output }: EngineFailure): Problem[] {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return output.slice(-mostOutputLines).map((message) => ({ message }));
  return errors.map(({ summary, detail, where, address }) => ({
    message: [address, summary, detail.trim()].filter((part) => part !== undefined && part !== "").join(": "),
    ...(where === undefined ? {} : { where }),
  }));
}

function holder(text: string): string {
  const who = /^\s*Who:\s*(\S+)/m.exec(text)?.[1];
  const since = /^\s*Created:\s*([\d-]+ [\d:]+)/m.exec(text)?.[1];
  return who === undefined ? "" : `: ${who}${since === undefined ? "" : `, since ${since} UTC`}`;
}
