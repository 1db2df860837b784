import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseEnvFile } from "./parseEnvFile.ts";

const directory = join(import.meta.dirname, "../../infrastructure/config");

async function read(file: string): Promise<Record<string, string>> {
  const { entries, problems } = parseEnvFile(await readFile(join(directory, file), "utf8"), file);
  expect(problems).toEqual([]);
  const source = ({ parts }: (typeof entries)[number]) =>
    (parts ?? [])
      .map((part) =>
        part.kind === "text"
          ? part.text
          : part.kind === "secret"
            ? ""
            : `\${${part.name}:-${JSON.stringify(part.fallback)}}`,
      )
      .join("");
  return Object.fromEntries(entries.map((entry) => [entry.key, source(entry)]));
}

const sized = (name: string, size: string) => `\${${name}_DEFAULT:-[{"kind":"text","text":"${size}"}]}`;

describe("compatibility: the table of variables", () => {
  test.each([
    ["development", "torrust-tracker-dev", "2048", "2", "20", "3"],
    ["staging", "torrust-tracker-staging", "4096", "2", "40", "3"],
    [
      "production",
      "torrust-tracker-prod",
      sized("VM_MEMORY", "8192"),
      sized("VM_VCPUS", "4"),
      sized("VM_DISK_SIZE", "50"),
      "7",
    ],
  ])("%s", async (environment, name, memory, vcpus, disk, days) => {
    const values = await read(`environments/${environment}.env.tpl`);
    const answered = environment === "development";
    expect(values).toEqual({
      ENVIRONMENT: environment,
      VM_NAME: name,
      VM_MEMORY: memory,
      VM_VCPUS: vcpus,
      VM_DISK_SIZE: disk,
      USE_MINIMAL_CONFIG: "false",
      ...(environment === "production"
        ? { STATE_ENCRYPTION_KEY: expect.stringMatching(/^REPLACE_WITH_SECURE_/) as string }
        : {}),
      MYSQL_ROOT_PASSWORD: expect.stringMatching(/^REPLACE_WITH_SECURE_/),
      MYSQL_PASSWORD: expect.stringMatching(/^REPLACE_WITH_SECURE_/),
      TRACKER_ADMIN_TOKEN: expect.stringMatching(/^REPLACE_WITH_SECURE_/),
      GF_SECURITY_ADMIN_PASSWORD: expect.stringMatching(/^REPLACE_WITH_SECURE_/),
      MYSQL_DATABASE: "torrust_tracker",
      MYSQL_USER: "torrust",
      DOMAIN_NAME: answered ? "test.local" : expect.stringMatching(/^REPLACE_WITH_/),
      CERTBOT_EMAIL: answered ? "test@test.local" : expect.stringMatching(/^REPLACE_WITH_/),
      ENABLE_SSL: answered ? "true" : expect.stringMatching(/^REPLACE_WITH_/),
      ...(answered ? { ACME_DIRECTORY: "internal" } : {}),
      ENABLE_DB_BACKUPS: "true",
      BACKUP_RETENTION_DAYS: days,
      USER_ID: "1000",
    });
  });
});

test("the templates of providers parse", async () => {
  const names = (await readdir(join(directory, "providers"))).filter((name) => name.endsWith(".tpl"));
  expect(names).not.toEqual([]);
  for (const name of names) await read(`providers/${name}`);
});

test("a line that is commented out parses too, once the # is taken away", async () => {
  for (const folder of ["environments", "providers"]) {
    for (const name of (await readdir(join(directory, folder))).filter((file) => file.endsWith(".tpl"))) {
      const text = await readFile(join(directory, folder, name), "utf8");
      expect(parseEnvFile(text.replaceAll(/^#(?=[A-Z_]+=)/gm, ""), name).problems).toEqual([]);
    }
  }
});
