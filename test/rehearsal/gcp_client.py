# requires: google-cloud-compute==1.57.0
"""Walks through the simulated Compute Engine API with Google's own client; LANDFALL_ENDPOINT says where it is."""

import json
import os
import sys
import urllib.error
import urllib.request

from google.api_core.exceptions import GoogleAPICallError
from google.auth.exceptions import RefreshError
from google.cloud import compute_v1
from google.oauth2.credentials import Credentials

ENDPOINT = os.environ["LANDFALL_ENDPOINT"]
TOKEN = "ya29.sample-of-a-rehearsal"
PROJECT = "landfall-test-1"
REGION = "europe-west3"
ZONE = "europe-west3-b"
LABELS = {"project": "landfall", "stack": "test_gcp"}
IMAGE = "projects/ubuntu-os-cloud/global/images/family/ubuntu-2404-lts-amd64"


def client(kind, token=TOKEN):
    return kind(credentials=Credentials(token=token), client_options={"api_endpoint": ENDPOINT})


def ok(name):
    print("ok", name, flush=True)


def expect(what, found, wanted):
    if found != wanted:
        sys.exit(f"{what}: expected {wanted!r}, got {found!r}")


def refused(what, code, reason, work):
    """An error has the status and the reason that the API documents."""
    try:
        work()
    except GoogleAPICallError as error:
        expect(f"{what}: status", int(error.code), code)
        reasons = [entry["reason"] for entry in error.errors]
        if reason is not None and reason not in reasons:
            sys.exit(f"{what}: expected the reason {reason}, got {reasons}: {error.message}")
        return
    sys.exit(f"{what}: expected {code} {reason}, but it was accepted")


projects = client(compute_v1.ProjectsClient)
regions = client(compute_v1.RegionsClient)
zones = client(compute_v1.ZonesClient)
machine_types = client(compute_v1.MachineTypesClient)
disk_types = client(compute_v1.DiskTypesClient)
images = client(compute_v1.ImagesClient)
networks = client(compute_v1.NetworksClient)
subnetworks = client(compute_v1.SubnetworksClient)
instances = client(compute_v1.InstancesClient)
disks = client(compute_v1.DisksClient)
addresses = client(compute_v1.AddressesClient)
firewalls = client(compute_v1.FirewallsClient)
global_operations = client(compute_v1.GlobalOperationsClient)
region_operations = client(compute_v1.RegionOperationsClient)
zone_operations = client(compute_v1.ZoneOperationsClient)

here = {"project": PROJECT, "zone": ZONE}
around = {"project": PROJECT, "region": REGION}


def done(operation):
    """The client's own waiting asks the real API, whatever its endpoint is: so the `_unary` calls, and this."""
    one = {"project": PROJECT, "operation": operation.name}
    if operation.zone:
        operation = zone_operations.wait(zone=operation.zone.split("/")[-1], **one)
    elif operation.region:
        operation = region_operations.wait(region=operation.region.split("/")[-1], **one)
    else:
        operation = global_operations.wait(**one)
    expect("operation", (operation.status.name, operation.progress), ("DONE", 100))
    if operation.error.errors:
        sys.exit(f"{operation.operation_type} failed: {operation.error.errors[0].message}")


def partial(path, fields):
    """An answer as the standard parameter `fields` leaves it, which the client does not have."""
    url = f"{ENDPOINT}/compute/v1/projects/{PROJECT}/{path}?fields={fields}"
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {TOKEN}"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def credentials():
    expect("project", projects.get(project=PROJECT).name, PROJECT)
    stranger = client(compute_v1.ProjectsClient, token="nonsense")
    try:
        stranger.get(project=PROJECT)
        sys.exit("a malformed token was accepted")
    except RefreshError:
        # The client takes status 401 for a token that is too old.
        pass
    try:
        urllib.request.urlopen(f"{ENDPOINT}/compute/v1/projects/{PROJECT}")
        sys.exit("a request without a token was accepted")
    except urllib.error.HTTPError as error:
        expect("status without a token", error.code, 401)
        expect("reason without a token", json.load(error)["error"]["errors"][0]["reason"], "required")
    refused("a malformed project", 400, "invalid", lambda: projects.get(project="X"))
    ok("credentials")


