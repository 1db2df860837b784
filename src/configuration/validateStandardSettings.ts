import { join, resolve } from "node:path";
import type { Problem } from "../errors.ts";
import type { Capability, Manifest } from "../providers/Manifest.ts";
import type { Expansion } from "./expandValues.ts";
import { parseOpenPorts } from "./parseOpenPorts.ts";
import { parsePublicKey } from "./parsePublicKey.ts";
import { parseRanges } from "./parseRanges.ts";
import { flag, hostname, integer, memory, oneOf } from "./parseScalars.ts";
import { quoted } from "./Parsed.ts";
import { SettingReader } from "./SettingReader.ts";
import type { StandardSettings } from "./StackConfiguration.ts";

export interface StandardContext {
  environment: string;
  manifest: Pick<Manifest, "title" | "capabilities">;
  /** The user's home directory: what `~/` means. */
  home: string;
  /** Relative paths are relative to this directory. */
  root: string;
}

/** Types and checks what every provider takes. The settings are only meaningful where there are no problems. */
export function validateStandardSettings(
  expansion: Expansion,
  { environment, manifest, home, root }: StandardContext,
): { standard: StandardSettings; problems: readonly Problem[] } {
  const reader = new SettingReader(expansion);
  const vcpus = integer(1, 1024, "processors");
  const disk = integer(1, 65_536, "GiB");

  reader.read("ENVIRONMENT", (text) =>
    text === environment
      ? { value: text }
      : {
          message: `is ${quoted(text)}, but this is environment ${environment}`,
          hint: `write ENVIRONMENT=${environment}`,
        },
  );
  reader.read("VM_MEMORY_DEFAULT", memory);
  reader.read("VM_VCPUS_DEFAULT", vcpus);
  reader.read("VM_DISK_SIZE_DEFAULT", disk);

  const privateKeyFile = reader.text("SSH_PRIVATE_KEY_FILE");
  const standard: StandardSettings = {
    project: reader.read("PROJECT", hostname) ?? "",
    vmName: reader.read("VM_NAME", hostname) ?? "",
    vmMemory: reader.read("VM_MEMORY", memory) ?? 0,
    vmVcpus: reader.read("VM_VCPUS", vcpus) ?? 0,
    vmDiskSize: reader.read("VM_DISK_SIZE", disk) ?? 0,
    dataDiskSize: reader.read("DATA_DISK_SIZE", integer(0, 65_536, "GiB")) ?? 0,
    reserveAddress: reader.read("RESERVE_ADDRESS", flag) ?? false,
    openPorts: reader.read("OPEN_PORTS", parseOpenPorts) ?? [],
    sshAllowedFrom: reader.read("SSH_ALLOWED_FROM", parseRanges) ?? [],
    useMinimalConfig: reader.read("USE_MINIMAL_CONFIG", flag) ?? false,
    protected: reader.read("PROTECTED", flag) ?? true,
    vmArch: reader.read("VM_ARCH", oneOf("amd64", "arm64")) ?? "amd64",
    sshPublicKey:
      reader.text("SSH_PUBLIC_KEY") === undefined ? undefined : reader.read("SSH_PUBLIC_KEY", parsePublicKey),
    sshPrivateKeyFile:
      privateKeyFile === undefined
        ? undefined
        : reader.read("SSH_PRIVATE_KEY_FILE", (text) => ({ value: absolute(text, home, root) })),
  };
  if (standard.dataDiskSize > 0) demand("DATA_DISK_SIZE", "a data disk", "data_disk", "DATA_DISK_SIZE=0");
  if (standard.reserveAddress)
    demand("RESERVE_ADDRESS", "a reserved address", "reserve_address", "RESERVE_ADDRESS=false");
  return { standard, problems: reader.problems };

  function demand(key: string, what: string, capability: keyof Manifest["capabilities"], without: string): void {
    const reason: Capability = manifest.capabilities[capability];
    if (reason === true) return;
    reader.report(
      key,
      `${key} asks for ${what}, which ${manifest.title} does not offer: ${reason}`,
      `write ${without}, or use another provider`,
    );
  }
}

function absolute(path: string, home: string, root: string): string {
  return path === "~" || path.startsWith("~/") ? join(home, path.slice(1)) : resolve(root, path);
}
