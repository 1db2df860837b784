import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished } from "vitest";
import type { Problem } from "../../errors.ts";
import { realFiles } from "../../system/realFiles.ts";
import { prepareRelease, type PreparedRelease } from "../prepareRelease.ts";
import { readApplicationFolder } from "../readApplicationFolder.ts";
import type { GivenValue } from "../resolveSettings.ts";

/** A small application without faults; `manifest` is put behind what every one has. */
export const site = {
  "application.yaml": `application: 1
name: site
title: Site
settings:
  TOKEN: { description: A token, secret: true }
  ENABLE_SSL: { description: HTTPS, type: boolean, default: "false" }
  DOMAIN_NAME: { description: A domain, pattern: "[a-z.]+", examples: [a.example] }
  NOTE: { description: Some text, optional: true }
open_ports: [80/tcp]
data: [{ path: web }]
templates:
  - { source: templates/site.conf, destination: config/site.conf }
`,
  "compose.yaml": `services:
  web:
    image: web:1
    restart: always
    logging: { driver: json-file, options: { max-size: 10m } }
    ports: ["80:80", "127.0.0.1:9090:9090"]
    volumes:
      - ./config/site.conf:/etc/site.conf:ro
      - \${DATA}/web:/data
`,
  "templates/site.conf": "name {{ DOMAIN_NAME }}\n",
};

export const values = { TOKEN: "s3/cr et'", DOMAIN_NAME: "a.example" };

/** A folder `application` with these files. Gives what is wrong with it, or what it becomes. */
export async function prepare(
  files: Readonly<Record<string, string>>,
  given: Readonly<Record<string, string>> = values,
): Promise<PreparedRelease> {
  const root = await mkdtemp(join(tmpdir(), "landfall-application-"));
  onTestFinished(() => rm(root, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    const path = join(root, "application", name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  const { folder, problems } = await readApplicationFolder(join(root, "application"), root, realFiles);
  if (folder === undefined) return { problems, warnings: [], release: undefined as never };
  const known = Object.entries(given).map(([key, text]): [string, GivenValue] => [
    key,
    { text, secret: false, where: `qa.env ${key}` },
  ]);
  return prepareRelease(folder, new Map(known), { missingWhere: "qa.env" });
}

/** `FILE:LINE: MESSAGE` of each. */
export function told(problems: readonly Problem[]): string[] {
  return problems.map(({ where, message }) => `${where}: ${message}`);
}

/** The content of a file of the release. */
export function contentOf({ release, problems }: PreparedRelease, path: string): string {
  expect(problems).toEqual([]);
  const file = release.files.find((one) => one.path === path);
  return Buffer.from(file?.content ?? "", "base64").toString();
}
