import type { Problem } from "../errors.ts";
import type { Subject } from "./Subject.ts";

export const levels = ["static", "plan", "rehearsal", "live"] as const;
export type Level = (typeof levels)[number];

/** One rule of the provider contract. */
export interface Rule {
  /** Stable, `group.rule`: tests, reports and the contract name it so. */
  id: string;
  /** What has to be so. */
  rule: string;
  why: string;
  /** How it is checked, as a phrase. */
  how: string;
  level: Level;
  /** One that is not kept fails the check; an optional one warns. */
  mandatory: boolean;
}

/** Why a rule was not tried. */
export interface Untested {
  untested: string;
}

/** What breaks the rule; empty where it is kept. */
export type Finding = Problem;

/** A rule about the files of the folder alone: a pure function, nothing of the folder is executed. */
export interface StaticRule extends Rule {
  level: "static";
  check(subject: Subject): readonly Finding[] | Untested;
}

export interface Verdict {
  id: string;
  level: Level;
  mandatory: boolean;
  rule: string;
  verdict: "passed" | "failed" | "warning" | "untested";
  findings: readonly Finding[];
  /** Why it was not tried. */
  reason?: string;
}

export function verdictOf({ id, level, mandatory, rule }: Rule, result: readonly Finding[] | Untested): Verdict {
  const base = { id, level, mandatory, rule };
  if ("untested" in result) return { ...base, verdict: "untested", findings: [], reason: result.untested };
  if (result.length === 0) return { ...base, verdict: "passed", findings: [] };
  return { ...base, verdict: mandatory ? "failed" : "warning", findings: result };
}
