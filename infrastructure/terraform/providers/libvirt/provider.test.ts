import { expect, test } from "vitest";
import type { StackContext } from "../../../../src/providers/behaviour.ts";
import provider from "./provider.ts";

/** A context on a libvirt that has one machine of the stack's name, or none; and what virsh was told to do. */
function contextOf(
  machine: { uuid: string; mac: string } | undefined,
  { changing, managed = [], made = true }: { changing: boolean; managed?: { id: string }[]; made?: boolean },
): { context: StackContext; calls: string[]; notices: string[] } {
  const calls: string[] = [];
  const notices: string[] = [];
  const answers: Record<string, string> = {
    dumpxml: `<domain><uuid>${machine?.uuid}</uuid><mac address='${machine?.mac}'/></domain>`,
    "vol-list": " landfall-image-1.qcow2 /pool/landfall-image-1.qcow2\n",
    "net-dumpxml": "<network><bridge name='virbr9'/><ip address='192.168.9.1' netmask='255.255.255.0'/></network>",
  };
  const context = {
    cache: "/cache",
    unattended: true,
    changing,
    managed,
    settings: { uri: "qemu:///system", pool: "pool", network: "net", accel: "tcg", base_image_url: "/image.qcow2" },
    inputs: { vm_name: "prod", vm_vcpus: 1, labels: { project: "p", stack: "production_libvirt" } },
    stack: { name: "production/libvirt", directory: "/stack" },
    host: {
      system: { architecture: "amd64", environment: {}, home: "/home", userId: 0 },
      files: {
        status: async () => ({ kind: "file", size: 1, modifiedMs: 1 }),
        exists: async (path: string) => made && path.endsWith("seed.iso"),
        read: async () => "",
        write: async () => undefined,
        makeDirectory: async () => undefined,
      },
      notice: (_level: string, code: string) => void notices.push(code),
      error: (code: string, sentence: string) => Object.assign(new Error(sentence), { code }),
      step: async (_title: string, work: () => unknown) => work(),
      exclusively: async (_name: string, work: () => unknown) => work(),
      sleep: async () => undefined,
      async run(_program: string, args: string[]) {
        const told = args.slice(args[0] === "-c" ? 2 : 3);
        calls.push(told.join(" "));
        const missing = told[0] === "dumpxml" && machine === undefined;
        return { status: missing ? 1 : 0, stdout: answers[told[0] ?? ""] ?? "", stderr: "" };
      },
    },
  };
  return { context: context as unknown as StackContext, calls, notices };
}

/** The hardware address of the stack's machine. */
async function ownMac(): Promise<string> {
  const prepared = await provider.prepare?.(contextOf(undefined, { changing: false }).context);
  return String(prepared?.["mac"]);
}

const removals = (calls: string[]): string[] =>
  calls.filter((call) => /^(destroy|undefine) |vol-delete .*p-production/.test(call));

test("a machine that the state does not know is touched only by what may change something", async () => {
  const machine = { uuid: "1-2-3", mac: await ownMac() };
  const looking = contextOf(machine, { changing: false });
  await provider.prepare?.(looking.context);
  expect(looking.calls).toContain("dumpxml prod");
  expect([removals(looking.calls), looking.notices]).toEqual([[], ["libvirt.strayDomain"]]);

  const applying = contextOf(machine, { changing: true });
  await provider.prepare?.(applying.context);
  expect(removals(applying.calls)).toEqual(["destroy prod", "undefine prod"]);
});

test("a machine that the state knows, or that another clone made, is not touched", async () => {
  const machine = { uuid: "1-2-3", mac: await ownMac() };
  const known = contextOf(machine, { changing: true, managed: [{ id: "1-2-3" }] });
  await provider.prepare?.(known.context);
  expect([removals(known.calls), known.notices]).toEqual([[], []]);

  for (const foreign of [
    contextOf(machine, { changing: true, made: false }),
    contextOf({ ...machine, mac: "52:54:00:00:00:01" }, { changing: true }),
  ]) {
    await expect(provider.prepare?.(foreign.context)).rejects.toMatchObject({ code: "libvirt.foreignDomain" });
    expect(removals(foreign.calls)).toEqual([]);
  }
});
