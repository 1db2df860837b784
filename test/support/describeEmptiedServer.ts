import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ApplicationBench } from "./applicationBench.ts";
import { expectDeployed } from "./expectDeployed.ts";
import { findEncryption } from "./findEncryption.ts";
import type { Finished } from "./startLandfall.ts";

interface Served {
  bench: ApplicationBench;
  sql: (statement: string) => Promise<Finished>;
  allImages: () => Promise<string>;
}

/** A table of proof, on a server where nothing is left but the packages. */
export function describeEmptiedServer(served: () => Served): void {
  test("are brought back on an emptied server, from an encrypted copy on this computer", async (context) => {
    if (!(await findEncryption()).age) return context.skip();
    const { bench, sql, allImages } = served();
    const [copies, identity] = [join(bench.tree.root, "encrypted"), join(bench.tree.root, "identity")];
    execFileSync("age-keygen", ["-o", identity], { stdio: "ignore" });
    const recipient = execFileSync("age-keygen", ["-y", identity], { encoding: "utf8" }).trim();
    // Where there is internet, the deploy installs the package.
    await bench.copyProgram("age");
    const encrypting = ["--set", `BACKUP_RECIPIENT=${recipient}`, "--images", await allImages()];
    expectDeployed(await bench.run("deploy", ...encrypting));
    const made = await bench.run("app backup", "--copy", copies);
    expect(made.result, made.stdout.slice(-3000)).toMatchObject({ ok: true, backup: { encrypted: true } });
    await bench.onServer(
      "sudo docker rm -f $(sudo docker ps -aq) >/dev/null; sudo find /var/lib/torrust -mindepth 1 -delete; ls -A /var/lib/torrust",
    );
    expectDeployed(await bench.run("deploy", ...encrypting));
    expect((await sql("SELECT word FROM proof")).status).toBe(1);
    const restored = await bench.run("app restore", "--from", copies, "--identity", identity, "--yes");
    expect(restored.result, restored.stdout.slice(-3000)).toMatchObject({ ok: true });
    expect((await sql("SELECT word FROM proof")).result["stdout"]).toBe("kept\n");
  });
}
