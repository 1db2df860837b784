import { spawn } from "node:child_process";

/**
 * Runs a program in a terminal of its own, as an SSH session gives it, and closes that terminal once `file` exists.
 * Resolves to what was shown until then.
 */
export async function closeTerminalOnce(
  file: string,
  { program, args, root }: { program: string; args: readonly string[]; root: string },
): Promise<string> {
  const child = spawn("python3", ["-c", script, file, program, ...args], { cwd: root });
  let shown = "";
  let problems = "";
  child.stdout.on("data", (text: Buffer) => (shown += text.toString()));
  child.stderr.on("data", (text: Buffer) => (problems += text.toString()));
  const status = await new Promise<number | null>((resolve) => child.once("close", resolve));
  if (status !== 0) throw new Error(`the terminal ended with ${status}: ${problems}${shown}`);
  return shown;
}

const script = `
import os, pty, select, sys
wanted, argv = sys.argv[1], sys.argv[2:]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(argv[0], argv)
while not os.path.exists(wanted):
    if select.select([terminal], [], [], 0.05)[0]:
        try:
            os.write(1, os.read(terminal, 65536))
        except OSError:
            sys.exit("the program ended too early")
os.close(terminal)
`;
