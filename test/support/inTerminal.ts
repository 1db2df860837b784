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

/** What is waited for, as text that is shown or as a file that exists, and what is typed then. */
export interface Typed {
  shown?: string;
  file?: string;
  keys: string;
}

/** Runs a program in a terminal of its own and types at it. One that then does not end within 20 s is killed: status -9. */
export async function typeInTerminal(
  typed: readonly Typed[],
  { program, args, root, environment }: TypedProgram,
): Promise<{ shown: string; status: number }> {
  const child = spawn("python3", ["-c", typist, JSON.stringify(typed), program, ...args], {
    cwd: root,
    env: { ...process.env, ...environment },
  });
  let [shown, told] = ["", ""];
  child.stdout.on("data", (text: Buffer) => (shown += text.toString()));
  child.stderr.on("data", (text: Buffer) => (told += text.toString()));
  await new Promise((resolve) => child.once("close", resolve));
  return { shown, status: Number(/^status (-?\d+)$/m.exec(told)?.[1] ?? Number.NaN) };
}

interface TypedProgram {
  program: string;
  args: readonly string[];
  root: string;
  environment: Readonly<Record<string, string>>;
}

const typist = `
import json, os, pty, select, signal, sys, time
steps, argv = json.loads(sys.argv[1]), sys.argv[2:]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(argv[0], argv)
shown, last = "", time.monotonic()
while True:
    if select.select([terminal], [], [], 0.05)[0]:
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            break
        os.write(1, piece)
        shown += piece.decode(errors="replace")
    step = steps[0] if steps else None
    if step and ("shown" not in step or step["shown"] in shown) and ("file" not in step or os.path.exists(step["file"])):
        shown, last = "", time.monotonic()
        os.write(terminal, steps.pop(0)["keys"].encode())
    if not steps and time.monotonic() - last > 20:
        os.kill(pid, signal.SIGKILL)
        break
print("status", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), file=sys.stderr)
`;
