import type { Rule } from "./Rule.ts";
import { scenarioRules } from "./rules/scenarioRules.ts";
import { staticRules } from "./staticRules.ts";

/** Every rule of contract 1, in the order of reports. */
export const contractRules: readonly Rule[] = [...staticRules, ...scenarioRules];
