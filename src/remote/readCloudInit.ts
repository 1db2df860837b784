/** What cloud-init has written about this boot. */
export interface CloudInitState {
  /** For people: `local`, `network`, `config` or `final`; undefined between stages. */
  stage: string | undefined;
  /** What went wrong, one line each, with the stage in front. */
  errors: readonly string[];
  /** What cloud-init got over. */
  warnings: readonly string[];
}

const stages: Record<string, string> = {
  "init-local": "local",
  init: "network",
  "modules-config": "config",
  "modules-final": "final",
};

/** Understands status.json. A text that was cut, or that has another shape, says nothing. */
export function readCloudInit(text: string): CloudInitState {
  const status = recordOf(recordOf(parse(text))["v1"]);
  const current = status["stage"];
  const found = { errors: [] as string[], warnings: [] as string[] };
  for (const [key, name] of Object.entries(stages)) {
    const stage = recordOf(status[key]);
    found.errors.push(...linesOf(stage["errors"], name));
    // By severity since cloud-init 23.4: { WARNING: [...], DEPRECATED: [...] }
    for (const [severity, lines] of Object.entries(recordOf(stage["recoverable_errors"]))) {
      if (severity !== "DEPRECATED") found.warnings.push(...linesOf(lines, name));
    }
  }
  return { stage: typeof current === "string" ? (stages[current] ?? current) : undefined, ...found };
}

function linesOf(value: unknown, stage: string): string[] {
  return Array.isArray(value) ? value.map((line) => `${stage}: ${String(line).trim()}`) : [];
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
