# requires: pydo==0.44.0
"""Walks through the simulated API of DigitalOcean with DigitalOcean's own client; LANDFALL_ENDPOINT says where it is."""

import json
import os
import sys
import time
import urllib.request

from azure.core.exceptions import HttpResponseError
from azure.core.pipeline.policies import SansIOHTTPPolicy
from pydo import Client

ENDPOINT = os.environ["LANDFALL_ENDPOINT"]
TOKEN = "dop_v1_" + "0123456789abcdef" * 4
PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBUXT7/OI6a+d8mQoOLqcQbGcNfd8GgFB0A3w0q1d0Xo someone@example.org"
REGION = "fra1"


class PlainBearer(SansIOHTTPPolicy):
    """The client's own policy insists on HTTPS, which an address of this computer does not need."""

    def __init__(self, token):
        super().__init__()
        self.token = token

    def on_request(self, request):
        request.http_request.headers["Authorization"] = f"Bearer {self.token}"


def client_with(token):
    # Errors are to be seen at once, not tried again.
    return Client(token, endpoint=ENDPOINT, authentication_policy=PlainBearer(token), retry_total=0)


client = client_with(TOKEN)


def check(name, condition, seen=None):
    if not condition:
        print(f"FAILED {name}: {seen!r}", file=sys.stderr)
        sys.exit(1)
    print(f"ok {name}")


def refused(name, status, code, call, text=""):
    """The call has to end in that status; some operations of the client give the body of a 404 instead of raising."""
    try:
        answer = call()
    except HttpResponseError as error:
        body = error.response.json() if error.response is not None else {}
        good = error.status_code == status and body.get("id") == code and text in body.get("message", "")
        check(name, good, (error.status_code, body))
        return
    good = isinstance(answer, dict) and answer.get("id") == code and text in answer.get("message", "")
    check(name, good, answer)


def until(name, read, done, seconds=15):
    end = time.monotonic() + seconds
    while True:
        seen = read()
        if done(seen):
            print(f"ok {name}")
            return seen
        if time.monotonic() > end:
            check(name, False, seen)
        time.sleep(0.1)


def wait_for_action(name, action):
    return until(
        name,
        lambda: client.actions.get(action["id"])["action"],
        lambda seen: seen["status"] == "completed" and seen["completed_at"] is not None,
    )


def account():
    check("account", client.account.get()["account"]["status"] == "active")
    for name, token in (("no such token", "wrong"), ("a token that is too short", TOKEN[:-1])):
        refused(name, 401, "Unauthorized", lambda token=token: client_with(token).account.get(), "authenticate")


def slash_at_the_end():
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with urllib.request.urlopen(urllib.request.Request(f"{ENDPOINT}/v2/regions/?per_page=1", headers=headers)) as answer:
        check("a slash at the end of a path", len(json.load(answer)["regions"]) == 1)


def choices():
    regions = client.regions.list(per_page=200)["regions"]
    check("regions", REGION in [region["slug"] for region in regions], regions)
    first = client.sizes.list(per_page=5)
    check("a page of sizes", len(first["sizes"]) == 5 and first["meta"]["total"] > 10, first["meta"])
    pages = first["links"]["pages"]
    check("links of the first page", "next" in pages and "last" in pages and "prev" not in pages, pages)
    slugs, page = [], 1
    while True:
        answer = client.sizes.list(per_page=5, page=page)
        slugs += [size["slug"] for size in answer["sizes"]]
        if "next" not in answer["links"].get("pages", {}):
            break
        page += 1
    check("all pages of sizes", len(slugs) == len(set(slugs)) == first["meta"]["total"], slugs)
    check("links of the last page", {"first", "prev"} <= set(answer["links"]["pages"]), answer["links"])
    image = client.images.get("ubuntu-24-04-x64")["image"]
    check("image by slug", image["distribution"] == "Ubuntu" and image["public"], image)
    check("image by id", client.images.get(image["id"])["image"]["slug"] == image["slug"])
    check("images of distributions", len(client.images.list(type="distribution")["images"]) > 2)
    refused("no such image", 404, "not_found", lambda: client.images.get("ubuntu-1-x64"))


