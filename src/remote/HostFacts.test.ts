import { expect, it } from "vitest";
import { hostProblems, hostShortfalls, readHostFacts } from "./HostFacts.ts";

const line =
  "os=debian version=13 privilege=sudo systemd=yes memory=1970 processors=2 disk=19 client=203.0.113.7 port=22";
const wanted = { user: "owner", sshAllowedFrom: ["203.0.113.0/24"] };
const found = (change: string, to: string): string[] =>
  hostProblems(readHostFacts(line.replace(change, to)), wanted).map(({ message }) => message);

it("reads what a host says", () => {
  expect(readHostFacts(line)).toEqual({
    os: "debian",
    version: "13",
    privilege: "sudo",
    systemd: true,
    memory: 1970,
    processors: 2,
    disk: 19,
    client: "203.0.113.7",
  });
});

it("has nothing against a host that can be prepared", () => {
  expect(found("debian", "ubuntu")).toEqual([]);
});

it.each([
  ["os=debian version=13", "os=fedora version=43", /only Debian and Ubuntu can be prepared, and it runs fedora 43/],
  ["os=debian", "os=", /it does not say what it is/],
  ["privilege=sudo", "privilege=none", /owner is not root there and may not become root without a password/],
  ["systemd=yes", "systemd=no", /systemd/],
  ["client=203.0.113.7", "client=198.51.100.1", /the firewall would shut us out: .* 198\.51\.100\.1/],
])("refuses a host with %s changed to %s", (change, to, message) => {
  expect(found(change, to)).toEqual([expect.stringMatching(message)]);
});

it("names all problems at once, and none of a firewall that is not set", () => {
  const facts = readHostFacts("os=alpine privilege=none systemd=no client=198.51.100.1");
  expect(hostProblems(facts, wanted)).toHaveLength(4);
  expect(hostProblems(facts, { ...wanted, sshAllowedFrom: undefined })).toHaveLength(3);
});

it("tells what a host lacks, and forgives what its kernel keeps", () => {
  const facts = readHostFacts(line);
  expect(hostShortfalls(facts, { memory: 2048, processors: 2, disk: 20 })).toEqual([]);
  expect(hostShortfalls(facts, { memory: 4096, processors: 4, disk: 40 })).toEqual([
    "1970 MiB of memory where VM_MEMORY asks for 4096",
    "2 processors where VM_VCPUS asks for 4",
    "19 GiB of disk where VM_DISK_SIZE asks for 40",
  ]);
});
