import type { FileStep, Note } from "../../configuration/migration/Migration.ts";
import { exitCodes } from "../../exitCodes.ts";
import type { MigrationReport } from "../../operations/migration/migrateTree.ts";
import type { CommandResult } from "../../reporters/Reporter.ts";

export function presentMigration(report: MigrationReport): CommandResult {
  const { dryRun, changes, files, left } = report;
  const done = dryRun ? "would be" : "is";
  const lines = [
    changes
      ? `${report.from}: ${dryRun ? "what a migration would do" : "migrated; the old files are as they were"}`
      : `${report.from}: nothing to do`,
    ...files.flatMap((step) => fileLines(step, done)),
    ...(left.length === 0 ? [] : ["besides", ...left.map(noteLine)]),
    ...stateLines(report, done),
    ...report.checks.flatMap(({ stack, valid, problems }) => [
      `${stack}: ${valid ? "the configuration is valid" : "something is missing"}`,
      ...problems.map(({ where, message, hint }) =>
        noteLine({ where: where ?? stack, message, ...(hint === undefined ? {} : { hint }) }),
      ),
    ]),
  ];
  return { command: "migrate", ok: true, data: report, text: lines.join("\n"), exit: exitCodes.done };
}

function fileLines({ action, from, to, why, notes }: FileStep, done: string): string[] {
  const sources = from.join(", ");
  const heading = {
    write: `${to} ${done} written from ${sources}`,
    same: `${to} was taken over already`,
    keep: `${to} stays as it is`,
    conflict: `${to} ${done} left alone: ${why}`,
    leave: `${sources} is not used: ${why}`,
  }[action];
  return [heading, ...notes.map(noteLine)];
}

function stateLines({ state, adoption, hostKeys }: MigrationReport, done: string): string[] {
  if (state.action === "refuse") {
    const problems = (state.problems ?? []).map(({ where = "", message }) => noteLine({ where, message }));
    return [`state: ${state.file} ${done} not taken over: ${state.why}`, ...problems, `  next: ${state.hint}`];
  }
  const trust =
    hostKeys === undefined
      ? []
      : hostKeys.origin === "unknown"
        ? [
            `  the host key of ${hostKeys.address ?? "the machine"} is not in your known_hosts, so ssh stays closed`,
            `  next: landfall migrate --stack ${hostKeys.stack} --accept-host-key FINGERPRINT`,
          ]
        : [
            `  ssh trusts the host key that ${hostKeys.origin === "accepted" ? "you accepted" : "your known_hosts has"}`,
          ];
  if (state.action === "none") return [`state: ${state.why}`, ...trust];
  if (adoption === undefined) {
    const words = state.action === "adopted" ? "was taken over already" : `${done} taken over, if a plan proves it`;
    return [`state: ${state.file} ${words} (${state.stack})`, ...trust];
  }
  return [
    adoption.differences.length === 0
      ? `state: ${state.stack} has it now, and a plan is empty`
      : `state: ${state.stack} has it now; the next apply would do this, and asks before it does:`,
    ...adoption.differences.map(({ where = "", message }) => noteLine({ where, message })),
    ...adoption.imported.map(({ address, from }) => `  ${from} is ${address}`),
    ...adoption.left.map((address) => `  ${address} is not part of the stack; it stays where it is`),
    ...trust,
  ];
}

function noteLine({ where, key, message, hint }: Note): string {
  const line = `  ${where}: ${key === undefined ? "" : `${key} `}${message}`;
  return hint === undefined ? line : `${line}\n    next: ${hint}`;
}
