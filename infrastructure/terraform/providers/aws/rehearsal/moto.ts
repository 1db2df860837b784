import type { RehearsalKit } from "landfall/rehearsal";

/** A maintained emulator of AWS: https://docs.getmoto.org */
const packageName = "moto[ec2,server]==5.2.5";

/** What the images start from. */
export const rootDevice = "/dev/sda1";

/** Without these moto accepts images, keys and types that do not exist. */
const validation = {
  MOTO_ENABLE_AMI_VALIDATION: "true",
  MOTO_ENABLE_KEYPAIR_VALIDATION: "true",
  MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION: "true",
};

export interface Moto {
  /** Such as `http://127.0.0.1:5000`. */
  origin: string;
  /** All that there are. */
  regions: ReadonlySet<string>;
  stop(): Promise<void>;
}

/** Starts moto as a child of this process, in a virtual environment of Python that is made the first time. */
export async function startMoto(kit: RehearsalKit): Promise<Moto> {
  const { host, cache, folder } = kit;
  const home = `${cache}/moto-${packageName.replace(/[^\w.]+/g, "-")}`;
  if (!(await host.files.exists(`${home}/complete`))) {
    await host.exclusively("moto", () => install(home, kit));
  }
  const marker = `${cache}/moto-runs-${kit.uuid()}`;
  const images = `${marker}.json`;
  await host.files.write(marker, "");
  await host.files.write(images, JSON.stringify(imagesOf()));
  const { promise: started, resolve, reject } = Promise.withResolvers<string>();
  const regions = new Set<string>();
  const ended = host.run(`${home}/bin/python`, [`${folder}/rehearsal/serve.py`, marker], {
    environment: { PATH: "/usr/bin:/bin", MOTO_AMIS_PATH: images, HOME: home, ...validation },
    onLine: (line) => {
      for (const region of /^regions (.+)$/.exec(line)?.[1]?.split(" ") ?? []) regions.add(region);
      const port = /^port (\d+)$/.exec(line)?.[1];
      if (port !== undefined) resolve(port);
    },
  });
  void ended.then(({ stderr }) =>
    reject(host.error("aws.moto", `moto ended: ${stderr.slice(-400)}`, "look at that message")),
  );
  const port = await started;
  return {
    origin: `http://127.0.0.1:${port}`,
    regions,
    async stop() {
      await host.files.remove(marker);
      await host.files.remove(images);
      await ended;
    },
  };
}

async function install(home: string, { host }: RehearsalKit): Promise<void> {
  if (await host.files.exists(`${home}/complete`)) return;
  await host.step("moto, an emulator of AWS, from the Python package index", async () => {
    const usable = async (): Promise<boolean> =>
      (await host.run("python3", ["-c", "import venv, ensurepip"])).status === 0;
    if (!(await usable()) && host.packages.supported) await host.packages.install(["python3-venv"]);
    if (!(await usable()))
      throw host.error("aws.python", "Python 3 with venv is not installed", "apt-get install python3-venv");
    await host.files.remove(home);
    await must(host.run("python3", ["-m", "venv", home], { timeoutMs: 120_000 }));
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", packageName];
    await must(host.run(`${home}/bin/python`, pip, { timeoutMs: 600_000 }));
    await host.files.write(`${home}/complete`, `${packageName}\n`);
  });

  async function must(work: ReturnType<RehearsalKit["host"]["run"]>): Promise<void> {
    const { status, stderr } = await work;
    if (status === 0) return;
    const why = stderr.trim().split("\n").at(-1) ?? "";
    throw host.error(
      "aws.moto",
      `moto cannot be installed: ${why}`,
      "check that the Python package index can be reached (PIP_INDEX_URL)",
    );
  }
}

/** Images as Canonical publishes them: moto's own list is older. */
function imagesOf(): object[] {
  return [
    { architecture: "x86_64", part: "amd64", id: "ami-0a116fa7c861dd5f9" },
    { architecture: "arm64", part: "arm64", id: "ami-0a116fa7c861dd5fa" },
  ].map(({ architecture, part, id }) => ({
    ami_id: id,
    name: `ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-${part}-server-20260901`,
    description: `Canonical, Ubuntu, 24.04, ${part} noble image`,
    owner_id: "099720109477",
    architecture,
    public: true,
    virtualization_type: "hvm",
    hypervisor: "xen",
    image_type: "machine",
    image_location: "amazon/ubuntu-noble",
    root_device_name: rootDevice,
    root_device_type: "ebs",
    sriov: "simple",
    state: "available",
    creation_date: "2026-09-01T12:00:00.000Z",
  }));
}
