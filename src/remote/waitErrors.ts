import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import { describeSight, type PortSight } from "./describeSight.ts";
import type { CloudInitState } from "./readCloudInit.ts";
import type { SshLog } from "./readSshLog.ts";
import type { SshTarget } from "./SshTarget.ts";

/** One factory per way in which waiting can end badly: what was seen, what it means, what to do. */
export const waitErrors = {
  noAddress(stack: string, ms: number, answer: string | undefined): AppError {
    const seen = answer === undefined ? "nothing was given" : `what was given is no address: "${answer}"`;
    return new AppError("wait.address", `the machine of ${stack} got no address within ${seconds(ms)}; ${seen}`, {
      hint: `look whether it runs: landfall status ${stack}; wait on: landfall apply ${stack}`,
    });
  },

  noPort(target: SshTarget, ms: number, sight: PortSight): AppError {
    const place = at(target);
    return new AppError(
      "wait.port",
      `no SSH server answers at ${place} within ${seconds(ms)}: ${describeSight(sight)}`,
      {
        hint: `${meaningOf(sight)}. Wait on with the same command; the machine's console shows how far it is`,
      },
    );
  },

  noSsh(): AppError {
    return new AppError("ssh.missing", "ssh is not installed on this computer", {
      hint: "install the OpenSSH client: sudo apt-get install openssh-client",
      exit: exitCodes.prerequisites,
    });
  },

  wrongHostKey(target: SshTarget, stack: string, fingerprint: string | undefined): AppError {
    const shown = fingerprint === undefined ? "" : ` (${fingerprint})`;
    return new AppError(
      "wait.hostKey",
      `the machine at ${at(target)} shows a host key${shown} that is not the one of ${stack}: it is another machine, or somebody stands between`,
      {
        hint: `nothing was sent to it. Look which machine holds that address: landfall status ${stack}. The key that is expected is in ${target.knownHosts}; never switch the check off`,
      },
    );
  },

  noHostKey(target: SshTarget, stack: string, ms: number, last: string): AppError {
    return new AppError(
      "wait.hostKey",
      `the SSH server at ${at(target)} showed no host key within ${seconds(ms)}: ${last || "it went silent"}`,
      { hint: `it may still be starting, or refuse this computer. Wait on: landfall apply ${stack}` },
    );
  },

  unusableKey(target: SshTarget, last: string): AppError {
    const file = target.identityFile ?? "of the agent";
    return new AppError(
      "wait.login",
      `the machine at ${at(target)} knows the SSH key, but its private half ${file} cannot be used: ${last}`,
      {
        hint: `where it has a passphrase, or only the agent should hold it, load it first: ssh-add ${privateHalf(target)}`,
      },
    );
  },

  noLogin(target: SshTarget, stack: string, ms: number, log: SshLog): AppError {
    const meaning = log.denied
      ? `there is no user ${target.user}, or the key is not in its authorized_keys`
      : "the machine ends the login before it is done";
    return new AppError(
      "wait.login",
      `${target.user}@${at(target)} did not let us in within ${seconds(ms)}: ${log.last || "it went silent"}`,
      {
        hint: `${meaning}. The key that was tried: ${target.identityFile ?? "those of the agent"}. Wait on: landfall apply ${stack}`,
      },
    );
  },

  slowCloudInit(stack: string, ms: number, known: CloudInitState | undefined): AppError {
    const stage = known?.stage === undefined ? "" : ` and is in its stage "${known.stage}"`;
    return new AppError("wait.cloudInit", `the first boot of ${stack} has not finished within ${seconds(ms)}${stage}`, {
      hint: `the machine can be used: ${logCommand(stack)}. Wait on: landfall apply ${stack}`,
      problems: (known?.errors ?? []).map((message) => ({ message })),
    });
  },

  failedCloudInit(stack: string, errors: readonly string[]): AppError {
    return new AppError("wait.cloudInit", `the first boot of ${stack} ended with errors`, {
      hint: `read its log: ${logCommand(stack)}. Once the cause is mended, make the machine again: landfall destroy ${stack}, then apply`,
      problems: errors.map((message) => ({ message })),
    });
  },

  slowPreparation(stack: string, ms: number, doing: string): AppError {
    const what = doing === "" ? "" : `; it is at: ${doing}`;
    return new AppError("wait.preparation", `the host of ${stack} is not prepared after ${seconds(ms)}${what}`, {
      hint: `it goes on there. Follow it with the same command: landfall apply ${stack}`,
    });
  },

  /** `end` is the status, and the step. */
  failedPreparation(stack: string, end: string, log: readonly string[]): AppError {
    const [status = "", ...step] = end.split(" ");
    return new AppError(
      "wait.preparation",
      `the preparation of the host of ${stack} failed with status ${status} (${step.join(" ")})`,
      {
        hint: `mend the cause on the host (the log is there: /var/lib/landfall/log), then go on: landfall apply ${stack}`,
        problems: log.map((message) => ({ message })),
      },
    );
  },

  crashedCloudInit(stack: string, units: string): AppError {
    return new AppError(
      "wait.cloudInit",
      `cloud-init on the machine of ${stack} ended without finishing: ${units} failed`,
      {
        hint: `read its log: ${logCommand(stack)}`,
      },
    );
  },
};

function meaningOf(sight: PortSight): string {
  if (typeof sight === "object") return "another service has this port: another machine may have the address";
  return {
    refused: "the machine is up, but its SSH server is not (yet)",
    unreachable: "the machine is off or still starts, or its network cannot be reached from here",
    timeout: "the machine is off or still starts, or a firewall drops the packets (SSH_ALLOWED_FROM)",
    closed: "its SSH server is starting, or refuses this computer",
    silent: "its SSH server is overloaded or hangs",
  }[sight];
}

function at({ address, port }: SshTarget): string {
  const host = address.includes(":") ? `[${address}]` : address;
  return port === undefined ? host : `${host}:${port}`;
}

function privateHalf({ identityFile }: SshTarget): string {
  return identityFile?.replace(/\.pub$/, "") ?? "FILE";
}

function logCommand(stack: string): string {
  return `landfall ssh ${stack} -- sudo tail -n 50 /var/log/cloud-init-output.log`;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
