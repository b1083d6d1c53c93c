"""Buckets as folders, for the Glue job's tests and bench: what aws_store.py is on AWS."""

import functools
import hashlib
import pathlib
import shutil


def open_file(root, bucket, key):
    return open(pathlib.Path(root, bucket, key), "rb")


class Store:
    def __init__(self, root):
        self.root = root
        self.open = functools.partial(open_file, root)

    def path(self, bucket, key):
        return pathlib.Path(self.root, bucket, key)

    def url(self, bucket, key):
        return f"file://{self.path(bucket, key)}"

    def read(self, bucket, key):
        return self.path(bucket, key).read_bytes()

    def write(self, bucket, key, body):
        path = self.path(bucket, key)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)

    def claim(self, bucket, key, body):
        path = self.path(bucket, key)
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with open(path, "xb") as file:
                file.write(body)
        except FileExistsError:
            return path.read_bytes()
        return body

    def copy(self, bucket, key, to_bucket, to_key):
        target = self.path(to_bucket, to_key)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self.path(bucket, key), target)

    def list(self, bucket, prefix):
        top = pathlib.Path(self.root, bucket)
        return [str(path.relative_to(top)) for path in self.path(bucket, prefix).rglob("*") if path.is_file()]

    def describe(self, bucket, key):
        stat = self.path(bucket, key).stat()
        return [stat.st_ino, stat.st_size, stat.st_mtime_ns]

    def hash(self, bucket, key):
        body = self.path(bucket, key).read_bytes()
        return {"sha256": hashlib.sha256(body).hexdigest(), "bytes": len(body)}

    def create(self, bucket, key):
        path = self.path(bucket, key)
        path.parent.mkdir(parents=True, exist_ok=True)
        return open(path, "w", encoding="utf-8", newline="")