def ssh_keys():
    key = client.ssh_keys.create({"name": "one", "public_key": PUBLIC_KEY})["ssh_key"]
    check("SSH key", key["public_key"] == PUBLIC_KEY and key["fingerprint"].count(":") == 15, key)
    check("SSH key by fingerprint", client.ssh_keys.get(key["fingerprint"])["ssh_key"]["id"] == key["id"])
    again = {"name": "two", "public_key": PUBLIC_KEY.replace("someone", "other")}
    refused("the same key twice", 422, "unprocessable_entity", lambda: client.ssh_keys.create(again), "already in use")
    bad = {"name": "bad", "public_key": "ssh-ed25519 nonsense"}
    refused("a key that is none", 422, "unprocessable_entity", lambda: client.ssh_keys.create(bad))
    renamed = client.ssh_keys.update(key["id"], {"name": "three"})["ssh_key"]
    check("SSH key renamed", renamed["name"] == "three", renamed)
    check("SSH keys", [each["id"] for each in client.ssh_keys.list()["ssh_keys"]] == [key["id"]])
    return key


def volumes():
    wanted = {"name": "data", "region": REGION, "size_gigabytes": 10, "tags": ["stack:one"]}
    volume = client.volumes.create(wanted)["volume"]
    check("volume", volume["size_gigabytes"] == 10 and volume["droplet_ids"] == [], volume)
    refused("the same volume twice", 409, "conflict", lambda: client.volumes.create(wanted))
    for name, change in (("name", {"name": "Data_1"}), ("size", {"size_gigabytes": 0}), ("region", {"region": "mars1"})):
        body = {**wanted, "name": "other", **change}
        refused(f"volume with a bad {name}", 422, "unprocessable_entity", lambda body=body: client.volumes.create(body))
    found = client.volumes.list(name="data", region=REGION)["volumes"]
    check("volume by name", [each["id"] for each in found] == [volume["id"]], found)
    check("volumes of another region", client.volumes.list(region="nyc1")["volumes"] == [])
    action = client.volume_actions.post_by_id(volume["id"], {"type": "resize", "size_gigabytes": 20, "region": REGION})
    wait_for_action("volume grows", action["action"])
    check("size of the volume", client.volumes.get(volume["id"])["volume"]["size_gigabytes"] == 20)
    smaller = {"type": "resize", "size_gigabytes": 5}
    shrink = lambda: client.volume_actions.post_by_id(volume["id"], smaller)  # noqa: E731
    refused("volume shrinks", 422, "unprocessable_entity", shrink)
    return volume


def droplet_refusals(good):
    for name, change, text in (
        ("size", {"size": "s-1000vcpu"}, "invalid size"),
        ("image", {"image": "ubuntu-1-x64"}, "invalid image"),
        ("region", {"region": "mars1"}, "invalid region"),
        ("name", {"name": "not a name"}, "hostname"),
        ("missing name", {"name": None}, "blank"),
        ("SSH key", {"ssh_keys": [1]}, "invalid key identifiers"),
        ("size for that region", {"size": "g-2vcpu-8gb", "region": "syd1"}, "Size is not available in this region."),
        ("tag", {"tags": ["a b"]}, "Tag names"),
        ("type of a field", {"ipv6": "yes"}, "ipv6"),
        ("network", {"vpc_uuid": "5a4981aa-9653-4bd1-bef5-d6bff52042e4"}, "VPC"),
    ):
        body = {**good, **change}
        call = lambda body=body: client.droplets.create(body)  # noqa: E731
        refused(f"droplet with a bad {name}", 422, "unprocessable_entity", call, text)