def catalog():
    expect("region", regions.get(**around).status, "UP")
    names = [zone.name for zone in zones.list(project=PROJECT)]
    for wanted in ("europe-west3-a", "us-central1-f", "europe-west1-d", "us-east1-b"):
        if wanted not in names:
            sys.exit(f"there is no zone {wanted}")
    if "us-east1-a" in names:
        sys.exit("us-east1 has no zone a")
    small = machine_types.get(machine_type="e2-small", **here)
    expect("e2-small", (small.guest_cpus, small.memory_mb, small.is_shared_cpu), (2, 2048, True))
    refused("an unknown type", 404, "notFound", lambda: machine_types.get(machine_type="e2-nothing", **here))
    refused("an unknown zone", 400, "invalid", lambda: machine_types.list(project=PROJECT, zone="mars-east1-a"))
    filtered = machine_types.list(request={**here, "filter": "(guestCpus = 4) AND (name = e2-*)"})
    later = machine_types.list(request={**here, "filter": 'name > "e2-standard-32" AND name <= "e2-z" AND guestCpus < 9'})
    expect("types by text", [item.name for item in later], ["e2-standard-4", "e2-standard-8"])
    expect("filtered types", [item.name for item in filtered], ["e2-highcpu-4", "e2-highmem-4", "e2-standard-4"])
    pages = machine_types.list(request={**here, "max_results": 3}).pages
    sizes = [len(page.items) for page in pages]
    expect("all types over pages", sum(sizes), len(list(machine_types.list(**here))))
    if len(sizes) < 3 or sizes[0] != 3:
        sys.exit(f"pages of three: {sizes}")
    refused("a bad page token", 400, "invalid", lambda: zones.list(request={"project": PROJECT, "page_token": "?"}))
    refused("a bad filter", 400, "invalid", lambda: zones.list(request={"project": PROJECT, "filter": "name"}))
    small = partial(f"zones/{ZONE}/machineTypes", "items(name,guestCpus),kind")
    expect("fields of a list", sorted(small), ["items", "kind"])
    expect("fields of its items", {tuple(sorted(item)) for item in small["items"]}, {("guestCpus", "name")})
    type_of = f"zones/{ZONE}/machineTypes/e2-small"
    expect("fields", partial(type_of, "name,name/first,nothing"), {"name": "e2-small"})
    for wrong in ("items(name", "name,", "a//b"):
        try:
            partial(type_of, wrong)
            sys.exit(f"the fields {wrong} were accepted")
        except urllib.error.HTTPError as error:
            expect("status of wrong fields", error.code, 400)
    expect("disk type", disk_types.get(disk_type="pd-balanced", **here).name, "pd-balanced")
    ok("catalog")


def image_families():
    newest = images.get_from_family(project="ubuntu-os-cloud", family="ubuntu-2404-lts-amd64")
    same = images.get(project="ubuntu-os-cloud", image=newest.name)
    expect("image of a family", (same.id, same.architecture), (newest.id, "X86_64"))
    refused(
        "an unknown family",
        404,
        "notFound",
        lambda: images.get_from_family(project="ubuntu-os-cloud", family="ubuntu-9999"),
    )
    ok("images")


def network():
    default = networks.get(project=PROJECT, network="default")
    expect("automatic subnetworks", default.auto_create_subnetworks, True)
    expect("subnetwork", subnetworks.get(subnetwork="default", **around).network, default.self_link)
    refused("an unknown network", 404, "notFound", lambda: networks.get(project=PROJECT, network="nothing"))
    ok("networks")


def rule(name, **more):
    return compute_v1.Firewall(
        name=name,
        network="global/networks/default",
        allowed=[compute_v1.Allowed(I_p_protocol="tcp", ports=["22"])],
        **{"source_ranges": ["0.0.0.0/0"], "target_tags": ["web"], **more},
    )


