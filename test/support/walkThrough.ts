import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { landfall } from "./landfall.ts";
import { repository } from "./makeTree.ts";

export const walkThroughPage = join(repository, "docs", "providers", "provider-template.md");

/** What a reader of the walk-through does, one after the other. */
export type Step =
  | { do: "write"; file: string; text: string }
  | { do: "run"; command: string; /** Pieces of lines that it has to print. */ prints: string[] };

/** Listings name their file behind the language, `sh` without a file is typed, and `text` is what was printed last. */
export async function readWalkThrough(): Promise<Step[]> {
  const page = await readFile(walkThroughPage, "utf8");
  const steps: Step[] = [];
  for (const [, language = "", file, text = ""] of page.matchAll(/^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm)) {
    if (file !== undefined) steps.push({ do: "write", file, text });
    else if (language === "sh") {
      steps.push(
        ...text
          .trim()
          .split("\n")
          .map((command): Step => ({ do: "run", command, prints: [] })),
      );
    } else if (language === "text") {
      const last = steps.at(-1);
      if (last?.do === "run") last.prints.push(...text.trim().split("\n"));
    }
  }
  return steps;
}

export function fileOf(root: string, file: string): string {
  const infrastructure = join(root, "infrastructure");
  return file.endsWith(".env.tpl")
    ? join(infrastructure, "config", "providers", file)
    : join(infrastructure, "terraform", "providers", "my-cloud", file);
}

/** Does one step in a tree, and gives what it printed. A command that is to break the contract ends with 1. */
export async function takeStep(root: string, step: Step): Promise<{ status: number; stdout: string; stderr: string }> {
  const nothing = { status: 0, stdout: "", stderr: "" };
  if (step.do === "write") {
    await readFile(fileOf(root, step.file));
    await writeFile(fileOf(root, step.file), step.text);
    return nothing;
  }
  const [program, ...argv] = step.command.split(" ");
  if (program === "./landfall") return landfall(root, argv);
  return { ...nothing, stdout: execFileSync("sh", ["-c", step.command], { cwd: root, encoding: "utf8" }) };
}
