import type {
  ActionContext,
  ActionResult,
  Host,
  Prerequisite,
  ProviderBehaviour,
  ProviderContext,
  StackContext,
} from "landfall/provider";

const provider: ProviderBehaviour = {
  checkPrerequisites,
  prepare,
  stopMachine,
  cleanUp,
  inspectMachine,
  actions: { console: openConsole },
};
export default provider;

const hostPackages = [
  "qemu-system-x86",
  "qemu-utils",
  "libvirt-daemon-system",
  "libvirt-clients",
  "dnsmasq-base",
  "dnsmasq-utils",
  "iptables",
  "genisoimage",
  "xsltproc",
];
const imagePackages = ["mmdebstrap", "e2fsprogs"];

/** What the development environment needs, so that nothing is fetched at boot. */
const guestPackages = ["docker.io", "docker-compose", "docker-cli", "ufw", "fail2ban", "unattended-upgrades", "rsync"];

/**
 * x86-64-v2, which current container images ask for. Everything that QEMU can emulate boots a fifth slower: the guest
 * loads drivers for all of it, a hypervisor among them.
 */
const emulatedModel = "Nehalem";

/** An emulated machine with containers takes its time. */
const shutdownSeconds = 120;

async function checkPrerequisites(context: ProviderContext): Promise<Prerequisite[]> {
  const { host } = context;
  const wanted = isLocal(context)
    ? [...hostPackages, ...imagePackages]
    : ["libvirt-clients", "genisoimage", "qemu-utils", "xsltproc"];
  const missing = await host.packages.missing(wanted);
  const packages: Prerequisite = {
    id: "packages",
    title: missing.length === 0 ? "packages" : `packages ${missing.join(", ")}`,
    state: missing.length === 0 ? "met" : "missing",
    fix: `apt-get install ${missing.join(" ")}`,
    ...(host.packages.supported && missing.length > 0
      ? { perform: () => host.step("host packages", () => host.packages.install(wanted)) }
      : {}),
  };
  if (missing.length > 0) return [packages, unknown("service"), unknown("network"), unknown("image")];

  const reached = (await virsh(context, ["version"], 20_000)).status === 0;
  const service: Prerequisite = {
    id: "service",
    title: `libvirt at ${uri(context)}`,
    state: reached ? "met" : "missing",
    fix: isLocal(context)
      ? "start libvirtd; an ordinary user also has to be in the group libvirt (usermod -aG libvirt USER, then log in again)"
      : "check the address, the SSH key and that libvirt runs there",
    ...(reached || !isLocal(context)
      ? {}
      : { perform: () => host.step("libvirt service", () => startLibvirt(context)) }),
  };
  if (!reached) return [packages, service, unknown("network"), unknown("image")];

  const [network, image] = await Promise.all([networkActive(context), findImage(context)]);
  return [
    packages,
    service,
    {
      id: "network",
      title: `network ${context.settings["network"] ?? ""}`,
      state: network ? "met" : "missing",
      fix: `virsh -c ${uri(context)} net-start ${context.settings["network"] ?? ""}`,
      ...(network ? {} : { perform: () => host.step("network", () => startNetwork(context)) }),
    },
    {
      id: "image",
      title: "base image",
      state: image === undefined ? "missing" : "met",
      ...(image === undefined ? {} : { detail: image.path }),
      fix: "landfall setup libvirt, or PROVIDER_LIBVIRT_BASE_IMAGE_URL=FILE",
      ...(image === undefined ? { perform: () => obtainImage(context) } : {}),
    },
  ];
}

async function prepare(context: StackContext): Promise<Record<string, string>> {
  const { host } = context;
  const image = await findImage(context);
  if (image === undefined) {
    throw host.error("libvirt.noImage", "there is no base image", "run landfall setup libvirt");
  }
  const mac = macAddress(context);
  await checkDomain(context, mac);
  const [domainType, base, address] = await Promise.all([
    acceleration(context),
    ensureBase(context, image),
    chooseAddress(context, mac),
  ]);
  return {
    domain_type: domainType,
    vcpus: String(domainType === "kvm" ? context.inputs.vm_vcpus : await emulatedProcessors(context)),
    cpu: domainType === "qemu" && isLocal(context) && host.system.architecture === "amd64" ? emulatedModel : "",
    base_volume: base.name,
    kernel: base.kernel,
    initrd: base.initrd,
    mac,
    address,
    seed: "seed.iso",
  };
}

