import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { realFiles } from "../system/realFiles.ts";
import { createJournal, type StackJournal } from "./createJournal.ts";
import type { JournalEntry } from "./JournalEntry.ts";

let root: string;
let inside: string;
let outside: string;
let journal: StackJournal;
const lost: unknown[] = [];
beforeEach(async () => {
  lost.length = 0;
  root = await mkdtemp(join(tmpdir(), "landfall-journal-"));
  [inside, outside] = [join(root, "stack", "journal"), join(root, "user", "journal")];
  journal = createJournal([inside, outside], realFiles, (error) => lost.push(error));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const entry = (run: string, more: Partial<JournalEntry> = {}): JournalEntry => ({
  run,
  operation: "apply",
  started: "2026-11-24T00:00:00.000Z",
  expected: [{ address: "module.provider.acme_server.vm", action: "create" }],
  ...more,
});
const closed = { closed: "2026-11-24T00:01:00.000Z", ending: "finished" } as const;

describe("the journal", () => {
  test("is open until it is closed", async () => {
    expect(await journal.open()).toEqual([]);
    await journal.write(entry("1"));
    expect(await journal.open()).toEqual([entry("1")]);
    await journal.write(entry("1", closed));
    expect(await journal.open()).toEqual([]);
    expect(await journal.entries()).toHaveLength(1);
  });

  test.each(["stack", "user"])("survives the loss of one place: %s", async (place) => {
    await journal.write(entry("1"));
    await rm(join(root, place), { recursive: true });
    expect(await journal.open()).toEqual([entry("1")]);
  });

  test("is closed where the end was written in one place only", async () => {
    await journal.write(entry("1"));
    await createJournal([outside], realFiles, () => undefined).write(entry("1", closed));
    expect(await journal.open()).toEqual([]);
  });

  test("takes what cannot be read for a run whose end nobody knows", async () => {
    await journal.write(entry("1"));
    await writeFile(join(inside, "1.json"), '{"run"');
    expect(await journal.open()).toEqual([entry("1")]);
    await writeFile(join(outside, "1.json"), "");
    expect(await journal.open()).toEqual([{ run: "1", operation: "run", started: "", expected: [] }]);
  });

  test("keeps the twenty newest that are closed, and all that are open", async () => {
    await journal.write(entry("00"));
    for (let number = 1; number <= 25; number += 1) await journal.write(entry(String(number).padStart(2, "0"), closed));
    const runs = (await journal.entries()).map(({ run }) => run);
    expect(runs).toHaveLength(21);
    expect([runs[0], runs[1]]).toEqual(["00", "06"]);
    expect(await readdir(outside)).toHaveLength(21);
  });

  test("is kept where the second place cannot be written, and that is said", async () => {
    await writeFile(join(root, "user"), "no directory");
    await journal.write(entry("1"));
    expect(await journal.open()).toEqual([entry("1")]);
    expect(lost).toHaveLength(1);
    await rm(join(root, "stack"), { recursive: true, force: true });
    await writeFile(join(root, "stack"), "no directory");
    await expect(journal.write(entry("2"))).rejects.toThrow(/ENOTDIR|EEXIST/);
  });

  test("is read by nobody else", async () => {
    await journal.write(entry("1"));
    for (const place of [inside, outside]) {
      expect((await stat(place)).mode & 0o777).toBe(0o700);
      expect((await stat(join(place, "1.json"))).mode & 0o777).toBe(0o600);
    }
  });
});
