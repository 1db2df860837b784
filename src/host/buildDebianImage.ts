import { createHash } from "node:crypto";
import { join } from "node:path";
import { AppError } from "../errors.ts";
import { debianImageScript, bootPackages } from "./debianImageScript.ts";
import type { DebianImage, Host, ImageRequest } from "./Host.ts";

const codenames: Record<string, string> = { "12": "bookworm", "13": "trixie" };

/** What a build needs at its height: the tree, the raw disk and the compressed image. */
const spaceNeeded = 4 * 1024 ** 3;

export function debianImage(request: ImageRequest, host: Host): DebianImage {
  const recipe = createHash("sha256").update(debianImageScript).update(allPackages(request, host).join()).digest("hex");
  const name = `debian-${request.release}-${recipe.slice(0, 8)}`;
  const base = join(request.folder, name);
  return { name, path: `${base}.qcow2`, kernelPath: `${base}.vmlinuz`, initrdPath: `${base}.initrd` };
}

/**
 * Builds an image from packages: one ext4 file system on the whole disk, started by its own kernel that the
 * hypervisor loads directly. No boot loader and no partition means that nothing but a resize is needed to grow.
 */
export async function buildDebianImage(request: ImageRequest, host: Host): Promise<void> {
  const release = codenames[request.release] ?? request.release;
  const { folder } = request;
  const image = debianImage(request, host);
  const work = join(folder, `build-${release}`);
  await host.files.makeDirectory(folder);
  const free = await host.files.freeSpace(folder);
  if (free < spaceNeeded) {
    throw new AppError(
      "image.space",
      `${folder} has ${Math.floor(free / 1024 ** 2)} MiB left; the image needs 4096 MiB while it is built`,
      {
        hint: `free some space, or set LANDFALL_CACHE to a larger disk`,
      },
    );
  }
  const remove = (): ReturnType<Host["run"]> => host.runAsRoot("rm", ["-rf", "--one-file-system", work]);
  await remove();
  await host.files.makeDirectory(work);
  await host
    .step(`Debian image (${release}), built from packages`, async () => {
      const packages = allPackages(request, host).join();
      const built = await host.runAsRoot("sh", ["-c", debianImageScript, "sh", work, release, packages], {
        idleTimeoutMs: 300_000,
      });
      if (built.status !== 0) {
        throw new AppError(
          "image.build",
          `the image cannot be built: ${built.stderr.trim().split("\n").slice(-3).join(" / ")}`,
          {
            hint: "run the same command again with VERBOSE=true and see where it stops",
          },
        );
      }
      // The image last: where it is there, the others are.
      for (const [from, to] of [
        ["vmlinuz", image.kernelPath],
        ["initrd", image.initrdPath],
        ["disk.qcow2", image.path],
      ] as const) {
        await host.files.rename(join(work, from), to);
      }
    })
    .finally(remove);
  for (const file of (await host.files.list(folder)) ?? []) {
    // What was downloaded stands beside them, and may be called much the same.
    const [, family, recipe] = /^(debian-\w+)-([0-9a-f]{8})\.(?:qcow2|vmlinuz|initrd)$/.exec(file) ?? [];
    const isOlder = family === `debian-${request.release}` && `${family}-${recipe}` !== image.name;
    if (isOlder) await host.files.remove(join(folder, file));
  }
}

function allPackages({ packages }: ImageRequest, host: Host): string[] {
  return [...bootPackages(host.system.architecture), ...packages];
}
