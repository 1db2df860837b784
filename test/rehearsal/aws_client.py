# requires: boto3==1.44.5
"""Walks through the simulated EC2 API with the official client."""

import os
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

endpoint = os.environ["LANDFALL_ENDPOINT"]
common = dict(
    endpoint_url=endpoint,
    region_name="eu-central-1",
    aws_access_key_id="AKIAREHEARSAL0000000",
    aws_secret_access_key="rehearsal",
    config=Config(retries={"max_attempts": 1}),
)
ec2 = boto3.client("ec2", **common)


def ok(name):
    print("ok", name, flush=True)


def refused(code, work):
    try:
        work()
    except ClientError as error:
        found = error.response["Error"]["Code"]
        if found != code:
            sys.exit(f"expected {code}, got {found}: {error}")
        return
    sys.exit(f"expected {code}, but it was accepted")


from botocore import UNSIGNED

unsigned = boto3.client("ec2", endpoint_url=endpoint, region_name="eu-central-1", config=Config(signature_version=UNSIGNED))
refused("AuthFailure", unsigned.describe_instances)
stranger = boto3.client("ec2", **{**common, "aws_access_key_id": "AKIAREHEARSALSTRANGER"})
refused("AuthFailure", stranger.describe_instances)
nowhere = boto3.client("ec2", **{**common, "region_name": "mars-east-1"})
refused("AuthFailure", nowhere.describe_instances)
ok("a request without a signature, of another key, for no region")

assert boto3.client("sts", **common).get_caller_identity()["Account"]
ok("who am I")

images = ec2.describe_images(
    Owners=["099720109477"],
    Filters=[{"Name": "name", "Values": ["ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-*-server-*"]}],
)["Images"]
assert {image["Architecture"] for image in images} == {"x86_64", "arm64"}
ok("images by owner and name")

key = ec2.create_key_pair(KeyName="key", KeyType="ed25519")
refused("InvalidKeyPair.Duplicate", lambda: ec2.create_key_pair(KeyName="key"))
vpc = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"][0]["VpcId"]
group = ec2.create_security_group(GroupName="wall", Description="wall", VpcId=vpc)["GroupId"]
refused("InvalidGroup.Duplicate", lambda: ec2.create_security_group(GroupName="wall", Description="wall", VpcId=vpc))
ec2.authorize_security_group_ingress(
    GroupId=group,
    IpPermissions=[
        {
            "IpProtocol": "tcp",
            "FromPort": 22,
            "ToPort": 22,
            "IpRanges": [{"CidrIp": "0.0.0.0/0"}],
            "Ipv6Ranges": [{"CidrIpv6": "::/0"}],
        }
    ],
)
ok("key pairs and security groups")

image = next(image["ImageId"] for image in images if image["Architecture"] == "x86_64")
subnet = ec2.describe_subnets(Filters=[{"Name": "default-for-az", "Values": ["true"]}])["Subnets"][0]


def run(name, **more):
    options = dict(
        ImageId=image,
        InstanceType="t3.small",
        MinCount=1,
        MaxCount=1,
        KeyName="key",
        SecurityGroupIds=[group],
        SubnetId=subnet["SubnetId"],
        MetadataOptions={"HttpTokens": "required", "HttpPutResponseHopLimit": 1},
        TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": name}]}],
    )
    return ec2.run_instances(**{**options, **more})["Instances"][0]["InstanceId"]


refused("InvalidAMIID.NotFound", lambda: run("bad", ImageId="ami-00000000000000000"))
one = run("one")
ec2.get_waiter("instance_running").wait(InstanceIds=[one], WaiterConfig={"Delay": 1})
found = ec2.describe_instances(Filters=[{"Name": "tag:Name", "Values": ["one"]}])["Reservations"][0]["Instances"][0]
assert found["PublicIpAddress"] and found["SecurityGroups"][0]["GroupId"] == group
assert run("one more", ClientToken="token") == run("one more", ClientToken="token")
refused("IdempotentParameterMismatch", lambda: run("one more", ClientToken="token", InstanceType="t3.large"))
refused("InvalidParameterValue", lambda: run("much", UserData="x" * 16385))
refused("InvalidParameterValue", lambda: ec2.describe_instances(Filters=[{"Name": "colour", "Values": ["blue"]}]))
assert found["MetadataOptions"]["HttpTokens"] == "required"
ok("instances")

for number in range(3, 9):
    run(f"i{number}")
pages = list(ec2.get_paginator("describe_instances").paginate(PaginationConfig={"PageSize": 5}))
assert len(pages) > 1 and sum(len(page["Reservations"]) for page in pages) == 8
ok("pages")