/** The plugin replaces a domain by cutting its power: what was not written yet would be lost. */
async function stopMachine(context: StackContext): Promise<void> {
  const { host, inputs } = context;
  const state = async (): Promise<string> => (await virsh(context, ["domstate", inputs.vm_name])).stdout.trim();
  if ((await state()) !== "running") return;
  await host.step("clean shutdown of the machine", async () => {
    await must(context, ["shutdown", inputs.vm_name]);
    for (let tries = 0; tries < shutdownSeconds * 4; tries += 1) {
      if ((await state()) !== "running") return;
      await host.sleep(250);
    }
    throw host.error(
      "libvirt.noShutdown",
      `machine ${inputs.vm_name} did not shut down within ${shutdownSeconds} s; nothing was changed`,
      `log in and see what keeps it (landfall ssh ${context.stack.name}), shut it down there, then run the same command again`,
    );
  });
}

/** The plugin leaves reservation and lease; a run that was cut off may leave domain and volumes too. */
async function cleanUp(context: StackContext): Promise<void> {
  const { host } = context;
  const mac = macAddress(context);
  const network = context.settings["network"] ?? "";
  // Without a trace of ours, what has these names is of another clone.
  if (!(await madeHere(context))) return;
  if (await ownDomain(context, mac)) {
    await virsh(context, ["destroy", context.inputs.vm_name]);
    await virsh(context, ["undefine", context.inputs.vm_name, "--nvram"]);
  }
  for (const volume of await ownVolumes(context)) {
    await virsh(context, ["vol-delete", "--pool", context.settings["pool"] ?? "", volume]);
  }
  const { stdout } = await virsh(context, ["net-dumpxml", network]);
  for (const reservation of stdout.match(/<host [^>]*>/g) ?? []) {
    if (!reservation.toLowerCase().includes(mac)) continue;
    const element = reservation.replace(/\/?>$/, "/>");
    await virsh(context, ["net-update", network, "delete", "ip-dhcp-host", element, "--live", "--config"]);
  }
  await releaseLeases(context, mac, /bridge name=['"]([^'"]+)/.exec(stdout)?.[1]);
  await host.files.remove(`${context.stack.directory}/seed.iso`);
}

async function inspectMachine(context: StackContext): ReturnType<NonNullable<ProviderBehaviour["inspectMachine"]>> {
  const mac = macAddress(context);
  const network = context.settings["network"] ?? "";
  const [domain, volumes, definition, leases] = await Promise.all([
    virsh(context, ["domstate", context.inputs.vm_name]),
    ownVolumes(context),
    virsh(context, ["net-dumpxml", network]),
    virsh(context, ["net-dhcp-leases", network]),
  ]);
  if (domain.status === 127 || /failed to connect/i.test(domain.stderr)) {
    return { state: "unknown", detail: "libvirt does not answer; landfall doctor libvirt says more" };
  }
  if (domain.status === 0) {
    const detail = domain.stdout.trim();
    return { state: detail === "running" ? "running" : "stopped", detail };
  }
  const leftovers = [
    ...volumes.map((name) => `volume ${name}`),
    ...(definition.stdout.toLowerCase().includes(mac) ? ["address reservation"] : []),
    ...(leases.stdout.includes(mac) ? ["lease"] : []),
  ];
  return { state: "absent", leftovers };
}

/** Without a terminal virsh refuses; `--force` takes the console from a session that was cut off. */
async function openConsole(context: ActionContext, args: readonly string[]): Promise<ActionResult> {
  const { host, inputs, stack } = context;
  if ((await virsh(context, ["domstate", inputs.vm_name])).stdout.trim() !== "running") {
    throw host.error("libvirt.notRunning", `machine ${inputs.vm_name} does not run`, `landfall status ${stack.name}`);
  }
  return { status: await context.interactive("virsh", ["-c", uri(context), "console", inputs.vm_name, ...args]) };
}

// libvirt

function uri({ settings }: ProviderContext): string {
  return settings["uri"] ?? "qemu:///system";
}

function isLocal(context: ProviderContext): boolean {
  return /^\w+:\/\/\//.test(uri(context));
}

function virsh(context: ProviderContext, args: readonly string[], timeoutMs = 60_000): ReturnType<Host["run"]> {
  return context.host.run("virsh", ["-q", "-c", uri(context), ...args], { timeoutMs });
}

async function startLibvirt(context: ProviderContext): Promise<void> {
  const { host } = context;
  const { system } = host;
  const reach = (run: Host["run"]): Promise<boolean> =>
    run("virsh", ["-q", "-c", "qemu:///system", "version"], { timeoutMs: 20_000 }).then(({ status }) => status === 0);
  // polkit asks for this group; it counts at once, without another login.
  if (system.userId !== 0) await host.runAsRoot("usermod", ["-aG", "libvirt", system.user]);
  if (system.systemd) await host.services.start("libvirtd.service");
  else if (!(await reach(host.runAsRoot))) await startDaemons(context);
  for (let tries = 0; tries < 50; tries += 1) {
    if (await reach(host.run)) return;
    if (tries > 10 && (await reach(host.runAsRoot))) break;
    await host.sleep(200);
  }
  throw system.userId === 0
    ? host.error("libvirt.silent", "libvirtd was started and does not answer", "see what it says: libvirtd --verbose")
    : host.error(
        "libvirt.group",
        `libvirt runs and does not let ${system.user} in`,
        "log out and in again (the group libvirt counts from the next login), or, without systemd, end it (sudo pkill libvirtd; machines go on), then the same command again",
      );
}

/** Where there is no systemd there is no polkit either: the group of this user may use the socket. */
async function startDaemons(context: ProviderContext): Promise<void> {
  const { host } = context;
  const group = host.system.userId === 0 ? "libvirt" : (await host.run("id", ["-gn"])).stdout.trim();
  const settings = `auth_unix_rw = "none"\nunix_sock_group = "${group}"\nunix_sock_rw_perms = "0770"\n`;
  const file = "/run/landfall-libvirtd.conf";
  // The first of two values counts.
  await host.runAsRoot("sh", ["-c", `umask 022; { cat; cat /etc/libvirt/libvirtd.conf; } > ${file}`], {
    input: settings,
  });
  // Beside a /dev/kvm that does not work, libvirt asks QEMU again at every call, four seconds each.
  const hide = (await kvmWorks(context)) ? {} : { hideDevices: ["kvm"] };
  const logs = (await host.run("pgrep", ["-x", "virtlogd"])).status === 0;
  if (!logs) await host.services.daemon("virtlogd", ["-d"]);
  await host.services.daemon("libvirtd", ["-d", "-f", file], hide);
}

async function networkActive(context: ProviderContext): Promise<boolean> {
  const { stdout } = await virsh(context, ["net-list", "--name"]);
  return stdout.split("\n").some((name) => name.trim() === context.settings["network"]);
}

async function startNetwork(context: ProviderContext): Promise<void> {
  const { host } = context;
  const network = context.settings["network"] ?? "";
  if ((await virsh(context, ["net-info", network])).status !== 0) {
    const file = `${context.cache}/network.xml`;
    await host.files.makeDirectory(context.cache);
    await host.files.write(
      file,
      `<network><name>${network}</name><forward mode='nat'/><bridge stp='on' delay='0'/>` +
        `<ip address='192.168.231.1' netmask='255.255.255.0'><dhcp><range start='192.168.231.2' end='192.168.231.254'/></dhcp></ip></network>`,
    );
    await must(context, ["net-define", file]);
  }
  await must(context, ["net-start", network]);
  await virsh(context, ["net-autostart", network]);
}

async function must(context: ProviderContext, args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await virsh(context, args);
  if (status === 0) return stdout;
  throw context.host.error(
    "libvirt.failed",
    `virsh ${args[0] ?? ""} failed: ${stderr.trim().split("\n").at(-1) ?? ""}`,
    "run landfall doctor libvirt",
  );
}

// Acceleration

async function acceleration(context: ProviderContext): Promise<string> {
  const wanted = context.settings["accel"] ?? "auto";
  if (wanted === "kvm") return "kvm";
  if (wanted === "tcg") return "qemu";
  if (!isLocal(context)) return "kvm";
  return (await kvmWorks(context)) ? "kvm" : "qemu";
}

/**
 * Whether a guest really runs with hardware acceleration: /dev/kvm alone proves nothing. The guest is a boot sector
 * that leaves through the debug-exit device; where it is not gone within two seconds it hangs. Remembered per boot.
 */
async function kvmWorks({ host, cache }: ProviderContext): Promise<boolean> {
  if (!(await host.files.exists("/dev/kvm"))) return false;
  // Inside some virtual machines /dev/kvm is there, a tiny guest runs, and a real one hangs: the processor tells.
  const processor = (await host.files.read("/proc/cpuinfo")) ?? "";
  if (host.system.architecture === "amd64" && !/^flags\s*:.*\b(vmx|svm)\b/m.test(processor)) return false;
  const boot = (await host.files.read("/proc/sys/kernel/random/boot_id"))?.trim() ?? "";
  const folder = `${cache}/kvm`;
  const known = await host.files.read(`${folder}/${boot}`);
  if (known !== undefined) return known.trim() === "works";
  await host.files.makeDirectory(folder);
  const sector = new Uint8Array(512);
  // mov al, 0x10; out 0xf4, al; hlt
  sector.set([0xb0, 0x10, 0xe6, 0xf4, 0xf4]);
  sector.set([0x55, 0xaa], 510);
  await host.files.write(`${folder}/probe.img`, sector);
  const { status } = await host.run(
    "qemu-system-x86_64",
    [
      "-accel",
      "kvm",
      "-m",
      "16",
      "-display",
      "none",
      "-nodefaults",
      "-device",
      "isa-debug-exit,iobase=0xf4,iosize=0x04",
      "-drive",
      `file=${folder}/probe.img,format=raw,if=ide`,
    ],
    { timeoutMs: 2000 },
  );
  // The device ends QEMU with (value << 1) | 1.
  const works = status === 0x21;
  await host.files.write(`${folder}/${boot}`, works ? "works\n" : "does not work\n");
  return works;
}

/**
 * QEMU before 8.1 emulates code that changes itself with a race between processors: Linux, which patches itself, then
 * panics now and then (seen: int3 in nf_conntrack, about one boot in ten). With one processor it cannot happen.
 */
async function emulatedProcessors(context: StackContext): Promise<number> {
  const { host, inputs } = context;
  if (inputs.vm_vcpus === 1) return 1;
  const { stdout } = await virsh(context, ["version"]);
  const [, major, minor] =
    /QEMU (\d+)\.(\d+)/.exec(stdout.split("\n").find((line) => line.includes("hypervisor")) ?? "") ?? [];
  if (Number(major) > 8 || (Number(major) === 8 && Number(minor) >= 1)) return inputs.vm_vcpus;
  host.notice(
    "warning",
    "libvirt.oneProcessor",
    `the machine gets 1 processor instead of ${inputs.vm_vcpus}: QEMU ${major ?? "?"}.${minor ?? "?"} does not emulate several safely`,
    "use a computer with KVM, or QEMU 8.1 or newer",
  );
  return 1;
}

// Images

interface Image {
  path: string;
  /** Volume name: changes with the content. */
  volume: string;
  kernel: string;
  initrd: string;
}

const imageRequest = ({ cache }: ProviderContext, release: string): Parameters<Host["debianImage"]>[0] => ({
  release,
  folder: `${cache}/images`,
  packages: guestPackages,
});

function builtImage(context: ProviderContext, release: string): Image {
  const { name, path, kernelPath, initrdPath } = context.host.debianImage(imageRequest(context, release));
  return { path, volume: `landfall-${name}`, kernel: kernelPath, initrd: initrdPath };
}

async function findImage(context: ProviderContext): Promise<Image | undefined> {
  const { host, settings } = context;
  const source = settings["base_image_url"] ?? "";
  const release = /^debian:(\w+)$/.exec(source)?.[1];
  const candidates: Image[] = [];
  if (release !== undefined) candidates.push(builtImage(context, release));
  else if (/^https?:/.test(source)) candidates.push(downloaded(context, source), builtImage(context, "13"));
  else candidates.push({ path: source, volume: `landfall-${baseName(source)}`, kernel: "", initrd: "" });
  for (const image of candidates) {
    const status = await host.files.status(image.path);
    if (status === undefined) continue;
    return {
      ...image,
      volume: `${image.volume}-${status.size.toString(36)}${Math.round(status.modifiedMs).toString(36)}.qcow2`,
    };
  }
  return undefined;
}

function downloaded({ cache }: ProviderContext, url: string): Image {
  const name = baseName(new URL(url).pathname);
  return { path: `${cache}/images/${name}`, volume: `landfall-${name}`, kernel: "", initrd: "" };
}

function baseName(path: string): string {
  return path.split("/").at(-1) ?? path;
}

async function obtainImage(context: ProviderContext): Promise<void> {
  const { host, settings } = context;
  const source = settings["base_image_url"] ?? "";
  const release = /^debian:(\w+)$/.exec(source)?.[1];
  if (release !== undefined) return build(context, release);
  if (!/^https?:/.test(source)) {
    throw host.error(
      "libvirt.imageFile",
      `the base image ${source} does not exist`,
      "set PROVIDER_LIBVIRT_BASE_IMAGE_URL to a file that exists, a URL, or debian:13",
    );
  }
  const checksum =
    settings["base_image_checksum"] ||
    (source.includes("cloud-images.ubuntu.com") ? new URL("SHA256SUMS", source).href : undefined);
  try {
    await host.exclusively("image", () =>
      host.download({
        url: source,
        path: downloaded(context, source).path,
        connectTimeoutMs: 8000,
        ...(checksum === undefined ? {} : { checksum }),
      }),
    );
  } catch (error) {
    if ((error as { code?: string }).code !== "network.unreachable") throw error;
    host.notice(
      "warning",
      "libvirt.imageUnreachable",
      `${source} cannot be reached: a Debian 13 image is built here from packages instead`,
      "set PROVIDER_LIBVIRT_BASE_IMAGE_URL=debian:13 to say so yourself, or to a file to use another image",
    );
    await build(context, "13");
  }
}

async function build(context: ProviderContext, release: string): Promise<void> {
  const { host } = context;
  await host.exclusively("image", async () => {
    if (await host.files.exists(builtImage(context, release).path)) return;
    await host.buildDebianImage(imageRequest(context, release));
  });
}

interface BaseVolume {
  name: string;
  /** Paths below the pool, where the hypervisor may read them; empty where the image has a boot loader. */
  kernel: string;
  initrd: string;
}

/** The pool and the base volume belong to no stack: two states that shared them would delete each other's. */
async function ensureBase(context: StackContext, image: Image): Promise<BaseVolume> {
  const pool = context.settings["pool"] ?? "";
  const uploads = [
    ...(image.kernel === ""
      ? []
      : [
          { name: `${image.volume}.vmlinuz`, file: image.kernel },
          { name: `${image.volume}.initrd`, file: image.initrd },
        ]),
    // Last: where it is there, the others are.
    { name: image.volume, file: image.path },
  ];
  const present = async (): Promise<boolean> =>
    (await virsh(context, ["vol-list", pool])).stdout
      .split("\n")
      .some((line) => line.trim().split(/\s+/)[0] === image.volume);
  if (!(await present())) {
    await context.host.step("base image, made available to libvirt", () =>
      context.host.exclusively("pool", async () => {
        await ensurePool(context, pool);
        if (await present()) return;
        for (const { name, file } of uploads) await upload(context, pool, name, file);
        await virsh(context, ["pool-refresh", pool]);
        await removeUnusedBases(context, pool, image);
      }),
    );
  }
  if (image.kernel === "") return { name: image.volume, kernel: "", initrd: "" };
  const [kernel, initrd] = await Promise.all(
    ["vmlinuz", "initrd"].map((end) => must(context, ["vol-path", "--pool", pool, `${image.volume}.${end}`])),
  );
  return { name: image.volume, kernel: kernel?.trim() ?? "", initrd: initrd?.trim() ?? "" };
}

/** Older builds of the same image that no disk is based on any more. */
async function removeUnusedBases(context: StackContext, pool: string, image: Image): Promise<void> {
  const family = /^landfall-debian-\w+-(?=[0-9a-f]{8}-)/.exec(image.volume)?.[0];
  if (family === undefined) return;
  const built = new RegExp(`^${family}[0-9a-f]{8}-`);
  const volumes = (await must(context, ["vol-list", pool]))
    .split("\n")
    .map((line) => line.trim().split(/\s+/)[0] ?? "")
    .filter((name) => name !== "");
  const definitions = await Promise.all(
    volumes.map((name) => virsh(context, ["vol-dumpxml", "--pool", pool, name]).then(({ stdout }) => stdout)),
  );
  const bases = definitions.map((xml) => /<backingStore>\s*<path>([^<]+)/.exec(xml)?.[1]);
  for (const volume of volumes.filter((name) => built.test(name) && !name.startsWith(image.volume))) {
    const base = volume.replace(/\.(vmlinuz|initrd)$/, "");
    if (bases.some((path) => path?.endsWith(`/${base}`) === true)) continue;
    await virsh(context, ["vol-delete", "--pool", pool, volume]);
  }
}

/** What an upload that was cut off left is made anew. */
async function upload(context: StackContext, pool: string, name: string, file: string): Promise<void> {
  const { host } = context;
  await virsh(context, ["vol-delete", "--pool", pool, name]);
  const size = (await host.files.status(file))?.size ?? 0;
  await must(context, ["vol-create-as", pool, name, String(size), "--format", await imageFormat(host, file)]);
  const { status, stderr } = await virsh(context, ["vol-upload", "--pool", pool, name, file], 600_000);
  if (status === 0) return;
  await virsh(context, ["vol-delete", "--pool", pool, name]);
  throw host.error(
    "libvirt.upload",
    `${file} cannot be uploaded: ${stderr.trim()}`,
    "check the space of the pool, then run the same command again",
  );
}

/** Overlays name the format of their base: a wrong one shows the guest a container instead of its content. */
async function imageFormat(host: Host, file: string): Promise<string> {
  const { stdout } = await host.run("qemu-img", ["info", "--output=json", file]);
  return /"format": "qcow2"/.test(stdout) ? "qcow2" : "raw";
}

async function ensurePool(context: StackContext, pool: string): Promise<void> {
  const info = await virsh(context, ["pool-info", pool]);
  if (info.status !== 0) {
    await must(context, ["pool-define-as", pool, "dir", "--target", `/var/lib/libvirt/images/${pool}`]);
    await must(context, ["pool-build", pool]);
    await virsh(context, ["pool-autostart", pool]);
  }
  if (!/State:\s+running/.test((await virsh(context, ["pool-info", pool])).stdout))
    await must(context, ["pool-start", pool]);
}

// The machine's place on the network

/** Always the same for one stack name, in the range that QEMU uses. The plugin writes it in capitals: compare in lower case. */
function macAddress({ inputs, stack }: StackContext): string {
  const bytes = [hash(`${inputs.labels["project"] ?? ""}/${stack.name}`), hash(`${stack.name}#`)];
  const hex = bytes.map((value) => value.toString(16).padStart(8, "0")).join("");
  return `52:54:00:${hex.slice(0, 2)}:${hex.slice(2, 4)}:${hex.slice(8, 10)}`;
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return value;
}

/** The address that is reserved for this machine already, else a free one that no reservation or lease names. */
async function chooseAddress(context: StackContext, mac: string): Promise<string> {
  const network = context.settings["network"] ?? "";
  const [xml, leases] = await Promise.all([
    must(context, ["net-dumpxml", network]),
    virsh(context, ["net-dhcp-leases", network]),
  ]);
  const attribute = (element: string, name: string): string | undefined =>
    new RegExp(`${name}=['"]([^'"]+)`).exec(element)?.[1];
  const reservations = xml.match(/<host [^>]*>/g) ?? [];
  const own = reservations.find((element) => attribute(element, "mac")?.toLowerCase() === mac);
  const reserved = own === undefined ? undefined : attribute(own, "ip");
  if (reserved !== undefined) return reserved;

  const range = /<range [^>]*>/.exec(xml)?.[0] ?? "";
  const start = toNumber(attribute(range, "start") ?? "192.168.122.2");
  const end = toNumber(attribute(range, "end") ?? "192.168.122.254");
  const taken = new Set(reservations.map((element) => attribute(element, "ip")));
  for (const line of leases.stdout.split("\n")) {
    if (!line.includes(mac)) taken.add(/(\d+\.\d+\.\d+\.\d+)\//.exec(line)?.[1]);
  }
  const size = end - start + 1;
  for (let step = 0, first = hash(mac) % size; step < size; step += 1) {
    const address = toAddress(start + ((first + step) % size));
    if (!taken.has(address)) return address;
  }
  throw context.host.error(
    "libvirt.noAddress",
    `network ${network} has no free address`,
    "destroy a stack, or use another network",
  );
}

function toNumber(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function toAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".");
}

// What belongs to a stack

async function ownVolumes(context: StackContext): Promise<string[]> {
  const { labels } = context.inputs;
  const prefix = `${labels["project"] ?? ""}-${labels["stack"] ?? ""}`;
  const names = ["root.qcow2", "data.qcow2", "seed.iso"].map((end) => `${prefix}-${end}`);
  const { stdout } = await virsh(context, ["vol-list", context.settings["pool"] ?? ""]);
  const present = new Set(stdout.split("\n").map((line) => line.trim().split(/\s+/)[0] ?? ""));
  return names.filter((name) => present.has(name));
}

/** A domain of that name is ours where it has our hardware address. */
async function ownDomain(context: StackContext, mac: string): Promise<boolean> {
  const { status, stdout } = await virsh(context, ["dumpxml", context.inputs.vm_name]);
  return status === 0 && stdout.toLowerCase().includes(mac);
}

/**
 * A creation that failed or was cut off leaves a domain that the state does not know; the plugin then refuses the name.
 * Where this stack directory made it, an apply removes it, and its disks, volumes of their own, stay. Any other domain of that
 * name is somebody else's, or of another clone: it is left alone.
 */
async function checkDomain(context: StackContext, mac: string): Promise<void> {
  const { host, inputs, managed, changing } = context;
  const { status, stdout } = await virsh(context, ["dumpxml", inputs.vm_name]);
  if (status !== 0) return;
  const uuid = /<uuid>([^<]+)/.exec(stdout)?.[1] ?? "";
  if (managed.some(({ id }) => id === uuid)) return;
  if (!stdout.toLowerCase().includes(mac) || !(await madeHere(context))) {
    throw host.error(
      "libvirt.foreignDomain",
      `libvirt has a machine ${inputs.vm_name} that this stack did not make`,
      `destroy it from the clone that made it, or choose another VM_NAME; where that clone is gone: virsh -c ${uri(context)} undefine ${inputs.vm_name} --remove-all-storage, after virsh destroy`,
    );
  }
  const stray = `domain ${inputs.vm_name} is left of a creation that did not finish`;
  if (!changing)
    return host.notice("warning", "libvirt.strayDomain", `${stray}: an apply makes it anew, a destroy removes it`);
  host.notice("warning", "libvirt.strayDomain", `${stray}: it is made anew, its disks stay`);
  await virsh(context, ["destroy", inputs.vm_name]);
  await virsh(context, ["undefine", inputs.vm_name]);
}

/** The first-boot disc is made in the stack's directory before anything else of a machine. */
function madeHere({ host, stack }: StackContext): Promise<boolean> {
  return host.files.exists(`${stack.directory}/seed.iso`);
}

/**
 * libvirt has no call for it, and dnsmasq reports what it remembers again and again: it is told as a machine would tell
 * it, with a DHCP release. Looked for by hardware address; a machine that was made anew has had several client ids.
 */
async function releaseLeases(context: StackContext, mac: string, bridge: string | undefined): Promise<void> {
  if (bridge === undefined || !isLocal(context)) return;
  const { host, settings } = context;
  const leases = async (): Promise<string[]> =>
    (await virsh(context, ["net-dhcp-leases", settings["network"] ?? ""])).stdout
      .split("\n")
      .filter((line) => line.includes(mac));
  for (let tries = 0; tries < 10; tries += 1) {
    const left = await leases();
    if (left.length === 0) return;
    for (const lease of left) {
      const address = /(\d+\.\d+\.\d+\.\d+)\//.exec(lease)?.[1] ?? "";
      const client = lease.trim().split(/\s+/).at(-1) ?? "-";
      await host.runAsRoot("dhcp_release", [bridge, address, mac, ...(client === "-" ? [] : [client])]);
    }
    await host.sleep(200);
  }
}

/** What cannot be checked before something else is met. */
function unknown(id: string): Prerequisite {
  return { id, title: id, state: "unknown", detail: "checked when what is above is there" };
}