def firewall_rules():
    done(firewalls.insert_unary(project=PROJECT, firewall_resource=rule("web-ssh", priority=900)))
    made = firewalls.get(project=PROJECT, firewall="web-ssh")
    expect("rule", (made.direction, made.priority, list(made.allowed[0].ports)), ("INGRESS", 900, ["22"]))
    again = {"project": PROJECT, "firewall_resource": rule("web-ssh")}
    refused("a rule twice", 409, "alreadyExists", lambda: firewalls.insert_unary(**again))
    mixed = {"project": PROJECT, "firewall_resource": rule("mixed", source_ranges=["0.0.0.0/0", "::/0"])}
    refused("mixed sources", 400, "invalid", lambda: firewalls.insert_unary(**mixed))
    for source in ("999.1.1.1/99", "10.0.0.0/33", "2001:db8::/129", "10.0.0/8"):
        bad = {"project": PROJECT, "firewall_resource": rule("bad", source_ranges=[source])}
        refused(f"the source {source}", 400, "invalid", lambda bad=bad: firewalls.insert_unary(**bad))
    wrong = {"project": PROJECT, "firewall_resource": rule("Wrong_Name")}
    refused("a bad name", 400, "invalid", lambda: firewalls.insert_unary(**wrong))
    change = compute_v1.Firewall(source_ranges=["192.0.2.0/24"])
    done(firewalls.patch_unary(project=PROJECT, firewall="web-ssh", firewall_resource=change))
    changed = firewalls.get(project=PROJECT, firewall="web-ssh")
    expect("patched rule", (list(changed.source_ranges), changed.priority), (["192.0.2.0/24"], 900))
    found = firewalls.list(request={"project": PROJECT, "filter": 'name eq "web-.*"'})
    expect("found by expression", [item.name for item in found], ["web-ssh"])
    done(firewalls.delete_unary(project=PROJECT, firewall="web-ssh"))
    refused("a deleted rule", 404, "notFound", lambda: firewalls.get(project=PROJECT, firewall="web-ssh"))
    ok("firewalls")


def instance(name, **more):
    boot = compute_v1.AttachedDisk(
        boot=True,
        auto_delete=True,
        initialize_params=compute_v1.AttachedDiskInitializeParams(source_image=IMAGE, disk_size_gb=20),
    )
    nic = compute_v1.NetworkInterface(
        network="global/networks/default", access_configs=[compute_v1.AccessConfig(name="outside")]
    )
    fields = {
        "name": name,
        "machine_type": f"zones/{ZONE}/machineTypes/e2-small",
        "disks": [boot],
        "network_interfaces": [nic],
        "labels": LABELS,
        "tags": compute_v1.Tags(items=["web"]),
        "metadata": compute_v1.Metadata(items=[compute_v1.Items(key="user-data", value="#cloud-config\n{}\n")]),
        **more,
    }
    return compute_v1.Instance(**fields)


def insert(resource):
    return instances.insert_unary(instance_resource=resource, **here)


def making():
    operation = insert(instance("web"))
    expect("status at first", operation.status.name, "RUNNING")
    done(operation)
    listed = zone_operations.list(request={**here, "filter": f"name={operation.name}"})
    expect("listed operation", [item.operation_type for item in listed], ["insert"])
    made = instances.get(instance="web", **here)
    expect("instance", (made.status, dict(made.labels), list(made.tags.items)), ("RUNNING", LABELS, ["web"]))
    if not made.network_interfaces[0].access_configs[0].nat_i_p:
        sys.exit("the instance has no address")
    expect("boot disk", disks.get(disk="web", **here).size_gb, 20)
    refused("an instance twice", 409, "alreadyExists", lambda: insert(instance("web")))
    type_of_elsewhere = f"zones/{ZONE}/machineTypes/t2a-standard-1"
    refused("a type of elsewhere", 400, "invalid", lambda: insert(instance("arm", machine_type=type_of_elsewhere)))
    refused("no type", 400, "required", lambda: insert(instance("typeless", machine_type="")))
    refused("bad labels", 400, "invalid", lambda: insert(instance("labels", labels={"A": "b"})))
    refused("no disk", 400, "invalid", lambda: insert(instance("diskless", disks=[])))
    found = instances.list(request={**here, "filter": "labels.stack=test_gcp AND status=RUNNING"})
    expect("found by label", [item.name for item in found], ["web"])
    expect("not found", list(instances.list(request={**here, "filter": "labels.stack=other"})), [])
    of_list = {**here, "filter": 'networkInterfaces.network="default"'}
    refused("a filter of a list", 400, "invalid", lambda: list(instances.list(request=of_list)))
    everywhere = dict(instances.aggregated_list(project=PROJECT))
    expect("aggregated", [item.name for item in everywhere[f"zones/{ZONE}"].instances], ["web"])
    ok("instances")


def shown_as_given():
    account = compute_v1.ServiceAccount(email="web@example.com", scopes=["https://www.googleapis.com/auth/cloud-platform"])
    shield = compute_v1.ShieldedInstanceConfig(enable_secure_boot=True)
    more = {"hostname": "web.example.com", "service_accounts": [account], "shielded_instance_config": shield}
    done(insert(instance("given", **more)))
    given = instances.get(instance="given", **here)
    expect("host name", given.hostname, "web.example.com")
    [found] = given.service_accounts
    expect("service account", (found.email, list(found.scopes)), (account.email, list(account.scopes)))
    found = given.shielded_instance_config
    expect("shield", (found.enable_secure_boot, found.enable_vtpm, found.enable_integrity_monitoring), (True, True, True))
    done(instances.delete_unary(instance="given", **here))
    ok("shown as given")


