import type { Level, Rule } from "../Rule.ts";

type Row = [id: string, rule: string, why: string, how: string];

const planRules: Row[] = [
  [
    "plan.code",
    "the code of the folder can be loaded, and exports what the contract knows",
    "a misspelt function would never be called",
    "provider.ts and rehearsal.ts are loaded",
  ],
  [
    "plan.init",
    "the engine accepts the module, and the plugin is found",
    "everything else needs it",
    "init in a throw-away directory",
  ],
  [
    "plan.machine",
    "a plan for a new stack makes the machine",
    "resources.machine has to mean it",
    "the plan's summary",
  ],
  ["plan.small", "1024 MiB, 1 processor, 10 GiB can be planned", "small environments are common", "plan"],
  ["plan.medium", "4096 MiB, 2 processors, 40 GiB can be planned", "it is what staging asks for", "plan"],
  ["plan.large", "8192 MiB, 4 processors, 80 GiB can be planned", "it is what production asks for", "plan"],
  [
    "plan.minimal",
    "the minimal configuration can be planned",
    "it is for finding out what is wrong",
    "plan with USE_MINIMAL_CONFIG=true",
  ],
  [
    "plan.closed",
    "a stack whose only open port is that of SSH can be planned",
    "lists may be as good as empty",
    "plan with OPEN_PORTS=",
  ],
  [
    "plan.dataDisk",
    "with the capability data_disk, a plan with DATA_DISK_SIZE makes the disk that resources.data names",
    "it is what the capability says",
    "plan with DATA_DISK_SIZE=10",
  ],
  [
    "plan.address",
    "with the capability reserve_address, RESERVE_ADDRESS=true can be planned",
    "it is what the capability says",
    "plan",
  ],
  [
    "plan.variables",
    "no secret is in the generated variables",
    "they are kept in clear text",
    "terraform.tfvars.json is searched",
  ],
];

const rehearsalRules: Row[] = [
  [
    "simulation.unsupported",
    "a call that the simulation does not know is answered with an error",
    "silence would look like success",
    "a request for a path that is no cloud's",
  ],
  [
    "simulation.credentials",
    "a call without credentials is refused",
    "the plugin's own way of sending them is tried then",
    "a request without any header",
  ],
  ["rehearsal.apply", "the first apply works", "it is the main job", "apply of a throw-away stack"],
  [
    "rehearsal.outputs",
    "vm_ip is an address, vm_name the name, connection_info text",
    "ssh and status use them",
    "outputs after the apply",
  ],
  ["rehearsal.oneServer", "after the apply there is one server", "each one costs money", "the simulation is asked"],
  ["rehearsal.settled", "a second plan is empty", "otherwise every apply changes something", "plan after the apply"],
  [
    "rehearsal.labels",
    "machine, data disk and address bear the stack's label, where they can",
    "by it they are found again",
    "the attributes labels, tags, tags_all, tag_list and metadata in the state: one of them has the stack's label as a value, or a tag with it in it, whatever stands for its underscores",
  ],
  [
    "rehearsal.addresses",
    "everything that findOrphans gives after an apply is in the state, by that address",
    "under another one it would be taken for something that nobody asks for, and made twice",
    "findOrphans against the state",
  ],
  [
    "rehearsal.running",
    "status does not say that a machine that runs is absent or stopped",
    "people trust it",
    "status after the apply",
  ],
  [
    "rehearsal.ports",
    "another open port leaves the machine alone, and settles",
    "it is an everyday change",
    "apply with one port more, then a plan",
  ],
  [
    "rehearsal.resize",
    "another size keeps the data, and settles",
    "it is an everyday change",
    "apply with more memory and processors, then a plan; for machines on this computer the plan alone",
  ],
  [
    "rehearsal.gone",
    "status says so when the machine was deleted outside",
    "people trust it",
    "the simulation removes the server",
  ],
  [
    "rehearsal.replaced",
    "the next apply makes a machine that is gone again, and settles",
    "the same command always goes on",
    "apply, then a plan",
  ],
  [
    "rehearsal.dataKept",
    "the data disk is the same afterwards",
    "it is what the capability says",
    "data_disk_id, and the plan's summary",
  ],
  ["rehearsal.addressKept", "the reserved address is the same afterwards", "it is what the capability says", "vm_ip"],
  [
    "rehearsal.orphans",
    "what exists and the state does not know is taken over, not made twice",
    "a lost answer must not cost a second server",
    "apply after the state was removed: the simulation has no more of any kind than before; then a plan",
  ],
  ["rehearsal.destroy", "destroy works", "it is the other half of the main job", "destroy"],
  ["rehearsal.nothingLeft", "nothing is left at the provider", "what is left is paid for", "the simulation is asked"],
  ["rehearsal.absent", "after the destroy status says absent", "people trust it", "status"],
  [
    "rehearsal.again",
    "a second destroy finds nothing to do, and is no error",
    "who is not sure runs it again",
    "destroy",
  ],
];

export const faultsTried = [
  "rate-limit",
  "server-error",
  "reset",
  "slow",
  "out-of-stock",
  "action-fails",
  "answer-lost",
  "server-disappears",
] as const;

const liveRules: Row[] = [
  [
    "live.apply",
    "the first apply works at the real service",
    "a simulation is not the service",
    "apply, after the user agreed to the price",
  ],
  ["live.settled", "a second plan is empty", "the real API answers with more than a simulation", "plan"],
  ["live.status", "status does not say that the machine is absent or stopped", "people trust it", "status"],
  ["live.destroy", "destroy removes everything", "what is left is paid for", "destroy, inspectMachine and findOrphans"],
];

const of =
  (level: Level, optional: readonly string[] = []) =>
  ([id, rule, why, how]: Row): Rule => ({ id, rule, why, how, level, mandatory: !optional.includes(id) });

/** Rules that are tried by running the engine: the scenarios in operations/check give their verdicts by id. */
export const scenarioRules: readonly Rule[] = [
  ...planRules.map(of("plan")),
  ...rehearsalRules.map(of("rehearsal", ["simulation.credentials"])),
  ...faultsTried.map((fault): Rule => ({
    id: `fault.${fault}`,
    rule: `after ${fault} the same command goes on to one server and an empty plan, and destroy leaves nothing`,
    why: "it happens, and nobody may have to clean up by hand",
    how: `rehearsal with --fault ${fault}`,
    level: "rehearsal",
    mandatory: true,
  })),
  ...liveRules.map(of("live")),
];
