"""Puts the jars of spark-packages.txt into a folder: Spark itself fetches them."""

import pathlib
import shutil
import sys
import tempfile

from pyspark.sql import SparkSession


def main(listed, target):
    lines = [line.strip() for line in pathlib.Path(listed).read_text().splitlines()]
    wanted = [line for line in lines if line and not line.startswith(("#", "!"))]
    excluded = [line[1:] for line in lines if line.startswith("!")]
    with tempfile.TemporaryDirectory() as ivy:
        settings = {
            "spark.master": "local[1]",
            "spark.ui.enabled": "false",
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.jars.ivy": ivy,
            "spark.jars.packages": ",".join(wanted),
            "spark.jars.excludes": ",".join(excluded),
        }
        builder = SparkSession.builder
        for name, value in settings.items():
            builder = builder.config(name, value)
        builder.getOrCreate().stop()
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(pathlib.Path(ivy, "jars"), target)


main(*sys.argv[1:])
