import { ephemeralFor } from "./addressRoutes.ts";
import { existing } from "./attachments.ts";
import type { Cloud, Instance } from "./cloud.ts";
import { accessConfigIn, machineTypeIn, metadataIn, staticAddress, tagsIn } from "./createInstance.ts";
import { startedAgain, stopped } from "./ephemeralAddresses.ts";
import { findInstance } from "./instanceRoutes.ts";
import { begin, showOperation } from "./operations.ts";
import { bodyOf, changedMeanwhile, flagIn, invalid, missing, refuse, textIn, type Fields } from "./replies.ts";
import type { Call, Endpoint } from "./routing.ts";
import { metadataFingerprint, statusOf, tagsFingerprint } from "./showInstance.ts";

interface Change {
  instance: Instance;
  fields: Fields;
  call: Call;
}

/** What `POST …/instances/:name/VERB` makes of an instance. */
export function instanceChangeEndpoints(cloud: Cloud): Endpoint[] {
  const change = (verb: string, make: (change: Change) => Instance): Endpoint => ({
    method: "POST",
    path: `zones/:zone/instances/:name/${verb}`,
    handle(call) {
      const instance = findInstance(call, cloud);
      const changed = make({ instance, fields: bodyOf(call.request), call });
      const operation = begin(cloud, { type: verb, thing: instance, kind: "instances" });
      const status = phases[verb];
      const phase = status === undefined ? {} : { phase: { status, until: operation.ends } };
      cloud.instances.put({ ...changed, ...phase });
      return showOperation(operation, cloud);
    },
  });
  return [
    change("start", ({ instance }) => startedAgain(instance, cloud)),
    change("stop", ({ instance }) => stopped(instance, cloud)),
    change("reset", ({ instance }) => mustRun(instance, cloud)),
    change("setMachineType", ({ instance, fields }) => {
      if (statusOf(instance, cloud) !== "TERMINATED") {
        return refuse(
          400,
          "invalid",
          "Invalid resource state: the machine type can be changed while the instance is TERMINATED.",
        );
      }
      return { ...instance, machineType: machineTypeIn(fields, instance, cloud).name };
    }),
    change("setMetadata", ({ instance, fields }) => {
      if (textIn(fields, "fingerprint") !== metadataFingerprint(instance)) {
        return changedMeanwhile("Supplied fingerprint does not match current metadata fingerprint.");
      }
      return { ...instance, metadata: metadataIn(fields) };
    }),
    change("setTags", ({ instance, fields }) => {
      if (textIn(fields, "fingerprint") !== tagsFingerprint(instance)) {
        return changedMeanwhile("Supplied fingerprint does not match current tags fingerprint.");
      }
      return { ...instance, tags: tagsIn(fields) };
    }),
    change("setDeletionProtection", ({ instance, call }) => ({
      ...instance,
      deletionProtection: call.request.query.get("deletionProtection") !== "false",
    })),
    change("setScheduling", ({ instance, fields }) => ({
      ...instance,
      scheduling: {
        ...instance.scheduling,
        automaticRestart: flagIn(fields, "automaticRestart") ?? instance.scheduling.automaticRestart,
        onHostMaintenance: textIn(fields, "onHostMaintenance") ?? instance.scheduling.onHostMaintenance,
      },
    })),
    ...diskChanges(change, cloud),
    ...addressChanges(change, cloud),
  ];
}

/** What an instance is while it is being changed so. */
const phases: Readonly<Record<string, string>> = { start: "STAGING", stop: "STOPPING" };

type Changes = (verb: string, make: (change: Change) => Instance) => Endpoint;

function mustRun(instance: Instance, cloud: Cloud): Instance {
  if (statusOf(instance, cloud) === "RUNNING") return instance;
  return refuse(400, "resourceNotReady", `The resource '${instance.name}' is not ready`);
}

function diskChanges(change: Changes, cloud: Cloud): Endpoint[] {
  const named = (instance: Instance, name: string, field: string): Instance["attachments"][number] =>
    instance.attachments.find(({ deviceName }) => deviceName === name) ??
    invalid(field, name, "No attached disk found with device name.");
  return [
    change("attachDisk", ({ instance, fields }) => {
      const device = textIn(fields, "deviceName");
      if (instance.attachments.some(({ deviceName }) => deviceName === device)) {
        return invalid("resource.deviceName", device, "The device name is in use.");
      }
      const taken = instance.attachments.map(({ deviceName }) => deviceName);
      const { attachment } = existing(fields, { index: taken.length, taken }, instance, cloud);
      return { ...instance, attachments: [...instance.attachments, { ...attachment, boot: false }] };
    }),
    change("detachDisk", ({ instance, call }) => {
      const gone = named(instance, call.request.query.get("deviceName") ?? missing("deviceName"), "deviceName");
      if (gone.boot && statusOf(instance, cloud) !== "TERMINATED") {
        return refuse(400, "invalid", "Invalid resource usage: 'Cannot detach the boot disk of a running instance.'.");
      }
      return { ...instance, attachments: instance.attachments.filter((item) => item !== gone) };
    }),
    change("setDiskAutoDelete", ({ instance, call }) => {
      const { query } = call.request;
      const changed = named(instance, query.get("deviceName") ?? missing("deviceName"), "deviceName");
      const autoDelete = query.get("autoDelete") === "true";
      return {
        ...instance,
        attachments: instance.attachments.map((item) => (item === changed ? { ...item, autoDelete } : item)),
      };
    }),
  ];
}

function addressChanges(change: Changes, cloud: Cloud): Endpoint[] {
  const check = ({ request }: Call): void => {
    const name = request.query.get("networkInterface") ?? missing("networkInterface");
    if (name !== "nic0") invalid("networkInterface", name, "There is no such network interface.");
  };
  return [
    change("addAccessConfig", ({ instance, fields, call }) => {
      check(call);
      if (instance.accessConfigs.length > 0) {
        return invalid("networkInterface", "nic0", "At most one access config currently supported.");
      }
      const { name, address } = accessConfigIn(fields, instance, cloud);
      if (address === undefined && instance.status !== "RUNNING") return { ...instance, accessConfigs: [{ name }] };
      const ephemeralAddress = address === undefined ? ephemeralFor(instance, cloud) : instance.ephemeralAddress;
      const given = address === undefined ? ephemeralAddress : staticAddress(address, ephemeralAddress, cloud);
      return { ...instance, ephemeralAddress, accessConfigs: [{ name, address: given }] };
    }),
    change("deleteAccessConfig", ({ instance, call }) => {
      check(call);
      const name = call.request.query.get("accessConfig") ?? missing("accessConfig");
      if (!instance.accessConfigs.some((item) => item.name === name)) {
        return invalid("accessConfig", name, "There is no such access config.");
      }
      return { ...instance, accessConfigs: [] };
    }),
  ];
}
