import type { HealthCheck } from "./Application.ts";
import type { BackupPlan } from "./backupPlan.ts";

/** What is sent to the server; it holds secrets. */
export interface Release {
  application: string;
  title: string;
  /** Of everything below: the same content has the same. */
  digest: string;
  files: ReleaseFile[];
  /** What compose.yaml refers to. */
  environment: Record<string, string>;
  /** Values that no output may show. */
  secrets: string[];
  health: ReleaseCheck[];
  healthy_within: number;
  data: { path: string; owner: string; mode: string }[];
  backup: BackupPlan | null;
  hooks: object;
}

export interface ReleaseFile {
  path: string;
  /** Four octal digits. */
  mode: string;
  /** UID:GID */
  owner: string;
  /** base64 */
  content: string;
}

/** A check with its values in place. */
export interface ReleaseCheck extends Omit<HealthCheck, "verify" | "when"> {
  verify?: boolean;
}
