# requires: hcloud==2.27.0
"""Walks through the simulated Hetzner API with the official client."""

import base64
import hashlib
import os
import sys

from hcloud import APIException, Client
from hcloud.actions import ActionFailedException
from hcloud.firewalls import FirewallResource, FirewallRule
from hcloud.images import Image
from hcloud.locations import Location
from hcloud.networks import Network
from hcloud.placement_groups import PlacementGroup
from hcloud.server_types import ServerType
from hcloud.servers import BoundServer, ServerCreatePublicNetwork
from hcloud.ssh_keys import SSHKey

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
assert key.fingerprint.replace(":", "") == hashlib.md5(base64.b64decode(key_text.split()[1])).hexdigest()
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
for port, source in [
    *[(bad, "0.0.0.0/0") for bad in ("x", "0", "70000", "90-80", "1-70000")],
    *[("22", bad) for bad in ("999.1.1.1/99", "10.0.0.0/33", "10.0.0.1", "2001:db8::/129", "2001:db8:::/64")],
]:
    bad_rule = FirewallRule(direction="in", protocol="tcp", port=port, source_ips=[source])
    refused("invalid_input", lambda: client.firewalls.create(name="bad", rules=[bad_rule]))
    refused("invalid_input", lambda: firewall.set_rules([bad_rule]))
ok("firewalls")


