"""What the job has of AWS: objects in S3, and secrets by KMS."""

import contextlib
import hashlib
import io


def client(name):
    import boto3  # Glue has it; whoever tests the job in a folder need not.

    return boto3.client(name)


def open_object(bucket, key):
    """A context, not the body itself: that would hand out its socket, which does not notice where an answer breaks off."""
    return contextlib.closing(client("s3").get_object(Bucket=bucket, Key=key)["Body"])


# The second: two conditional writes at the same moment, of which S3 takes one.
TAKEN = ("PreconditionFailed", "ConditionalRequestConflict")


def only_where_none_is(params, **_):
    """As a header: Glue's boto3 may be older than the argument of that name."""
    params["headers"]["If-None-Match"] = "*"


class Store:
    """Objects by bucket and key. Nothing is ever deleted."""

    # A function of the module: workers get it by its name.
    open = staticmethod(open_object)

    def url(self, bucket, key):
        return f"s3://{bucket}/{key}"

    def read(self, bucket, key):
        with open_object(bucket, key) as body:
            return body.read()

    def write(self, bucket, key, body):
        client("s3").put_object(Bucket=bucket, Key=key, Body=body)

    def claim(self, bucket, key, body):
        """Puts an object where there is none; gives what stands there then, whoever put it."""
        s3 = client("s3")
        s3.meta.events.register("before-call.s3.PutObject", only_where_none_is)
        try:
            s3.put_object(Bucket=bucket, Key=key, Body=body)
        except s3.exceptions.ClientError as error:
            if error.response["Error"]["Code"] not in TAKEN:
                raise
            return self.read(bucket, key)
        return body

    def copy(self, bucket, key, to_bucket, to_key):
        """Within S3, in parts where it is long; nothing is there before it is whole."""
        client("s3").copy({"Bucket": bucket, "Key": key}, to_bucket, to_key)

    def list(self, bucket, prefix):
        pages = client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        return [found["Key"] for page in pages for found in page.get("Contents", [])]

    def describe(self, bucket, key):
        """What an object looks like from outside: enough to see that another one stands in its place."""
        head = client("s3").head_object(Bucket=bucket, Key=key)
        return [head["ETag"], head["ContentLength"], head.get("VersionId")]

    def hash(self, bucket, key):
        digest, size = hashlib.sha256(), 0
        with open_object(bucket, key) as body:
            for chunk in body.iter_chunks(1024 * 1024):
                digest.update(chunk)
                size += len(chunk)
        return {"sha256": digest.hexdigest(), "bytes": size}

    @contextlib.contextmanager
    def create(self, bucket, key):
        """A text that is put when it is whole."""
        text = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="")
        yield text
        text.flush()
        text.buffer.seek(0)
        client("s3").upload_fileobj(text.buffer, bucket, key)


def derive_secrets(leg):
    """A leg's secrets: MACs that its key makes, for whom its policy names. They are stored nowhere."""
    kms = client("kms")
    return {
        use: kms.generate_mac(KeyId=leg["key"], MacAlgorithm="HMAC_SHA_256", Message=message.encode())["Mac"]
        for use, message in leg["messages"].items()
    }
