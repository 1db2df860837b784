import { resolve } from "node:path";
import { prepareRelease } from "../../application/prepareRelease.ts";
import { readApplicationFolder } from "../../application/readApplicationFolder.ts";
import type { Release } from "../../application/Release.ts";
import type { GivenValue } from "../../application/resolveSettings.ts";
import { originText } from "../../configuration/Layers.ts";
import { Secret, UnfetchedSecret } from "../../configuration/Secret.ts";
import type { StackConfiguration } from "../../configuration/StackConfiguration.ts";
import { AppError, type Problem } from "../../errors.ts";
import { exitCodes } from "../../exitCodes.ts";
import type { OperationContext } from "../OperationContext.ts";

/**
 * The release that an environment's application makes now; `extra` is what else tells it from another. Warns of what is
 * seldom meant. Throws AppError `application.invalid` with everything that is wrong.
 */
export async function loadRelease(
  configuration: StackConfiguration,
  extra: string,
  { ports, workspace }: OperationContext,
): Promise<Release> {
  const given = givenValues(configuration);
  const directory = resolve(workspace.root, given.get("APPLICATION_DIR")?.text ?? "application");
  const { folder, problems } = await readApplicationFolder(directory, workspace.root, ports.files);
  if (folder === undefined) throw invalid(directory, problems);
  const missingWhere = configuration.files.at(-1) ?? configuration.environment;
  const prepared = prepareRelease(folder, given, { missingWhere, extra });
  if (prepared.problems.length > 0) throw invalid(folder.folder, prepared.problems);
  const open = configuration.standard.openPorts.map(({ port, protocol }) => `${port}/${protocol}`);
  const warnings = [...prepared.warnings, ...closedPorts(folder.application.open_ports, open)];
  for (const { where, message, hint } of warnings) {
    const text = where === undefined ? message : `${where}: ${message}`;
    const next = hint === undefined ? {} : { hint };
    ports.emit({ type: "notice", level: "warning", code: "application.unusual", message: text, ...next });
  }
  return prepared.release;
}

function givenValues({ values }: StackConfiguration): Map<string, GivenValue> {
  return new Map(
    values.flatMap(({ key, value, origin, spelling }): [string, GivenValue][] => {
      // What the application does not take was not asked for.
      if (value instanceof UnfetchedSecret) return [];
      const secret = value instanceof Secret;
      const text = secret ? value.reveal() : value;
      return [[key, { text, secret, where: originText(origin, spelling ?? key) }]];
    }),
  );
}

function closedPorts(published: readonly string[], open: readonly string[]): Problem[] {
  const closed = published.filter((port) => !open.includes(port));
  if (closed.length === 0) return [];
  return [
    {
      message: `the application publishes ${closed.join(", ")}, and OPEN_PORTS leaves it out: docker opens it on the server all the same, and only a firewall in front of the server keeps it shut`,
      hint: "add it to OPEN_PORTS and apply, or take it out of compose.yaml and open_ports",
    },
  ];
}

function invalid(place: string, problems: readonly Problem[]): AppError {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return new AppError("application.invalid", `the application in ${place} has ${count}`, {
    hint: "mend what is listed, then run the same command again; nothing was sent to the server",
    exit: exitCodes.usage,
    problems,
  });
}
