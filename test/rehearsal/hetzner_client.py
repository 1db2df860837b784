# requires: hcloud==2.27.0
"""Walks through the simulated Hetzner API with the official client."""

import os
import sys

from hcloud import APIException, Client
from hcloud.actions import ActionFailedException
from hcloud.firewalls import FirewallResource, FirewallRule
from hcloud.images import Image
from hcloud.locations import Location
from hcloud.server_types import ServerType

endpoint = os.environ["LANDFALL_ENDPOINT"] + "/v1"
client = Client(token="a" * 64, api_endpoint=endpoint, poll_interval=0.1)
key_text = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBFJh0Yc8yOaRmY6wlh0fGSKqkHwA2FTnbPSsnPrLbcd someone"


def ok(name):
    print("ok", name, flush=True)


def refused(code, work):
    try:
        work()
    except APIException as error:
        if error.code != code:
            sys.exit(f"expected {code}, got {error.code}: {error.message}")
        return
    sys.exit(f"expected {code}, but it was accepted")


refused("unauthorized", lambda: Client(token="short", api_endpoint=endpoint).servers.get_all())
ok("a malformed token")

assert {location.name for location in client.locations.get_all()} >= {"nbg1", "fsn1", "hel1", "ash", "hil", "sin"}
assert client.locations.get_by_name("nbg1").network_zone == "eu-central"
cx23 = client.server_types.get_by_name("cx23")
assert (cx23.cores, cx23.memory, cx23.disk, cx23.architecture) == (2, 4, 40, "x86")
assert client.images.get_by_name_and_architecture("ubuntu-24.04", "arm").architecture == "arm"
ok("catalog")

key = client.ssh_keys.create(name="key", public_key=key_text, labels={"a": "b"})
assert client.ssh_keys.get_by_name("key").id == key.id
assert client.ssh_keys.get_by_fingerprint(key.fingerprint).id == key.id
refused("uniqueness_error", lambda: client.ssh_keys.create(name="other", public_key=key_text))
refused("invalid_input", lambda: client.ssh_keys.create(name="bad", public_key="nonsense"))
assert key.update(name="renamed").name == "renamed"
ok("SSH keys")

firewall = client.firewalls.create(
    name="wall",
    rules=[FirewallRule(direction="in", protocol="tcp", port="22", source_ips=["0.0.0.0/0", "::/0"])],
).firewall
refused("uniqueness_error", lambda: client.firewalls.create(name="wall"))
refused(
    "invalid_input",
    lambda: client.firewalls.create(
        name="bad", rules=[FirewallRule(direction="in", protocol="tcp", port="x", source_ips=["0.0.0.0/0"])]
    ),
)
ok("firewalls")


def create(name, **more):
    options = {
        "server_type": ServerType(name="cx23"),
        "image": Image(name="ubuntu-24.04"),
        "location": Location(name="nbg1"),
        "ssh_keys": [key],
        "labels": {"number": name},
    }
    return client.servers.create(name=name, **{**options, **more})


created = create("one", firewalls=[firewall], user_data="#cloud-config\n")
assert created.server.status == "initializing" and created.root_password is None
created.action.wait_until_finished()
for action in created.next_actions:
    action.wait_until_finished()
one = client.servers.get_by_name("one")
assert one.status == "running" and one.public_net.ipv4.ip and one.public_net.ipv6.ip.endswith("/64")
assert one.location.name == "nbg1"
assert [item.firewall.id for item in one.public_net.firewalls] == [firewall.id]
refused("uniqueness_error", lambda: create("one"))
refused("invalid_input", lambda: create("no_host_name"))
refused("invalid_input", lambda: create("two", server_type=ServerType(name="none")))
refused("invalid_server_type", lambda: create("two", server_type=ServerType(name="cx31")))
refused("invalid_input", lambda: create("two", location=Location(name="ash")))
refused("resource_in_use", firewall.delete)
ok("servers are made and refused")

for number in range(2, 9):
    create(f"server-{number}").action.wait_until_finished()
page = client.servers.get_list(page=2, per_page=3)
assert len(page.servers) == 3 and page.meta.pagination.total_entries == 8 and page.meta.pagination.next_page == 3
assert len(client.servers.get_all()) == 8
assert [server.name for server in client.servers.get_all(label_selector="number in (one, server-3)")] == ["one", "server-3"]
assert len(client.servers.get_all(label_selector="number!=one")) == 7
ok("pages and label selectors")

one.update(name="uno", labels={"x": "y"})
assert client.servers.get_by_id(one.id).labels == {"x": "y"}
refused("server_not_stopped", lambda: one.change_type(ServerType(name="cx33"), upgrade_disk=False))
one.power_off().wait_until_finished()
one.change_type(ServerType(name="cx33"), upgrade_disk=False).wait_until_finished()
one.power_on().wait_until_finished()
one = client.servers.get_by_id(one.id)
assert one.server_type.name == "cx33" and one.status == "running" and one.primary_disk_size == 40
ok("power and type")

volume = client.volumes.create(name="data", size=10, location=Location(name="nbg1"))
volume.action.wait_until_finished()
volume.volume.attach(one).wait_until_finished()
assert client.volumes.get_by_id(volume.volume.id).server.id == one.id
refused("volume_already_attached", lambda: volume.volume.attach(one))
refused("locked", volume.volume.delete)
volume.volume.resize(20).wait_until_finished()
volume.volume.detach().wait_until_finished()
assert client.volumes.get_by_id(volume.volume.id).size == 20
volume.volume.delete()
refused("not_found", lambda: client.volumes.get_by_id(volume.volume.id))
refused("invalid_input", lambda: client.volumes.create(name="small", size=5, location=Location(name="nbg1")))
ok("volumes")

address = client.primary_ips.create(type="ipv4", name="address", location=Location(name="nbg1"), auto_delete=False).primary_ip
from hcloud.servers import ServerCreatePublicNetwork

net = ServerCreatePublicNetwork(ipv4=address, enable_ipv4=True, enable_ipv6=False)
kept = create("kept", public_net=net)
kept.action.wait_until_finished()
assert kept.server.public_net.ipv4.ip == address.ip and kept.server.public_net.ipv6 is None
refused("primary_ip_assigned", address.delete)
kept.server.delete().wait_until_finished()
address = client.primary_ips.get_by_id(address.id)
assert address.assignee_id is None
address.delete()
ok("primary IPs")

firewall.remove_from_resources([FirewallResource(type="server", server=one)])
firewall.set_rules([])
firewall.delete()
for server in client.servers.get_all():
    server.delete().wait_until_finished()
client.ssh_keys.get_by_id(key.id).delete()
assert client.servers.get_all() == [] and client.primary_ips.get_all() == []
ok("everything can be removed")

refused("unsupported_error", client.load_balancers.get_all)
ok("what is not supported says so")