zone = subnet["AvailabilityZone"]
volume = ec2.create_volume(AvailabilityZone=zone, Size=10, VolumeType="gp3", Encrypted=True)["VolumeId"]
ec2.attach_volume(Device="/dev/sdf", InstanceId=one, VolumeId=volume)
refused("VolumeInUse", lambda: ec2.delete_volume(VolumeId=volume))
refused("VolumeInUse", lambda: ec2.attach_volume(Device="/dev/sdg", InstanceId=one, VolumeId=volume))
refused("InvalidParameterValue", lambda: ec2.modify_volume(VolumeId=volume, Size=5))
assert ec2.modify_volume(VolumeId=volume, Size=20)["VolumeModification"]["TargetSize"] == 20
ec2.detach_volume(Device="/dev/sdf", InstanceId=one, VolumeId=volume)
ec2.attach_volume(Device="/dev/sdf", InstanceId=one, VolumeId=volume)
assert ec2.detach_volume(VolumeId=volume)["InstanceId"] == one
refused("IncorrectState", lambda: ec2.detach_volume(VolumeId=volume))
ec2.delete_volume(VolumeId=volume)
refused("InvalidVolume.NotFound", lambda: ec2.detach_volume(VolumeId=volume))
refused("InvalidParameterValue", lambda: ec2.create_volume(AvailabilityZone=zone, Size=0))
elsewhere = ec2.create_volume(AvailabilityZone="eu-central-1b" if zone != "eu-central-1b" else "eu-central-1a", Size=1)
attach = dict(Device="/dev/sdf", InstanceId=one, VolumeId=elsewhere["VolumeId"])
refused("InvalidVolume.ZoneMismatch", lambda: ec2.attach_volume(**attach))
ec2.delete_volume(VolumeId=elsewhere["VolumeId"])
refused("InvalidVolume.NotFound", lambda: ec2.describe_volumes(VolumeIds=[volume]))
address = ec2.allocate_address(Domain="vpc")
association = ec2.associate_address(AllocationId=address["AllocationId"], InstanceId=one)["AssociationId"]
assert ec2.describe_addresses()["Addresses"][0]["InstanceId"] == one
refused("InvalidIPAddress.InUse", lambda: ec2.release_address(AllocationId=address["AllocationId"]))
ec2.disassociate_address(AssociationId=association)
ec2.release_address(AllocationId=address["AllocationId"])
ok("volumes and addresses")

larger = dict(InstanceId=one, InstanceType={"Value": "t3.large"})
refused("IncorrectInstanceState", lambda: ec2.modify_instance_attribute(**larger))
ec2.stop_instances(InstanceIds=[one])
unknown = {**larger, "InstanceType": {"Value": "t9.large"}}
refused("InvalidInstanceAttributeValue", lambda: ec2.modify_instance_attribute(**unknown))
ec2.modify_instance_attribute(**larger)
ec2.start_instances(InstanceIds=[one])
assert ec2.describe_instances(InstanceIds=[one])["Reservations"][0]["Instances"][0]["InstanceType"] == "t3.large"
ok("another type")


def root_of(instance):
    mappings = ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]["BlockDeviceMappings"]
    return next(mapping["Ebs"] for mapping in mappings if mapping["DeviceName"] == "/dev/sda1")


mapping = {"DeviceName": "/dev/sda1", "Ebs": {"VolumeSize": 20}}
goes = root_of(run("root that goes", BlockDeviceMappings=[mapping]))
assert goes["DeleteOnTermination"]
mapping["Ebs"]["DeleteOnTermination"] = False
stays = root_of(run("root that stays", BlockDeviceMappings=[mapping]))
assert not stays["DeleteOnTermination"]
ok("root volumes")

refused("DependencyViolation", lambda: ec2.delete_security_group(GroupId=group))
ids = [
    instance["InstanceId"]
    for reservation in ec2.describe_instances()["Reservations"]
    for instance in reservation["Instances"]
]
ec2.terminate_instances(InstanceIds=ids)
ec2.get_waiter("instance_terminated").wait(InstanceIds=ids, WaiterConfig={"Delay": 1})
refused("IncorrectInstanceState", lambda: ec2.start_instances(InstanceIds=[one]))
assert [volume["VolumeId"] for volume in ec2.describe_volumes()["Volumes"]] == [stays["VolumeId"]]
ec2.delete_volume(VolumeId=stays["VolumeId"])
ec2.delete_security_group(GroupId=group)
ec2.delete_key_pair(KeyName="key")
ok("everything can be removed")

refused("UnsupportedOperation", lambda: ec2.create_vpc(CidrBlock="10.0.0.0/16"))
refused("UnsupportedOperation", lambda: boto3.client("sns", **common).list_topics())
ok("what is not supported says so")
