import { createHash } from "node:crypto";
import type { Problem } from "../errors.ts";
import type { ApplicationTemplate, HealthCheck } from "./Application.ts";
import type { ApplicationFolder } from "./ApplicationFolder.ts";
import type { BackupPlan } from "./backupPlan.ts";
import { referencesIn } from "./interpolate.ts";
import { composeFile } from "./readApplicationFolder.ts";
import type { Release, ReleaseCheck, ReleaseFile } from "./Release.ts";
import type { ResolvedSettings } from "./resolveSettings.ts";
import { holds, namesIn, render, TemplateProblem } from "./templateLanguage.ts";

/** Puts values into everything that takes some. The release is worth something only where there are no problems. */
export function renderRelease(
  folder: ApplicationFolder,
  settings: ResolvedSettings,
  { userId, backup = null, extra = "" }: { userId: string; backup?: BackupPlan | null; extra?: string },
): { release: Release; problems: readonly Problem[] } {
  const { application, compose } = folder;
  const { values, texts } = settings;
  const problems: Problem[] = [];
  const owner = (name: string): string =>
    name === "root" ? "0:0" : name === "application" ? `${userId}:${userId}` : name;
  const applies = ({ when }: { when?: string }): boolean =>
    when === undefined || (attempt(() => holds(when, values)) ?? true);

  const files: ReleaseFile[] = [file(composeFile, "0600", "0:0", Buffer.from(compose.text))];
  for (const [index, template] of application.templates.entries()) {
    if (applies(template)) files.push(...fromTemplate(template, index));
  }
  for (const { source, destination, when } of application.files) {
    if (!applies(when === undefined ? {} : { when })) continue;
    for (const [path, { content, executable }] of folder.sources) {
      if (path !== source && !path.startsWith(`${source}/`)) continue;
      files.push(file(destination + path.slice(source.length), executable ? "0755" : "0644", "0:0", content));
    }
  }
  for (const [name, secret] of Object.entries(application.secrets)) {
    files.push(file(`secrets/${name}`, "0400", owner(secret.owner), Buffer.from(texts[secret.setting] ?? "")));
  }
  for (const { path } of files) {
    if (files.filter((other) => other.path === path).length > 1)
      problems.push({
        where: folder.folder,
        message: `${path} is written twice`,
        hint: "correct the destinations, or their conditions",
      });
  }

  const environment = Object.fromEntries(
    Object.entries(texts).filter(([name]) => referencesIn(compose.text).includes(name)),
  );
  for (const [name, text] of Object.entries(environment)) {
    if (!/[\r\n\0]/.test(text)) continue;
    const message = `${name} has several lines, and compose.yaml refers to it`;
    problems.push({ where: folder.folder, key: name, message, hint: "put it into a file: templates or secrets" });
  }
  const rendered = {
    application: application.name,
    title: application.title,
    files: files.sort((a, b) => (a.path < b.path ? -1 : 1)),
    environment,
    secrets: [...settings.secrets].flatMap((name) => texts[name] || []),
    health: application.health.filter(applies).map(check),
    healthy_within: application.healthy_within,
    data: application.data.map((directory) => ({ ...directory, owner: owner(directory.owner) })),
    backup,
    hooks: application.hooks,
  };
  const digest = createHash("sha256")
    .update(JSON.stringify([rendered, extra]))
    .digest("hex");
  return { release: { ...rendered, digest }, problems };

  function fromTemplate({ source, destination, mode, owner: user }: ApplicationTemplate, index: number): ReleaseFile[] {
    const text = Buffer.from(folder.sources.get(source)?.content ?? []).toString("utf8");
    const at = (line: number): string => `${folder.folder}/${source}:${line}`;
    let secret = false;
    try {
      for (const { name, line } of namesIn(text)) {
        secret ||= settings.secrets.has(name);
        if (name in values) continue;
        problems.push({
          where: at(line),
          key: name,
          message: `${name} is no setting of the application`,
          hint: "declare it below settings of application.yaml",
        });
      }
      if (secret && mode !== undefined && (Number.parseInt(mode, 8) & 0o007) !== 0) {
        const where = folder.where(["templates", index, "mode"]);
        problems.push({
          where,
          message: `${destination} holds a secret, and ${mode} lets everybody read it`,
          hint: 'write "0640", with the owner that reads it',
        });
      }
      if (problems.length > 0) return [];
      return [file(destination, mode ?? (secret ? "0640" : "0644"), owner(user), Buffer.from(render(text, values)))];
    } catch (error) {
      if (!(error instanceof TemplateProblem)) throw error;
      problems.push({ where: at(error.line), message: error.message, hint: "correct the template" });
      return [];
    }
  }

  function check({ when: _when, verify, ...declared }: HealthCheck): ReleaseCheck {
    const texts = Object.entries(declared).map(([key, value]) => [
      key,
      typeof value === "string" ? (attempt(() => render(value, values)) ?? "") : value,
    ]);
    const verified = verify === undefined || (attempt(() => holds(verify, values)) ?? true);
    return { ...(Object.fromEntries(texts) as ReleaseCheck), verify: verified };
  }

  /** What cannot be read was reported with the manifest. */
  function attempt<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (error instanceof TemplateProblem) return undefined;
      throw error;
    }
  }
}

function file(path: string, mode: string, owner: string, content: Uint8Array): ReleaseFile {
  return { path, mode, owner, content: Buffer.from(content).toString("base64") };
}
