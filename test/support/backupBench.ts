import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { deploy, makeAgentBench, secret, succeed, type AgentBench } from "./agentBench.ts";

/** An agent's server with an application that has a database and files, and something in them. */
export interface BackupBench extends AgentBench {
  /** What the application is deployed from. */
  request: object;
  backup(): Promise<string>;
  /** What the database holds. */
  rows(): Promise<string | undefined>;
  write(rows: string): Promise<void>;
  /** What the files hold. */
  uploads(): Promise<Record<string, string>>;
  /** Backups that are whole. */
  kept(): Promise<string[]>;
  /** Everything below the data directory, as one text. */
  status(): Promise<Record<string, unknown>>;
}

export const rowsOfNow = "rows of now\n".repeat(1000);

export async function makeBackupBench(
  whenFinished: (work: () => Promise<void>) => void,
  backup: object = {},
  application: object = {},
  options: Parameters<typeof makeAgentBench>[1] = {},
): Promise<BackupBench> {
  const bench = await makeAgentBench(whenFinished, options);
  const data = join(bench.root, "data");
  const bind = (path: string): object => ({ type: "bind", source: join(data, path), target: `/${path}` });
  const services = {
    web: { image: "web:1", restart: "always", volumes: [bind("uploads")], ports: ["80:80"] },
    db: {
      image: "db:1",
      restart: "always",
      container_name: "db",
      environment: { PASSWORD: "${PASSWORD}" },
      networks: { default: null },
      ports: ["127.0.0.1:3306:3306"],
      // The files are its too, and the dump does not stand for them.
      volumes: [bind("db"), bind("uploads"), { type: "volume", source: "cache", target: "/cache" }],
    },
  };
  const own = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
  const request = deploy("1", {
    files: [
      {
        path: "compose.yaml",
        mode: "0600",
        owner: own,
        content: Buffer.from(JSON.stringify({ services, networks: { default: { name: "site_default" } } })).toString(
          "base64",
        ),
      },
    ],
    data: ["db", "uploads", "cache"].map((path) => ({ path, owner: own, mode: "0750" })),
    backup: {
      dump: { service: "db", command: ["dump"], restore: ["load"], file: "database.sql" },
      files: ["uploads"],
      schedule: "daily",
      enabled: true,
      retention_days: 7,
      recipients: [],
      ...backup,
    },
    ...application,
  });
  await succeed(bench.call(request));
  const uploads = join(data, "uploads");
  const made: BackupBench = {
    ...bench,
    request,
    async backup() {
      const answer = await succeed(bench.call({ command: "backup" }));
      return (answer["backup"] as { id: string }).id;
    },
    rows: () => readFile(join(data, "db", "rows"), "utf8").catch(() => undefined),
    write: (rows) => writeFile(join(data, "db", "rows"), rows),
    async uploads() {
      const names = (await readdir(uploads, { recursive: true, withFileTypes: true })).filter((one) => one.isFile());
      const files = names.map(async (one) => {
        const path = join(one.parentPath, one.name);
        return [path.slice(uploads.length + 1), await readFile(path, "utf8")] as const;
      });
      return Object.fromEntries(await Promise.all(files));
    },
    kept: async () =>
      (await readdir(join(bench.root, "backups")).catch(() => [] as string[])).filter((name) => !name.startsWith(".")),
    status: () => succeed(bench.call({ command: "status" })),
  };
  await made.write(rowsOfNow);
  await mkdir(join(uploads, "deep"));
  await writeFile(join(uploads, "deep", "picture"), "of now");
  return made;
}

/** Nothing of a change is left: no lock, no trial, no half backup, no data aside. */
export async function expectClean(bench: BackupBench): Promise<void> {
  expect(existsSync(join(bench.root, "restore"))).toBe(false);
  expect((await bench.status())["change"]).toBeNull();
  const left = (await readdir(join(bench.root, "backups")).catch(() => [] as string[])).filter((name) =>
    name.startsWith("."),
  );
  expect(left).toEqual([]);
  const containers = await readFile(join(bench.docker, "containers"), "utf8");
  expect(containers).not.toContain("landfall_trial");
  expect(containers).not.toContain("exited");
}

/** What health says of the backup. */
export async function backupCheck(bench: {
  call(request: object): Promise<{ answer: Record<string, unknown> | undefined; text: string }>;
}): Promise<unknown> {
  const { answer, text } = await bench.call({ command: "health" });
  expect(text).not.toContain(secret);
  return ((answer?.["checks"] ?? []) as { name: string }[]).find(({ name }) => name === "backup");
}
