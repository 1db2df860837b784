import { expect, test } from "vitest";
import type { AppStatus } from "../../operations/app/appStatus.ts";
import { presentAppStatus } from "./presentAppStatus.ts";
import { presentBackups } from "./presentBackup.ts";

const timer = { schedule: "daily", active: true, next: null };
const summary = { id: "20260101T030000Z", created: "2026-01-01T03:00:00Z", by: "timer@server" };
const status: AppStatus = {
  stack: "production/acme",
  application: "site",
  title: "A site",
  release: summary,
  services: [],
  releases: 1,
  change: null,
  disk: { free: 2 ** 30, total: 2 ** 31 },
  backup: null,
  last_backup: null,
  backup_health: null,
  timer,
};
const backupLine = (backup_health: AppStatus["backup_health"]) =>
  /^ {2}backup .*$/m.exec(presentAppStatus({ ...status, backup_health }).text ?? "")?.[0];

test("app status says why the check of the backups is bad, and nothing where it is not", () => {
  const message = "the newest is 72 h old, and there should be one daily";
  expect(backupLine({ outcome: "bad", message })).toBe(`  backup   none; ${message}`);
  expect(backupLine({ outcome: "warning", message: "there is none yet" })).toBe("  backup   none");
  expect(backupLine(null)).toBe("  backup   none");
});

test("an attempt that could not begin has no time", () => {
  const problem = "landfall-backup.service ended with exit-code";
  const attempt = { began: null, ended: null, by: null, id: null, problem };
  const shown = (last: object) =>
    presentBackups({ stack: "production/acme", backups: [], last: last as never, timer }).text;
  expect(shown(attempt)).toContain(`the last attempt failed: ${problem}`);
  expect(shown({ ...attempt, began: "2026-01-01T03:00:00Z" })).toContain(
    "the last attempt, of 2026-01-01T03:00:00Z, failed",
  );
});
