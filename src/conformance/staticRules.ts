import type { StaticRule } from "./Rule.ts";
import { blockRules } from "./rules/blockRules.ts";
import { catalogRules } from "./rules/catalogRules.ts";
import { codeRules } from "./rules/codeRules.ts";
import { describedRules } from "./rules/describedRules.ts";
import { fileRules } from "./rules/fileRules.ts";
import { hclRules } from "./rules/hclRules.ts";
import { manifestRules } from "./rules/manifestRules.ts";
import { moduleRules } from "./rules/moduleRules.ts";
import { resourceRules } from "./rules/resourceRules.ts";
import { templateRules } from "./rules/templateRules.ts";

export const staticRules: readonly StaticRule[] = [
  ...manifestRules,
  ...describedRules,
  ...moduleRules,
  ...resourceRules,
  ...hclRules,
  ...blockRules,
  ...catalogRules,
  ...codeRules,
  ...fileRules,
  ...templateRules,
];
