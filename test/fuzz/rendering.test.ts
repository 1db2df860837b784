import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { asciiJson } from "../../src/asciiJson.ts";
import { keptByEngine } from "../../src/configuration/keptByEngine.ts";
import { quoteEnvValue } from "../../src/configuration/quoteEnvValue.ts";
import { Secret } from "../../src/configuration/Secret.ts";
import { createEngine } from "../../src/engine/createEngine.ts";
import { realPorts } from "../../src/system/realPorts.ts";
import { findTestEngine } from "../support/findTestEngine.ts";
import { fuzzRuns } from "../support/fuzzRuns.ts";
import { hostileValue } from "../support/hostileText.ts";
import { landfall } from "../support/landfall.ts";
import { makeTree } from "../support/makeTree.ts";

const program = await findTestEngine();
const settings = { timeout: 300_000 };

/** Different ones each time; the seed is part of what a failure shows. */
const seed = Number(process.env["FUZZ_SEED"] || Math.floor(Math.random() * 2 ** 31));

/** Other text than that is refused by the validation, because the engine would change it. */
const draw = (count: number, salt: number, change = (text: string) => text): string[] => {
  const kept = hostileValue.map((text) => change(text).toWellFormed()).filter(keptByEngine);
  return fc.sample(kept, { numRuns: count, seed: seed + salt });
};

describe.skipIf(program === undefined)(
  `text through the real engine and back, byte for byte (FUZZ_SEED=${seed})`,
  () => {
    test("as variables in JSON and in the environment", settings, async () => {
      const list = [
        ...draw(fuzzRuns(14_990), 1),
        ...draw(10, 2, (text) => (text || "x").repeat(2000).slice(0, 200_000)),
      ];
      const map = Object.fromEntries(draw(fuzzRuns(3000), 3).map((text, index) => [`key${index}`, text]));
      const alone = draw(fuzzRuns(2000), 4, (text) => text.slice(0, 500));
      const { list: listed, map: mapped, alone: single } = await throughEngine(list, map, alone);
      expect(listed).toEqual(list);
      expect(mapped).toEqual(map);
      expect(single).toEqual(alone);
    });

    test("what validation refuses is what the engine changes", settings, async () => {
      const list = ["e\u0301", "\u212b", "\u{41f60}\u0301", "\u1099\u{110ba}", "\u0301".repeat(31)];
      const { list: listed } = await throughEngine(list, {}, []);
      for (const [index, text] of (listed as string[]).entries()) {
        expect(text).not.toBe(list[index]);
        expect(keptByEngine(list[index] ?? "")).toBe(false);
      }
    });

    test("from a provider's .env file, through apply, into its module", settings, async () => {
      const values = draw(fuzzRuns(1000), 5);
      const tree = await makeTree();
      onTestFinished(() => tree.remove());
      const folder = await tree.addProvider("acme");
      const keys = values.map((_text, index) => `s${index}`);
      const attributes = keys.map((key) => `${key} = optional(string, "")`).join("\n    ");
      const declared = `variable "settings" {\n  type = object({\n    ${attributes}\n  })\n}\n`;
      const read = (name: string) => readFile(join(folder, name), "utf8");
      await writeFile(
        join(folder, "variables.tf"),
        (await read("variables.tf")).replace(/variable "settings"[\s\S]*$/, declared),
      );
      await writeFile(
        join(folder, "main.tf"),
        `${(await read("main.tf")).replace("var.settings.motto", '"x"')}output "settings" { value = var.settings }\n`,
      );
      await writeFile(
        join(folder, "provider.yaml"),
        (await read("provider.yaml")).replace(
          /settings:[\s\S]*?(?=defaults:)/,
          `settings: {${keys.map((key) => `${key}: {}`).join(", ")}}\n`,
        ),
      );
      const directory = join(tree.root, "infrastructure", "config", "providers");
      await mkdir(directory, { recursive: true });
      const lines = values.map((text, index) => `PROVIDER_ACME_S${index}=${quoteEnvValue(text)}\n`);
      await writeFile(join(directory, "acme.env"), lines.join(""), { mode: 0o600 });

      const applied = await landfall(tree.root, ["apply", "development/acme", "--yes", "--json"], {
        SKIP_WAIT: "true",
      });
      expect(applied.result).toMatchObject({ ok: true });
      const { result } = await landfall(tree.root, ["output", "development/acme", "--json"]);
      expect(result).toMatchObject({
        outputs: { settings: Object.fromEntries(keys.map((key, index) => [key, values[index]])) },
      });
    });
  },
);

interface Texts {
  list: unknown;
  map: unknown;
  alone: unknown;
}

/** As a stack's directory is written, secrets in the environment. One plan, one apply, one output. */
async function throughEngine(
  list: readonly string[],
  map: Record<string, string>,
  alone: readonly string[],
): Promise<Texts> {
  const ports = realPorts();
  const directory = await ports.files.temporaryDirectory("landfall-rendering-");
  onTestFinished(() => ports.files.remove(directory));
  const single = alone.map((_text, index) => `variable "alone${index}" { type = string }\n`);
  const names = alone.map((_text, index) => `var.alone${index}`);
  await ports.files.write(
    join(directory, "main.tf"),
    `variable "list" { type = list(string) }
variable "map" { type = any }
${single.join("")}
output "list" { value = var.list }
output "map" { value = var.map }
output "alone" { value = [${names.join(", ")}] }
`,
  );
  await ports.files.write(join(directory, "terraform.tfvars.json"), `${asciiJson({ list, map })}\n`);
  const environment = Object.fromEntries(alone.map((text, index) => [`TF_VAR_alone${index}`, new Secret(text)]));
  const engine = createEngine({ program: program ?? "", directory, environment }, ports);
  const plan = join(directory, "plan");
  await engine.init();
  await engine.plan({ out: plan });
  await engine.apply(plan);
  // Without the secrets, which the client would take out of what it reads.
  const outputs = await createEngine({ program: program ?? "", directory, environment: {} }, ports).output();
  const value = (name: string): unknown => outputs[name]?.value;
  return { list: value("list"), map: value("map"), alone: value("alone") };
}
