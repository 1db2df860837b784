/** One line that a `provider.sh` printed: its level where a log helper wrote it, its place where bash complains. */
export interface ShellLine {
  level: string | undefined;
  text: string;
  /** `FILE:LINE`. */
  where?: string;
}

export function readShellLine(line: string, folder: string): ShellLine {
  const logged = /^\[(INFO|SUCCESS|WARNING|ERROR|DEBUG)\] ?(.*)$/s.exec(line);
  if (logged !== null) return { level: logged[1], text: plain(logged[2] ?? "") };
  const complaint = line.startsWith(`${folder}/`) ? /^(.*?): line (\d+): (.*)$/s.exec(line) : null;
  if (complaint !== null) {
    return { level: undefined, text: plain(complaint[3] ?? ""), where: `${complaint[1]}:${complaint[2]}` };
  }
  return { level: undefined, text: plain(line) };
}

/** Shorter texts are not looked for: they would make everything unreadable and tell themselves by that. */
const shortest = 4;

export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .flatMap((secret) => [secret, ...secret.split("\n")])
    .filter(({ length }) => length >= shortest)
    .sort((a, b) => b.length - a.length)
    .reduce((result, secret) => result.replaceAll(secret, "***"), text);
}

function plain(text: string): string {
  return text
    .replaceAll(/\x1b\[[\d;]*[A-Za-z]/g, "")
    .replaceAll(/[\p{Cc}\p{Bidi_Control}]+/gu, " ")
    .trim()
    .slice(0, 500);
}
