/** One line of the engine's `-json` stream, as far as it is used here. */
export interface EngineMessage {
  "@level": string;
  "@message": string;
  type?: string;
  hook?: EngineHook;
  diagnostic?: EngineDiagnostic;
  changes?: { add: number; change: number; remove: number; import: number; forget: number };
  outputs?: Record<string, { action?: string; sensitive: boolean }>;
}

export interface EngineHook {
  resource?: { addr: string };
  action?: string;
  id_value?: string;
  elapsed_seconds?: number;
  output?: string;
}

export interface EngineDiagnostic {
  severity: string;
  summary: string;
  detail?: string;
  address?: string;
  range?: { filename: string; start: { line: number } };
}

/** Undefined where the line is something else, such as a plugin's crash or the shell's complaint. */
export function readEngineMessage(line: string): EngineMessage | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const message = JSON.parse(line) as Partial<EngineMessage>;
    return typeof message["@message"] === "string" && typeof message["@level"] === "string"
      ? (message as EngineMessage)
      : undefined;
  } catch {
    return undefined;
  }
}