def droplets(key, volume):
    good = {
        "name": "one.example.org",
        "region": REGION,
        "size": "s-1vcpu-1gb",
        "image": "ubuntu-24-04-x64",
        "ssh_keys": [key["id"]],
        "ipv6": True,
        "monitoring": True,
        "tags": ["stack:one", "project:x"],
        "volumes": [volume["id"]],
        "user_data": "#cloud-config\n",
    }
    droplet_refusals(good)
    answer = client.droplets.create(good)
    droplet, link = answer["droplet"], answer["links"]["actions"][0]
    check("new droplet", droplet["status"] == "new" and droplet["locked"], droplet)
    check("new droplet has no address", droplet["networks"] == {"v4": [], "v6": []}, droplet["networks"])
    act = lambda body: client.droplet_actions.post(droplet["id"], body)  # noqa: E731
    refused("action on a busy droplet", 422, "unprocessable_entity", lambda: act({"type": "reboot"}), "pending event")
    wait_for_action("droplet made", link)
    droplet = client.droplets.get(droplet["id"])["droplet"]
    check("active droplet", droplet["status"] == "active" and not droplet["locked"], droplet)
    check("droplet's volume", droplet["volume_ids"] == [volume["id"]], droplet["volume_ids"])
    check("droplet's features", {"ipv6", "monitoring"} <= set(droplet["features"]), droplet["features"])
    kinds = sorted(network["type"] for network in droplet["networks"]["v4"])
    check("droplet's addresses", kinds == ["private", "public"] and len(droplet["networks"]["v6"]) == 1, droplet)
    second = client.droplets.create({**good, "volumes": [], "tags": ["stack:two"]})
    check("a name may be used twice", second["droplet"]["id"] != droplet["id"])
    wait_for_action("second droplet made", second["links"]["actions"][0])
    beside = client.droplets.create({**good, "name": "beside", "volumes": [], "tags": [], "vpc_uuid": droplet["vpc_uuid"]})
    check("a droplet in a network that exists", beside["droplet"]["vpc_uuid"] == droplet["vpc_uuid"], beside)
    client.droplets.destroy(beside["droplet"]["id"])
    tagged = client.droplets.list(tag_name="stack:one")["droplets"]
    check("droplets by tag", [each["id"] for each in tagged] == [droplet["id"]], tagged)
    check("droplets by name", len(client.droplets.list(name="ONE.example.org")["droplets"]) == 2)
    page = client.droplets.list(per_page=1, page=2)
    check("second page of droplets", len(page["droplets"]) == 1 and page["meta"]["total"] == 2, page["meta"])
    several = client.droplets.create({**good, "name": None, "names": ["a", "b"], "volumes": [], "tags": ["stack:more"]})
    check("two droplets at once", [each["name"] for each in several["droplets"]] == ["a", "b"], several)
    client.droplets.destroy_by_tag(tag_name="stack:more")
    check("droplets destroyed by tag", client.droplets.list()["meta"]["total"] == 2)
    refused("no such droplet", 404, "not_found", lambda: client.droplets.get(1))
    return droplet, second["droplet"]


def droplet_actions(droplet):
    act = lambda body: client.droplet_actions.post(droplet["id"], body)  # noqa: E731
    read = lambda: client.droplets.get(droplet["id"])["droplet"]  # noqa: E731
    resize = {"type": "resize", "size": "s-2vcpu-4gb", "disk": True}
    refused("resize while it runs", 422, "unprocessable_entity", lambda: act(resize))
    wait_for_action("shutdown", act({"type": "shutdown"})["action"])
    check("droplet is off", read()["status"] == "off")
    refused("power off twice", 422, "unprocessable_entity", lambda: act({"type": "power_off"}), "already powered off")
    wait_for_action("resize", act(resize)["action"])
    check("new size", read()["size_slug"] == "s-2vcpu-4gb" and read()["disk"] == 80 and read()["memory"] == 4096, read())
    smaller = {"type": "resize", "size": "s-1vcpu-1gb", "disk": False}
    refused("resize below the disk", 422, "unprocessable_entity", lambda: act(smaller))
    action = act({"type": "power_on"})["action"]
    own = client.droplet_actions.get(droplet["id"], action["id"])["action"]
    check("action of the droplet", own["type"] == "power_on" and own["status"] == "in-progress", own)
    wait_for_action("power on", action)
    wait_for_action("rename", act({"type": "rename", "name": "two.example.org"})["action"])
    check("new name", read()["name"] == "two.example.org")
    listed = client.droplet_actions.list(droplet["id"])["actions"]
    check("actions, newest first", [each["type"] for each in listed[:2]] == ["rename", "power_on"], listed)
    wait_for_action("rebuild", act({"type": "rebuild", "image": "debian-13-x64"})["action"])
    check("new image", read()["image"]["slug"] == "debian-13-x64" and read()["status"] == "active", read())
    unknown = {"type": "rebuild", "image": "ubuntu-1-x64"}
    refused("rebuild from no such image", 422, "unprocessable_entity", lambda: act(unknown), "invalid image")
    refused("no such action", 422, "unprocessable_entity", lambda: act({"type": "explode"}))
    refused("an action beyond the slice", 501, "not_implemented", lambda: act({"type": "snapshot", "name": "s"}))


