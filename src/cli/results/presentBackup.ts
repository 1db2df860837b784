import { exitCodes } from "../../exitCodes.ts";
import type { BackupResult } from "../../operations/app/appBackup.ts";
import type { AppBackups, BackupAttempt, BackupSummary } from "../../operations/app/appBackups.ts";
import type { RestoreResult } from "../../operations/app/appRestore.ts";
import type { VerifyResult } from "../../operations/app/verifyBackup.ts";
import { renderTable } from "../../reporters/renderTable.ts";
import type { CommandResult } from "../../reporters/Reporter.ts";
import { seconds } from "./seconds.ts";

export function presentBackup(result: BackupResult): CommandResult {
  const { stack, backup, copy, durationMs } = result;
  const lines = [
    `${stack}: backup ${backup.id} is made (${seconds(durationMs)})`,
    `  size     ${sizeOf(backup)}${backup.encrypted ? ", encrypted" : ""}`,
    `  copy     ${copy ?? "none: it is on the server only; --copy DIR brings it here"}`,
    `next: landfall app backup verify ${stack}`,
  ];
  return { command: "app backup", ok: true, data: result, text: lines.join("\n"), exit: exitCodes.done };
}

export function presentBackups(result: AppBackups): CommandResult {
  const { stack, backups, last, timer } = result;
  const rows = backups.map((backup) => [
    backup.id,
    sizeOf(backup),
    backup.by,
    backup.release,
    backup.encrypted ? "encrypted" : "",
    backup.verified === null ? "" : `verified ${backup.verified}`,
  ]);
  const lines = [
    rows.length === 0 ? `${stack}: no backups` : renderTable(["BACKUP", "SIZE", "BY", "RELEASE", "", ""], rows),
    timer.schedule === null
      ? "none are made by themselves (ENABLE_DB_BACKUPS)"
      : `${timer.schedule}; the next: ${timer.active ? (timer.next ?? "not known") : "never, as the timer does not run"}`,
    ...(typeof last?.problem !== "string" ? [] : [`the last attempt${whenOf(last)} failed: ${last.problem}`]),
  ];
  return { command: "app backups", ok: true, data: result, text: lines.join("\n"), exit: exitCodes.done };
}

export function presentRestored(result: RestoreResult): CommandResult {
  const { stack, backup, release, checks, paths, durationMs } = result;
  const good = checks.filter(({ outcome }) => outcome !== "bad").length;
  const lines = [
    `${stack}: backup ${backup.id}, of ${backup.created}, is restored (${seconds(durationMs)})`,
    `  release  ${release.id}`,
    `  data     ${paths.join(", ")}`,
    `  checks   ${good} of ${checks.length} are good`,
    `next: landfall app health ${stack}`,
  ];
  return { command: "app restore", ok: true, data: result, text: lines.join("\n"), exit: exitCodes.done };
}

export function presentVerification(result: VerifyResult): CommandResult {
  const { stack, backup, dump, durationMs } = result;
  const lines = [
    `${stack}: backup ${backup.id}, of ${backup.created}, can be restored (${seconds(durationMs)})`,
    ...(dump === null ? [] : [`  dump     ${dump.content} bytes; the restored database dumps to ${dump.again}`]),
  ];
  return { command: "app backup verify", ok: true, data: result, text: lines.join("\n"), exit: exitCodes.done };
}

function whenOf({ began }: BackupAttempt): string {
  return began === null ? "" : `, of ${began},`;
}

function sizeOf({ size }: Pick<BackupSummary, "size">): string {
  return size < 1024 ** 2 ? `${Math.ceil(size / 1024)} KiB` : `${(size / 1024 ** 2).toFixed(1)} MiB`;
}