def address_of(found):
    return found.network_interfaces[0].access_configs[0].nat_i_p


def changing():
    web = instances.get(instance="web", **here)
    labels = compute_v1.InstancesSetLabelsRequest(labels={"stack": "b"}, label_fingerprint=web.label_fingerprint)
    change = {"instance": "web", "instances_set_labels_request_resource": labels, **here}
    done(instances.set_labels_unary(**change))
    refused("an old fingerprint", 412, "conditionNotMet", lambda: instances.set_labels_unary(**change))
    metadata = compute_v1.Metadata(fingerprint=web.metadata.fingerprint, items=[compute_v1.Items(key="a", value="b")])
    done(instances.set_metadata_unary(instance="web", metadata_resource=metadata, **here))
    done(instances.set_tags_unary(instance="web", tags_resource=compute_v1.Tags(fingerprint=web.tags.fingerprint), **here))
    bigger = compute_v1.InstancesSetMachineTypeRequest(machine_type=f"zones/{ZONE}/machineTypes/e2-standard-2")
    to_bigger = {"instance": "web", "instances_set_machine_type_request_resource": bigger, **here}
    refused("another type while it runs", 400, None, lambda: instances.set_machine_type_unary(**to_bigger))
    before = address_of(web)
    done(instances.stop_unary(instance="web", **here))
    stopped = instances.get(instance="web", **here)
    expect("stopped", (stopped.status, address_of(stopped)), ("TERMINATED", ""))
    done(instances.set_machine_type_unary(**to_bigger))
    done(instances.start_unary(instance="web", **here))
    web = instances.get(instance="web", **here)
    found = (web.status, web.machine_type.split("/")[-1], dict(web.labels), list(web.tags.items))
    if address_of(web) in ("", before):
        sys.exit(f"the address after a start: {address_of(web)!r}, before it {before!r}")
    expect("changed", found, ("RUNNING", "e2-standard-2", {"stack": "b"}, []))
    recent = [item.operation_type for item in zone_operations.list(request={**here, "order_by": "creationTimestamp desc"})]
    expect("newest operations first", recent[:3], ["start", "setMachineType", "stop"])
    ok("changes")


def data_disks():
    resource = compute_v1.Disk(name="data", size_gb=10, type_=f"zones/{ZONE}/diskTypes/pd-balanced", labels=LABELS)
    done(disks.insert_unary(disk_resource=resource, **here))
    attached = compute_v1.AttachedDisk(source=f"zones/{ZONE}/disks/data", device_name="data")
    attach = {"instance": "web", "attached_disk_resource": attached, **here}
    done(instances.attach_disk_unary(**attach))
    data = disks.get(disk="data", **here)
    expect("user of the disk", [user.split("/")[-1] for user in data.users], ["web"])
    in_use = "resourceInUseByAnotherResource"
    refused("a disk in use", 400, in_use, lambda: disks.delete_unary(disk="data", **here))
    larger = compute_v1.DisksResizeRequest(size_gb=20)
    done(disks.resize_unary(disk="data", disks_resize_request_resource=larger, **here))
    expect("resized", disks.get(disk="data", **here).size_gb, 20)
    smaller = {"disk": "data", "disks_resize_request_resource": compute_v1.DisksResizeRequest(size_gb=5), **here}
    refused("a smaller disk", 400, "invalid", lambda: disks.resize_unary(**smaller))
    done(instances.detach_disk_unary(instance="web", device_name="data", **here))
    done(disks.delete_unary(disk="data", **here))
    refused("a deleted disk", 404, "notFound", lambda: disks.get(disk="data", **here))
    ok("disks")