def firewalls(droplet):
    everybody = {"addresses": ["0.0.0.0/0", "::/0"]}
    good = {
        "name": "one",
        "inbound_rules": [{"protocol": "tcp", "ports": "22", "sources": everybody}],
        "outbound_rules": [{"protocol": "icmp", "ports": "0", "destinations": everybody}],
        "droplet_ids": [droplet["id"]],
        "tags": None,
    }
    firewall = client.firewalls.create(good)["firewall"]
    check("new firewall", firewall["status"] == "waiting" and len(firewall["pending_changes"]) == 1, firewall)
    read = lambda: client.firewalls.get(firewall["id"])["firewall"]  # noqa: E731
    ready = until("firewall takes effect", read, lambda seen: seen["status"] == "succeeded")
    check("rules", ready["inbound_rules"][0]["sources"] == everybody, ready)
    refused("the same firewall twice", 409, "conflict", lambda: client.firewalls.create(good), "duplicate name")
    rule = good["inbound_rules"][0]
    for name, change in (
        ("name", {"name": "a_b"}),
        ("no rules", {"inbound_rules": [], "outbound_rules": []}),
        ("protocol", {"inbound_rules": [{**rule, "protocol": "esp"}]}),
        ("ports", {"inbound_rules": [{**rule, "ports": "70000"}]}),
        ("action", {"inbound_rules": [{**rule, "action": "maybe"}]}),
        ("address", {"inbound_rules": [{**rule, "sources": {"addresses": ["999.1.1.1/99"]}}]}),
        ("range", {"inbound_rules": [{**rule, "sources": {"addresses": ["10.0.0.0/33"]}}]}),
        ("IPv6 range", {"inbound_rules": [{**rule, "sources": {"addresses": ["2001:db8::/129"]}}]}),
        ("droplet", {"droplet_ids": [1]}),
        ("tag", {"tags": ["nobody:has-it"]}),
    ):
        body = {**good, "name": "other", **change}
        call = lambda body=body: client.firewalls.create(body)  # noqa: E731
        refused(f"firewall with a bad {name}", 422, "unprocessable_entity", call)
    more = {"inbound_rules": [{"protocol": "udp", "ports": "all", "sources": everybody}]}
    client.firewalls.add_rules(firewall["id"], more)
    check("all ports are 0", read()["inbound_rules"][1]["ports"] == "0", read())
    client.firewalls.delete_rules(firewall["id"], more)
    check("rules allow unless they say otherwise", {each["action"] for each in read()["inbound_rules"]} == {"allow"})
    denied = {"inbound_rules": [{**rule, "action": "deny", "sources": {"addresses": ["192.0.2.7", "2001:db8::/32"]}}]}
    client.firewalls.add_rules(firewall["id"], denied)
    check("a rule that denies", [each["action"] for each in read()["inbound_rules"]] == ["allow", "deny"], read())
    client.firewalls.delete_rules(firewall["id"], {"inbound_rules": [{**denied["inbound_rules"][0], "action": "allow"}]})
    check("only the same rule is removed", len(read()["inbound_rules"]) == 2, read())
    client.firewalls.delete_rules(firewall["id"], denied)
    client.firewalls.delete_droplets(firewall["id"], {"droplet_ids": [droplet["id"]]})
    check("rule and droplet removed", len(read()["inbound_rules"]) == 1 and read()["droplet_ids"] == [], read())
    client.firewalls.add_tags(firewall["id"], {"tags": ["stack:one"]})
    of_droplet = client.droplets.list_firewalls(droplet["id"])["firewalls"]
    check("firewall of a droplet by tag", [each["id"] for each in of_droplet] == [firewall["id"]], of_droplet)
    client.firewalls.delete_tags(firewall["id"], {"tags": ["stack:one"]})
    changed = client.firewalls.update(firewall["id"], {**good, "name": "renamed"})["firewall"]
    check("firewall replaced", changed["name"] == "renamed" and changed["droplet_ids"] == [droplet["id"]], changed)
    return firewall


def tags(droplet, volume):
    tag = client.tags.get("stack:one")["tag"]
    check("tag counts", tag["resources"]["count"] == 2 and tag["resources"]["volumes"]["count"] == 1, tag)
    check("tag made twice", client.tags.create({"name": "extra"}) == client.tags.create({"name": "extra"}))
    on = {"resources": [{"resource_id": str(droplet["id"]), "resource_type": "droplet"}]}
    client.tags.assign_resources("extra", on)
    check("droplet tagged", "extra" in client.droplets.get(droplet["id"])["droplet"]["tags"])
    client.tags.unassign_resources("extra", on)
    check("droplet untagged", "extra" not in client.droplets.get(droplet["id"])["droplet"]["tags"])
    client.tags.assign_resources("extra", {"resources": [{"resource_id": volume["id"], "resource_type": "volume"}]})
    client.tags.delete("extra")
    check("tag deleted everywhere", "extra" not in client.volumes.get(volume["id"])["volume"]["tags"])
    refused("no such tag", 404, "not_found", lambda: client.tags.get("extra"))


