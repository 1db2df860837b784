import { contractRules } from "../../conformance/contractRules.ts";
import type { Finding, Level, Rule, Untested, Verdict } from "../../conformance/Rule.ts";
import { verdictOf } from "../../conformance/Rule.ts";
import { AppError } from "../../errors.ts";
import { exitCodes } from "../../exitCodes.ts";
import { takeStray } from "../../unsettled.ts";

/** Collects verdicts of one check. */
export interface Recorder {
  /**
   * Tries a rule: what `work` gives, or the error that it ends with. True where the rule is kept. One that nobody asked
   * for is tried all the same, since others build on it, but has no verdict.
   */
  try(id: string, work: () => Promise<readonly Finding[] | Untested | void>): Promise<boolean>;
  /** Says of every rule that has no verdict yet, or of those of one level, why it was not tried. */
  leaveOut(reason: string, ids?: (rule: Rule) => boolean): void;
  /** Whether a verdict on any rule that begins so was asked for. */
  wants(prefix: string): boolean;
  /** Whether a mandatory rule of a level is broken. */
  failed(level: Level): boolean;
  /** Of what was asked for; where something of that could not be tried, also what is broken besides. */
  verdicts(): Verdict[];
}

/**
 * @param rules that verdicts are asked for
 * @param shown rewrites messages, such as a temporary folder's name to the one that the user knows
 */
export function createRecorder(rules: readonly Rule[], shown: (text: string) => string): Recorder {
  const verdicts = new Map<string, Verdict>();
  const put = (rule: Rule, result: readonly Finding[] | Untested): boolean => {
    const verdict = verdictOf(rule, result);
    verdicts.set(rule.id, verdict);
    return verdict.verdict === "passed";
  };
  return {
    async try(id, work) {
      const rule = contractRules.find((candidate) => candidate.id === id);
      if (rule === undefined) throw new Error(`there is no rule ${id}`);
      try {
        const result = (await work()) ?? [];
        const stray = takeStray();
        if (stray !== undefined) throw stray;
        return put(rule, shownIn(result, shown));
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        // What the engine itself says is about the module.
        if (error.exit === exitCodes.prerequisites && !error.code.startsWith("engine."))
          return put(rule, { untested: shown(error.message) });
        return put(rule, shownIn(findingsOf(error), shown));
      }
    },
    leaveOut(reason, chosen = () => true) {
      for (const rule of rules) if (!verdicts.has(rule.id) && chosen(rule)) put(rule, { untested: reason });
    },
    wants: (prefix) => rules.some(({ id }) => id.startsWith(prefix)),
    failed: (level) =>
      [...verdicts.values()].some((verdict) => verdict.level === level && verdict.verdict === "failed"),
    verdicts() {
      const asked = rules.flatMap(({ id }) => verdicts.get(id) ?? []);
      if (!asked.some(({ verdict }) => verdict === "untested")) return asked;
      // What the others build on, and nobody asked for, is why.
      return contractRules.flatMap(({ id }) => {
        const verdict = verdicts.get(id);
        return verdict !== undefined && (asked.includes(verdict) || verdict.verdict === "failed") ? [verdict] : [];
      });
    },
  };
}

function findingsOf({ message, hint, problems }: AppError): Finding[] {
  const details = problems.map((problem) => ({
    ...problem,
    message: message.includes(problem.message) ? message : `${message}: ${problem.message}`,
  }));
  return details.length > 0 ? details : [{ message, hint }];
}

function shownIn(
  result: readonly Finding[] | Untested,
  shown: (text: string) => string,
): readonly Finding[] | Untested {
  if ("untested" in result) return result;
  return result.map((finding) => ({
    ...finding,
    message: shown(finding.message),
    ...(finding.where === undefined ? {} : { where: shown(finding.where) }),
    ...(finding.hint === undefined ? {} : { hint: shown(finding.hint) }),
  }));
}
