import type { PlanSummary } from "../events/Event.ts";

/** What `plan --out` writes for people and programs to read. The engine's own plan stays in the stack's directory. */
export interface SavedPlan {
  landfall: "plan";
  id: string;
  stack: string;
  /** RFC 3339. */
  created: string;
  /** RFC 3339; refused from then on. */
  expires: string;
  summary: PlanSummary;
}

/** What a plan was made from; each part is compared before it is applied. Digests only. */
export interface PlanBasis {
  /** The inputs and what the plugin gets in its environment, secrets too: salted, and not for guessing. */
  configuration: string;
  /** The stack's plugin lock. */
  plugins: string;
  /** Root module, shared modules, the provider's module. */
  module: string;
  /** Lineage and serial; `none` without a state. */
  state: string;
}

/** What the stack's directory keeps of a saved plan. */
export interface SavedPlanRecord {
  plan: SavedPlan;
  salt: string;
  basis: PlanBasis;
  /** SHA-256 of the engine's plan. */
  digest: string;
  /** RFC 3339; a plan is used once, whatever comes of it. */
  used?: string;
}
