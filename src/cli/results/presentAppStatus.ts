import { exitCodes } from "../../exitCodes.ts";
import type { AppStatus, Change } from "../../operations/app/appStatus.ts";
import { renderTable } from "../../reporters/renderTable.ts";
import type { CommandResult } from "../../reporters/Reporter.ts";

export function presentAppStatus(status: AppStatus): CommandResult {
  return { command: "app status", ok: true, data: status, text: textOf(status), exit: exitCodes.done };
}

function textOf(status: AppStatus): string {
  const { stack, application, title, release, services, disk, change } = status;
  const cutOff = change === null ? [] : changeLines(stack, change);
  if (application === null || release === null)
    return [`${stack}: no application is deployed`, ...cutOff, `next: landfall deploy ${stack}`].join("\n");
  return [
    `${stack}: ${title ?? application}`,
    `  release  ${release.id}, deployed ${release.created} by ${release.by}; ${status.releases} kept`,
    `  disk     ${gibibytes(disk.free)} of ${gibibytes(disk.total)} free`,
    `  backup   ${backupText(status)}`,
    ...cutOff,
    renderTable(
      ["SERVICE", "STATE", "HEALTH", "SINCE", "IMAGE"],
      services.map((service) => [service.service, service.state, service.health ?? "-", service.since, service.image]),
    ),
  ].join("\n");
}

function changeLines(stack: string, { command, holder, since, step, at_work: atWork }: Change): string[] {
  const who = holder === null ? "" : ` of ${holder.user}@${holder.host}`;
  return atWork
    ? [`  now      ${command}${who}, since ${since}, at ${step}`]
    : [
        `  now      nothing, but the ${command}${who} of ${since} was cut off at ${step}`,
        `           the next deploy puts that right: landfall deploy ${stack}`,
      ];
}

function backupText({ backup, backup_health: health }: AppStatus): string {
  const why = health?.outcome === "bad" ? `; ${health.message}` : "";
  return `${backup === null ? "none" : `${backup.id}, of ${backup.created}`}${why}`;
}

function gibibytes(bytes: number): string {
  return `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
}
