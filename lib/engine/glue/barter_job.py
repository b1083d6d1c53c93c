"""One generic Glue job for both runs of a delivery's way through the room.

Glue 5.1: Spark 3.5.6, Python 3.11. It decides nothing: it is told a task and a run, reads the plan of that run, and
carries out what the plan says. This version checks its orders and then refuses: the work in Spark is not built, and
nothing is released that was not treated, measured and certified.

Arguments name objects and hashes. Key material never stands in them: Glue shows them to whoever may list its runs.
"""

import hashlib
import json
import re
import sys

# What every run is told, and what each must look like. Anything else would be part of a path.
ARGUMENTS = {
    "task": r"clean-and-count|treat-and-measure",
    "landing": r"[a-z0-9][a-z0-9.-]{2,62}",
    "lake": r"[a-z0-9][a-z0-9.-]{2,62}",
    "agreement": r"[a-z][a-z0-9-]{2,59}",
    "dataset": r"[a-z][a-z0-9_-]{0,30}",
    "run": r"[A-Za-z0-9_-]{1,80}",
    "delivery": r"[^\x00-\x1f]{1,1024}",
    "plan-sha256": r"[0-9a-f]{64}",
}


class Refused(Exception):
    """The run cannot be done as ordered. The message never holds a value of the data."""


def read_arguments(argv):
    """`--name value` pairs that this job knows, by name; those of Glue itself are left alone."""
    given = dict(zip(argv, argv[1:]))
    arguments = {}
    for name, pattern in ARGUMENTS.items():
        value = given.get(f"--{name}")
        if value is None:
            raise Refused(f"--{name} is missing: start this job by the room's workflow.")
        if not re.fullmatch(pattern, value):
            raise Refused(f"--{name} is not what it can be: start this job by the room's workflow.")
        arguments[name] = value
    folder = f"{arguments['agreement']}/{arguments['dataset']}/"
    if not arguments["delivery"].startswith(folder):
        raise Refused("--delivery is not of that agreement and dataset.")
    return arguments


def work_prefix(arguments):
    """Where the steps of the run leave their work to one another, in the landing bucket."""
    return f"_work/{arguments['agreement']}/{arguments['dataset']}/{arguments['run']}/"


def read_dataset(arguments, read_object):
    """The dataset as the run's plan has it. `read_object(bucket, key)` returns bytes."""
    written = read_object(arguments["landing"], f"{work_prefix(arguments)}plan.json")
    if hashlib.sha256(written).hexdigest() != arguments["plan-sha256"]:
        raise Refused("The plan is not the one that the delivery was taken in under.")
    try:
        plan = json.loads(written)
        version, agreement, datasets = plan["planVersion"], plan["agreement"]["id"], plan["datasets"]
        found = [dataset for dataset in datasets if dataset["id"] == arguments["dataset"]]
    except (ValueError, KeyError, TypeError) as error:
        raise Refused("The plan cannot be read.") from error
    if version != 1:
        raise Refused("The plan is of a version that this job does not know: deploy the room again.")
    if agreement != arguments["agreement"] or len(found) != 1:
        raise Refused("The plan is not of that agreement and dataset.")
    return found[0]


def run_task(argv, read_object):
    """Checks the orders of a run, and refuses to go on."""
    arguments = read_arguments(argv)
    dataset = read_dataset(arguments, read_object)
    raise Refused(
        f"{arguments['task']} of {arguments['agreement']}/{dataset['id']} is not done:"
        " this version of the job does no work in Spark. Nothing was written or released."
    )


def read_from_s3(bucket, key):
    import boto3  # Glue has it; whoever tests this file need not.

    return boto3.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()


if __name__ == "__main__":
    run_task(sys.argv[1:], read_from_s3)
