"""Serves moto on a free port until the file that is named is gone, or the process that started this one."""

import logging
import os
import sys
import time

import boto3
from moto.moto_server.threaded_moto_server import ThreadedMotoServer

logging.getLogger("werkzeug").setLevel(logging.ERROR)
marker = sys.argv[1]
parent = os.getppid()
session = boto3.Session()
partitions = session.get_available_partitions()
print("regions", *(name for one in partitions for name in session.get_available_regions("ec2", one)), flush=True)
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print("port", server.get_host_and_port()[1], flush=True)
while os.path.exists(marker) and os.getppid() == parent:
    time.sleep(0.2)
os._exit(0)
