import { AppError } from "../errors.ts";
import type { Services } from "./Host.ts";
import type { Runner } from "./createRunner.ts";

/** Services: units of systemd, or daemons that are started by hand where there is none. */
export function createServices({ run, runAsRoot }: Pick<Runner, "run" | "runAsRoot">): Services {
  return {
    async start(unit) {
      const { status, stderr } = await runAsRoot("systemctl", ["enable", "--now", unit]);
      if (status !== 0) throw notStarted(unit, stderr, `systemctl status ${unit}`);
    },
    async active(unit) {
      return (await run("systemctl", ["is-active", "--quiet", unit])).status === 0;
    },
    async daemon(program, args, options) {
      const hidden = options?.hideDevices ?? [];
      const command = hidden.length === 0 ? [program, ...args] : ["unshare", ...hidingArguments(hidden, program, args)];
      // Our own umask keeps secrets private; a system daemon writes files that its helpers have to read.
      const usual = ["-c", 'umask 022; exec setsid "$@"', "sh", ...command];
      const { status, stderr } = await runAsRoot("sh", usual, { timeoutMs: 30_000 });
      if (status !== 0) throw notStarted(program, stderr, `start ${program} by hand and see what it says`);
    },
  };
}

/**
 * Runs a program in a private mount namespace whose /dev lacks some entries; the real /dev stays as it is.
 * A device that is there but does not work can be worse than none, and binding /dev/null over it is no cure.
 */
function hidingArguments(devices: readonly string[], program: string, args: readonly string[]): string[] {
  const script = [
    "set -e",
    "real=$(mktemp -d)",
    "hidden=$1; shift",
    'mount --rbind /dev "$real"',
    "mount -t tmpfs -o mode=755 tmpfs /dev",
    'for entry in "$real"/*; do',
    "  name=${entry##*/}",
    '  case " $hidden " in *" $name "*) continue ;; esac',
    // Directories are mounts of their own (pts, shm); a bound ptmx would not find its pts, so nodes are copied.
    '  if [ -d "$entry" ] && [ ! -L "$entry" ]; then mkdir "/dev/$name"; mount --rbind "$entry" "/dev/$name"',
    '  else cp -a "$entry" "/dev/$name"; fi',
    "done",
    'umount -l "$real"; rmdir "$real"',
    'exec "$@"',
  ].join("\n");
  return ["--mount", "--propagation", "private", "sh", "-c", script, "sh", devices.join(" "), program, ...args];
}

function notStarted(name: string, stderr: string, hint: string): AppError {
  const reason = stderr.trim().split("\n").at(-1) ?? "";
  return new AppError("host.service", `${name} does not start${reason === "" ? "" : `: ${reason}`}`, { hint });
}