def create(name, **more):
    options = {
        "server_type": ServerType(name="cx23"),
        "image": Image(name="ubuntu-24.04"),
        "location": Location(name="nbg1"),
        "ssh_keys": [SSHKey(name="renamed")],
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
refused("invalid_input", lambda: create("two", ssh_keys=[SSHKey(name="key")]))
refused("invalid_input", lambda: create("two", networks=[Network(id=1)]))
refused("invalid_input", lambda: create("two", placement_group=PlacementGroup(id=1)))
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

refused("invalid_input", lambda: one.update(name="not_a_host"))
one.update(name="uno", labels={"x": "y"})
assert client.servers.get_by_id(one.id).labels == {"x": "y"}
refused("server_not_stopped", lambda: one.change_type(ServerType(name="cx33"), upgrade_disk=False))
stopping = one.power_off()
for command in (one.power_off, one.power_on, one.shutdown, one.reboot, one.reset):
    refused("locked", command)
refused("locked", lambda: one.rebuild(Image(name="debian-13")))
refused("locked", lambda: one.change_type(ServerType(name="cx33"), upgrade_disk=False))
assert client.servers.get_by_id(one.id).locked
stopping.wait_until_finished()
assert not client.servers.get_by_id(one.id).locked
one.change_type(ServerType(name="cx33"), upgrade_disk=False).wait_until_finished()
one.power_on().wait_until_finished()
one = client.servers.get_by_id(one.id)
assert one.server_type.name == "cx33" and one.status == "running" and one.primary_disk_size == 40
ok("power and type")

history = [action.command for action in one.get_actions(sort=["id:desc"])]
assert history[:3] == ["start_server", "change_server_type", "stop_server"], history
assert [action.command for action in one.get_actions(sort=["command"])] == sorted(history)
refused("invalid_input", lambda: one.get_actions(sort=["color"]))
refused("not_found", BoundServer(client.servers, {"id": 1}).get_actions)
ok("actions of a server")

refused("invalid_input", lambda: one.change_protection(delete=True))
refused("invalid_input", lambda: one.change_protection(delete=True, rebuild=False))
one.change_protection(delete=True, rebuild=True).wait_until_finished()
refused("protected", lambda: one.rebuild(Image(name="debian-13")))
refused("protected", one.delete)
one.change_protection(delete=False, rebuild=False).wait_until_finished()
rebuilt = one.rebuild(Image(name="debian-13"))
assert rebuilt.root_password is None
rebuilt.action.wait_until_finished()
assert client.servers.get_by_id(one.id).image.name == "debian-13"
keyless = create("keyless", ssh_keys=[])
for action in [keyless.action, *keyless.next_actions]:
    action.wait_until_finished()
assert keyless.root_password and keyless.server.rebuild(Image(name="debian-13")).root_password
keyless.server.delete().wait_until_finished()
ok("protection and rebuilding")

network = one.public_net.ipv6.network
inside, other = network.replace("::", "::53"), network.replace("::", ":0:0:0:0:1")
one.change_dns_ptr(inside, "dns.example.org").wait_until_finished()
one.change_dns_ptr(other, "www.example.org").wait_until_finished()
one.change_dns_ptr(one.public_net.ipv4.ip, "one.example.org").wait_until_finished()
refused("invalid_input", lambda: one.change_dns_ptr("2001:db8:ffff::1", "dns.example.org"))
refused("invalid_input", lambda: one.change_dns_ptr("192.0.2.1", "dns.example.org"))
net = client.servers.get_by_id(one.id).public_net
pointers = {entry["ip"]: entry["dns_ptr"] for entry in net.ipv6.dns_ptr}
assert pointers == {inside: "dns.example.org", network.replace("::", "::1"): "www.example.org"}, pointers
assert net.ipv4.dns_ptr == "one.example.org"
one.change_dns_ptr(inside, None).wait_until_finished()
assert len(client.servers.get_by_id(one.id).public_net.ipv6.dns_ptr) == 1
ok("reverse DNS")

volume = client.volumes.create(name="data", size=10, location=Location(name="nbg1"))
volume.action.wait_until_finished()
volume.volume.attach(one).wait_until_finished()
assert client.volumes.get_by_id(volume.volume.id).server.id == one.id
refused("volume_already_attached", lambda: volume.volume.attach(one))
refused("locked", volume.volume.delete)
refused("volume_already_attached", lambda: create("two", volumes=[volume.volume]))
refused("invalid_input", lambda: volume.volume.resize(10))
volume.volume.resize(20).wait_until_finished()
volume.volume.detach().wait_until_finished()
assert client.volumes.get_by_id(volume.volume.id).size == 20
refused("invalid_input", lambda: create("two", volumes=[volume.volume], location=Location(name="fsn1")))
holder = create("holder", volumes=[volume.volume])
assert [action.command for action in holder.next_actions] == ["start_server", "attach_volume"]
for action in holder.next_actions:
    action.wait_until_finished()
assert client.volumes.get_by_id(volume.volume.id).server.id == holder.server.id
holder.server.delete().wait_until_finished()
volume.volume.delete()
refused("not_found", lambda: client.volumes.get_by_id(volume.volume.id))
refused("invalid_input", lambda: client.volumes.create(name="small", size=5, location=Location(name="nbg1")))
ok("volumes")

address = client.primary_ips.create(type="ipv4", name="address", location=Location(name="nbg1"), auto_delete=False).primary_ip
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

several = [
    client.primary_ips.create(type=kind, name=f"{kind}-{number}", location=Location(name="nbg1")).primary_ip
    for kind in ("ipv4", "ipv6")
    for number in range(5)
]
assert len({address.ip for address in [*client.primary_ips.get_all(), *several]}) == len(client.primary_ips.get_all())
for address in several:
    address.delete()
stays = create("stays")
stays.action.wait_until_finished()
outlives = client.primary_ips.get_by_id(stays.server.public_net.primary_ipv4.id)
outlives.update(auto_delete=False)
stays.server.delete().wait_until_finished()
assert create("next").server.public_net.ipv4.ip != outlives.ip
outlives.delete()
ok("no address twice")

on_one = [FirewallResource(type="server", server=one)]
removing = firewall.remove_from_resources(on_one)
assert [action.command for action in removing] == ["remove_firewall"]
refused("firewall_resource_not_found", lambda: firewall.remove_from_resources(on_one))
assert [action.command for action in firewall.apply_to_resources(on_one)] == ["apply_firewall"]
firewall.remove_from_resources(on_one)
firewall.set_rules([])
firewall.delete()
for server in client.servers.get_all():
    server.delete().wait_until_finished()
client.ssh_keys.get_by_id(key.id).delete()
assert client.servers.get_all() == [] and client.primary_ips.get_all() == []
ok("everything can be removed")

refused("unsupported_error", client.load_balancers.get_all)
ok("what is not supported says so")
