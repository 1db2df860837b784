import type { Problem } from "../errors.ts";
import type { ApplicationFolder } from "./ApplicationFolder.ts";
import { backupPlan } from "./backupPlan.ts";
import { checkCompose } from "./checkCompose.ts";
import { checkManifest } from "./checkManifest.ts";
import type { Release } from "./Release.ts";
import { renderRelease } from "./renderRelease.ts";
import { resolveSettings, type GivenValue } from "./resolveSettings.ts";

export interface PreparedRelease {
  release: Release;
  /** With any of these there is no release. */
  problems: readonly Problem[];
  warnings: readonly Problem[];
}

/** A folder and the values of an environment make a release, or a list of everything that is wrong. */
export function prepareRelease(
  folder: ApplicationFolder,
  given: ReadonlyMap<string, GivenValue>,
  options: {
    /** Where a value that is missing would be written. */
    missingWhere: string;
    /** What else makes one deploy differ from another, such as an archive of images. */
    extra?: string;
  },
): PreparedRelease {
  const settings = resolveSettings(folder, given, options.missingWhere);
  const backup = backupPlan(folder.application.backup, given);
  const userId = given.get("USER_ID")?.text ?? "1000";
  const { release, problems } = renderRelease(folder, settings, { userId, backup, extra: options.extra ?? "" });
  const compose = checkCompose(folder, release, settings.texts);
  return {
    release,
    problems: [...checkManifest(folder), ...settings.problems, ...problems, ...compose.problems],
    warnings: compose.warnings,
  };
}
