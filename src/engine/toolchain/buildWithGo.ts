import { AppError } from "../../errors.ts";
import type { Ports } from "../../ports/Ports.ts";
import { findGo, goEnvironment } from "./findGo.ts";
import type { GoRecipe } from "./goRecipe.ts";
import type { Step } from "./step.ts";
import { writeOverlay } from "./writeOverlay.ts";

export interface GoBuild {
  recipe: GoRecipe;
  /** What the build is part of. */
  step: Step;
  /** Absolute path of the binary. */
  output: string;
  /** Beyond stripping symbols. */
  linkerFlags?: string;
}

/** Linking a large program is one silent step, and so is a slow download. */
const patienceMs = 900_000;
const mostProblemLines = 12;

/** Builds exactly what go.mod and go.sum say: checksums are checked by Go, and nothing is added to them. */
export async function buildWithGo({ recipe, step, output, linkerFlags }: GoBuild, ports: Ports): Promise<void> {
  const { title, progress } = step;
  const go = await findGo(recipe.go, title, ports);
  const overlay = await writeOverlay(recipe, go, ports);
  let packages = 0;
  const outcome = await ports.processes.run({
    program: go,
    arguments: [
      "build",
      "-mod=readonly",
      "-trimpath",
      "-buildvcs=false",
      ...(overlay?.arguments ?? []),
      "-v",
      "-ldflags",
      ["-s -w", linkerFlags].filter((flags) => flags !== undefined).join(" "),
      "-o",
      output,
      recipe.package,
    ],
    directory: recipe.folder,
    environment: goEnvironment(ports),
    idleTimeoutMs: patienceMs,
    onOutput: (line) => {
      ports.emit({ type: "child.output", source: "go", line });
      packages += 1;
      progress(packages, undefined, "items");
    },
  });
  if (overlay !== undefined) await ports.files.remove(overlay.directory);
  if (outcome.status === 0) return;
  const lines = outcome.stderr.trim().split("\n");
  // With -v the names of packages come first; what went wrong has spaces in it.
  const telling = lines.filter((line) => line.includes(" ") && !line.startsWith("go: downloading "));
  throw new AppError(
    "toolchain.buildFailed",
    outcome.ended === undefined
      ? `${title}: the build failed (${recipe.folder})`
      : `${title}: the build was silent for ${patienceMs / 60_000} minutes and was ended (${recipe.folder})`,
    {
      hint: "check that the Go module proxy can be reached (GOPROXY), then run the same command again: it goes on from there",
      problems: telling.slice(-mostProblemLines).map((message) => ({ message })),
    },
  );
}
