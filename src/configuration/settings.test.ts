import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { AppError } from "../errors.ts";
import { builtInDefaults, knownVariables } from "./knownVariables.ts";
import { protectedByDefault } from "./protectedByDefault.ts";
import { stateVariables } from "./stateBackends.ts";
import { temporaryWorkspace } from "./testing/temporaryWorkspace.ts";

/** The tables of docs/settings.md, tried cell by cell: what the page says is what the program does. */
const page = await readFile(join(import.meta.dirname, "../../docs/settings.md"), "utf8");
const [settings = [], unfit = []] = page
  .split(/^\| setting .*\n\|[-|]+\n/m)
  .slice(1)
  .map((text) => text.split("\n\n")[0] ?? "")
  .map((table) =>
    [...table.matchAll(/^\|(.*)\|$/gm)].map(([, row]) => (row ?? "").split("|").map((cell) => cell.trim())),
  );

/** Arguments of backends are passed on to the engine, which says what they are. */
const own = ["STATE_ENCRYPTION_KEY"];
const rows = [...new Set(knownVariables)].filter((name) => own.includes(name) || !stateVariables.includes(name)).sort();

const codes = (cell: string | undefined) => [...(cell ?? "").matchAll(/`([^`]*)`(?!`)/g)].map(([, code]) => code ?? "");

/** The keys of the problems that values of the command line have. */
async function refusals(set: Record<string, string>, environment = "staging"): Promise<(string | undefined)[]> {
  const { load } = await temporaryWorkspace({ [`environments/${environment}.env`]: "" });
  const fine = {
    DOMAIN_NAME: "tracker.torrust.dev",
    CERTBOT_EMAIL: "admin@torrust.dev",
    STATE_ENCRYPTION_KEY: "Kx7Qp2Lw9Zt4Vb6N",
  };
  const application = { file: "", settings: { ENABLE_SSL: { secret: false } }, openPorts: undefined, problems: [] };
  const options = { set: { ...fine, ...set }, environment, forService: true, application };
  const outcome = await load(options).catch((error: unknown) => error);
  if (!(outcome instanceof Error)) return [];
  if (!(outcome instanceof AppError)) throw outcome;
  return [...new Set(outcome.problems.map(({ key }) => key))];
}

test("every setting has its row, and no other", () => {
  expect(settings.flatMap(([name]) => codes(name)).sort()).toEqual(rows);
});

describe.each(settings.map((row) => [codes(row[0])[0] ?? "", row] as const))(
  "%s",
  (key, [, , takes, said, refused]) => {
    test("default", () => {
      const defaults = builtInDefaults("staging");
      if (key === "ENVIRONMENT") return;
      if (key === "PROTECTED") {
        expect(said).toBe("`true` in production, `false` elsewhere");
        expect([protectedByDefault("production"), protectedByDefault("staging")]).toEqual([true, false]);
        return;
      }
      const expected = key.endsWith("_DEFAULT") ? "the provider's" : "none";
      expect(said).toBe(defaults[key] === undefined ? expected : `\`${defaults[key]}\``);
    });

    test("what it takes, its limits, and what is refused", async () => {
      const taken = key.startsWith("MYSQL_") ? [] : codes(takes);
      const wrong = codes(refused);
      const range = /^(\d+) to (\d+)$/
        .exec(takes ?? "")
        ?.slice(1)
        .map(Number);
      if (range !== undefined) {
        const [least = 0, most = 0] = range;
        taken.push(String(least), String(most));
        wrong.push(String(least - 1), String(most + 1));
      }
      const longest = /at most (\d+)/.exec(takes ?? "")?.[1];
      if (longest !== undefined) wrong.push("a".repeat(Number(longest) + 1));
      if (longest !== undefined && key !== "PROJECT") taken.push("a".repeat(Number(longest)));
      for (const value of taken)
        if (![".pub", "~/", "STATE_"].includes(value)) expect(await refusals({ [key]: value }), value).toEqual([]);
      for (const value of wrong) expect(await refusals({ [key]: value }), value).toEqual([key]);
    });
  },
);

test.each(unfit.map((row) => [codes(row[0])[0] ?? "", codes(row[1])[0] ?? "", codes(row[2])[0]] as const))(
  "outside development: %s=%s %s",
  async (key, value, besides) => {
    const [name, also] = besides?.split("=") ?? [];
    const set = { [key]: value, ...(name === undefined ? {} : { [name]: also ?? "" }) };
    const found = await refusals(set);
    // Of two equal values the second is at fault.
    expect(found).toHaveLength(1);
    expect([key, name]).toContain(found[0]);
    expect(await refusals(set, "development")).toEqual([]);
  },
);

test("there are rows to try", () => {
  expect(settings).toHaveLength(rows.length);
  expect(unfit.length).toBeGreaterThan(10);
});
