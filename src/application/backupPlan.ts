import type { Backup } from "./Application.ts";
import type { GivenValue } from "./resolveSettings.ts";

/** What the server has to know to make backups. */
export interface BackupPlan extends Backup {
  /** Whether a timer makes them. */
  enabled: boolean;
  retention_days: number;
  /** Public keys of age; empty: not encrypted. */
  recipients: string[];
}

/** What an application declares, with what the environment says of it; null where it declares nothing. */
export function backupPlan(declared: Backup | undefined, given: ReadonlyMap<string, GivenValue>): BackupPlan | null {
  if (declared === undefined) return null;
  const textOf = (name: string): string => given.get(name)?.text ?? "";
  return {
    ...declared,
    // Whoever declares what to back up wants backups.
    enabled: textOf("ENABLE_DB_BACKUPS") !== "false",
    retention_days: Number(textOf("BACKUP_RETENTION_DAYS") || 7),
    recipients: textOf("BACKUP_RECIPIENT")
      .split(/[\s,]+/)
      .filter((recipient) => recipient !== ""),
  };
}
