import type { Problem } from "../errors.ts";
import { describeIssue } from "../documents/describeIssue.ts";
import { readYaml, type YamlFile } from "../documents/readYaml.ts";
import type { Application } from "./Application.ts";
import { applicationJsonSchema } from "./applicationJsonSchema.ts";
import { applicationSchema } from "./applicationSchema.ts";

export interface ParsedApplication {
  /** Undefined where there are problems. */
  application: Application | undefined;
  problems: readonly Problem[];
  /** `FILE:LINE` of what stands at a path. */
  where: YamlFile["where"];
}

const limits = { kind: "an application.yaml", bytes: 256 * 1024 };

/** Turns the text of an `application.yaml` into data with every default filled in; `file` is only named in messages. */
export function parseApplication(text: string, file: string): ParsedApplication {
  const yaml = readYaml(text, file, limits);
  if (yaml.problems.length > 0) return { application: undefined, problems: yaml.problems, where: yaml.where };
  const parsed = applicationSchema.safeParse(yaml.data);
  const problems = (parsed.error?.issues ?? []).flatMap((issue) =>
    describeIssue(issue, yaml, { subject: "application.yaml", schema: applicationJsonSchema }),
  );
  // What zod infers has `undefined` where the type has absent keys.
  const application = parsed.success ? (parsed.data as Application) : undefined;
  return { application, problems, where: yaml.where };
}