def device_names():
    for name in ("one", "two", "three"):
        done(disks.insert_unary(disk_resource=compute_v1.Disk(name=name, size_gb=10), **here))

    def attach(name):
        attached = compute_v1.AttachedDisk(source=f"zones/{ZONE}/disks/{name}")
        done(instances.attach_disk_unary(instance="web", attached_disk_resource=attached, **here))
        return [disk.device_name.split("-")[-1] for disk in instances.get(instance="web", **here).disks]

    expect("a first disk", attach("one"), ["0", "1"])
    expect("a second disk", attach("two"), ["0", "1", "2"])
    done(instances.detach_disk_unary(instance="web", device_name="persistent-disk-1", **here))
    expect("a free number", attach("three"), ["0", "2", "1"])
    for name, number in (("two", 2), ("three", 1), ("one", None)):
        if number is not None:
            done(instances.detach_disk_unary(instance="web", device_name=f"persistent-disk-{number}", **here))
        done(disks.delete_unary(disk=name, **here))
    ok("device names")


def static_addresses():
    done(addresses.insert_unary(address_resource=compute_v1.Address(name="web"), **around))
    static = addresses.get(address="web", **around)
    expect("reserved", static.status, "RESERVED")
    nic = {"instance": "web", "network_interface": "nic0", **here}
    done(instances.delete_access_config_unary(access_config="outside", **nic))
    config = compute_v1.AccessConfig(name="outside", nat_i_p=static.address)
    done(instances.add_access_config_unary(access_config_resource=config, **nic))
    web = instances.get(instance="web", **here)
    expect("address of the instance", web.network_interfaces[0].access_configs[0].nat_i_p, static.address)
    done(instances.stop_unary(instance="web", **here))
    expect("static while stopped", address_of(instances.get(instance="web", **here)), static.address)
    done(instances.start_unary(instance="web", **here))
    expect("static after a start", address_of(instances.get(instance="web", **here)), static.address)
    expect("in use", addresses.get(address="web", **around).status, "IN_USE")
    in_use = "resourceInUseByAnotherResource"
    refused("an address in use", 400, in_use, lambda: addresses.delete_unary(address="web", **around))
    ok("addresses")


def promoted_addresses():
    """An address that was made static is nobody else's, whatever becomes of the instance that had it."""
    done(insert(instance("first")))
    promoted = address_of(instances.get(instance="first", **here))
    keep = {"address_resource": compute_v1.Address(name="promoted", address=promoted), **around}
    done(addresses.insert_unary(**keep))
    again = {"address_resource": compute_v1.Address(name="again", address=promoted), **around}
    refused("an address made static twice", 400, "invalid", lambda: addresses.insert_unary(**again))
    nic = {"instance": "first", "network_interface": "nic0", **here}
    done(instances.delete_access_config_unary(access_config="outside", **nic))
    outside = compute_v1.AccessConfig(name="outside")
    done(instances.add_access_config_unary(access_config_resource=outside, **nic))
    if address_of(instances.get(instance="first", **here)) == promoted:
        sys.exit("an instance got a static address that it did not ask for")
    done(addresses.insert_unary(address_resource=compute_v1.Address(name="other"), **around))
    if addresses.get(address="other", **around).address in (promoted, address_of(instances.get(instance="first", **here))):
        sys.exit("a static address is another's")
    done(instances.delete_unary(instance="first", **here))
    done(insert(instance("second")))
    if address_of(instances.get(instance="second", **here)) == promoted:
        sys.exit("an instance got a static address that it did not ask for")
    done(instances.delete_unary(instance="second", **here))
    for name in ("promoted", "other"):
        done(addresses.delete_unary(address=name, **around))
    ok("promoted addresses")


def removing():
    protect = {"instance": "web", **here}
    done(instances.set_deletion_protection_unary(request={"resource": "web", "deletion_protection": True, **here}))
    refused("a protected instance", 400, None, lambda: instances.delete_unary(**protect))
    done(instances.set_deletion_protection_unary(request={"resource": "web", "deletion_protection": False, **here}))
    done(instances.delete_unary(**protect))
    refused("a deleted instance", 404, "notFound", lambda: instances.get(**protect))
    refused("its boot disk", 404, "notFound", lambda: disks.get(disk="web", **here))
    expect("address set free", addresses.get(address="web", **around).status, "RESERVED")
    done(addresses.delete_unary(address="web", **around))
    expect("nothing is left", list(addresses.list(**around)), [])
    ok("deletion")


def outside_the_slice():
    snapshots = client(compute_v1.SnapshotsClient)
    refused("what is not simulated", 501, "notImplemented", lambda: list(snapshots.list(project=PROJECT)))
    ok("unsupported")


credentials()
catalog()
image_families()
network()
firewall_rules()
making()
shown_as_given()
changing()
data_disks()
device_names()
static_addresses()
promoted_addresses()
removing()
outside_the_slice()
