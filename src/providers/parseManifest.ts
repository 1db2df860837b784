import type { z } from "zod";
import { AppError, type Problem } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import { checkCatalogKeys, checkSettings } from "./checkSettings.ts";
import type { Manifest } from "./Manifest.ts";
import { describeIssue } from "../documents/describeIssue.ts";
import { manifestJsonSchema } from "./manifestJsonSchema.ts";
import { manifestSchema, settingSchema } from "./manifestSchema.ts";
import { manifestLimits } from "./manifestSize.ts";
import { readYaml, type YamlFile } from "../documents/readYaml.ts";

const acceptedContracts = [1];
/** Nobody mends more at once. */
const mostIssues = 50;

/**
 * Turns the text of a `provider.yaml` into a manifest with every default filled in.
 * `file` is only named in messages. Throws AppError `provider.invalid` with all problems and their lines.
 */
export function parseManifest(text: string, file: string, folderName: string): Manifest {
  const yaml = readYaml(text, file, manifestLimits);
  if (yaml.problems.length > 0) throw invalid(file, folderName, yaml.problems);

  const contract = contractProblem(yaml);
  if (contract !== undefined) throw invalid(file, folderName, [contract]);

  const parsed = manifestSchema.safeParse(yaml.data);
  const problems: Problem[] = (parsed.error?.issues ?? [])
    .slice(0, mostIssues)
    .flatMap((issue) => describeIssue(issue, yaml, { subject: "the manifest", schema: manifestJsonSchema }));
  problems.push(...checkSettings(folderName, soundSettings(yaml.data), yaml));
  if (parsed.success) problems.push(...checkCatalogKeys(parsed.data, yaml));
  const name = (yaml.data as { name?: unknown } | null)?.name;
  if (typeof name === "string" && name !== folderName) {
    problems.push({
      message: `name is "${name}", but the folder is called "${folderName}"`,
      where: yaml.where(["name"]),
      key: "name",
      hint: `write name: ${folderName}, or rename the folder`,
    });
  }
  if (problems.length > 0 || !parsed.success) throw invalid(file, folderName, problems);
  return parsed.data as Manifest;
}

/** The settings that are well-formed by themselves, so that their rules are checked whatever else is wrong. */
function soundSettings(data: unknown): Record<string, z.infer<typeof settingSchema>> {
  const settings = (data as { settings?: unknown } | null)?.settings;
  if (typeof settings !== "object" || settings === null) return {};
  return Object.fromEntries(
    Object.entries(settings).flatMap(([key, value]) => {
      const parsed = settingSchema.safeParse(value);
      return parsed.success ? [[key, parsed.data]] : [];
    }),
  );
}

/** Another version of the contract has other rules: then nothing else is worth saying. */
function contractProblem(yaml: YamlFile): Problem | undefined {
  const contract = (yaml.data as { contract?: unknown } | null)?.contract;
  if (typeof contract !== "number" || acceptedContracts.includes(contract)) return undefined;
  return {
    message: `contract ${contract} is not known here: this version of Landfall accepts contract ${acceptedContracts.join(", ")}`,
    where: yaml.where(["contract"]),
    key: "contract",
    hint: contract > Math.max(...acceptedContracts) ? "use a newer Landfall" : "write contract: 1 and follow its rules",
  };
}

function invalid(file: string, name: string, problems: readonly Problem[]): AppError {
  const count = problems.length === 1 ? "one problem" : `${problems.length} problems`;
  return new AppError("provider.invalid", `the manifest of provider ${name} has ${count}`, {
    hint: `mend ${file}; schemas/provider.schema.json describes every key`,
    exit: exitCodes.usage,
    problems: problems.slice(0, mostIssues),
  });
}