def addresses(droplet, other):
    address = client.reserved_ips.create({"region": REGION})["reserved_ip"]
    check("reserved IP", address["droplet"] is None and not address["locked"], address)
    act = lambda body: client.reserved_ips_actions.post(address["ip"], body)  # noqa: E731
    read = lambda: client.reserved_ips.get(address["ip"])["reserved_ip"]  # noqa: E731
    refused("unassign a free address", 422, "unprocessable_entity", lambda: act({"type": "unassign"}))
    action = act({"type": "assign", "droplet_id": droplet["id"]})["action"]
    own = client.reserved_ips_actions.get(address["ip"], action["id"])["action"]
    check("action of the address", own["type"] == "assign_ip" and own["resource_type"] == "reserved_ip", own)
    wait_for_action("assign", action)
    check("assigned", read()["droplet"]["id"] == droplet["id"], read())
    wait_for_action("move to another droplet", act({"type": "assign", "droplet_id": other["id"]})["action"])
    check("moved", read()["droplet"]["id"] == other["id"])
    elsewhere = client.reserved_ips.create({"region": "nyc1"})["reserved_ip"]
    far = lambda: client.reserved_ips_actions.post(  # noqa: E731
        elsewhere["ip"], {"type": "assign", "droplet_id": droplet["id"]}
    )
    refused("assign across regions", 422, "unprocessable_entity", far, "same region")
    client.reserved_ips.delete(elsewhere["ip"])
    client.droplets.destroy(other["id"])
    check("address outlives its droplet", read()["droplet"] is None)
    check("reserved IPs", [each["ip"] for each in client.reserved_ips.list()["reserved_ips"]] == [address["ip"]])
    client.reserved_ips.delete(address["ip"])
    refused("no such address", 404, "not_found", lambda: client.reserved_ips.get(address["ip"]))


def volume_actions(droplet, volume):
    delete = lambda: client.volumes.delete(volume["id"])  # noqa: E731
    refused("delete an attached volume", 409, "conflict", delete, "attached")
    act = lambda kind: client.volume_actions.post_by_id(  # noqa: E731
        volume["id"], {"type": kind, "droplet_id": droplet["id"], "region": REGION}
    )
    refused("attach twice", 422, "unprocessable_entity", lambda: act("attach"))
    detaching = act("detach")["action"]
    refused("delete a volume that is being detached", 422, "unprocessable_entity", delete, "pending event")
    wait_for_action("detach", detaching)
    check("detached", client.volumes.get(volume["id"])["volume"]["droplet_ids"] == [])
    wait_for_action("attach", act("attach")["action"])
    check("attached", client.volumes.get(volume["id"])["volume"]["droplet_ids"] == [droplet["id"]])
    check("actions of the volume", client.volume_actions.list(volume["id"])["meta"]["total"] >= 3)


def end(droplet, volume, firewall, key):
    client.droplets.destroy(droplet["id"])
    check("volume outlives its droplet", client.volumes.get(volume["id"])["volume"]["droplet_ids"] == [])
    check("firewall lets go of it", client.firewalls.get(firewall["id"])["firewall"]["droplet_ids"] == [])
    client.firewalls.delete(firewall["id"])
    client.volumes.delete(volume["id"])
    client.ssh_keys.delete(key["id"])
    for tag in client.tags.list(per_page=200)["tags"]:
        client.tags.delete(tag["name"])
    refused("an operation beyond the slice", 501, "not_implemented", lambda: client.load_balancers.list())
    totals = [
        client.droplets.list()["meta"]["total"],
        client.volumes.list()["meta"]["total"],
        client.firewalls.list()["meta"]["total"],
        client.ssh_keys.list()["meta"]["total"],
        client.tags.list()["meta"]["total"],
        client.reserved_ips.list()["meta"]["total"],
    ]
    check("nothing is left", totals == [0] * len(totals), totals)
    check("default networks", client.vpcs.list()["vpcs"][0]["default"])


def main():
    account()
    slash_at_the_end()
    choices()
    key = ssh_keys()
    volume = volumes()
    droplet, other = droplets(key, volume)
    droplet_actions(droplet)
    firewall = firewalls(droplet)
    tags(droplet, volume)
    addresses(droplet, other)
    volume_actions(droplet, volume)
    end(droplet, volume, firewall, key)


main()
