"""Runs the Glue job in Spark's local mode. One session for many runs: orders come line by line.

Its one argument is a JSON object: `scratch`, a folder; `settings`, Spark's own; `measured`, where time counts; and `buckets`,
a folder that stands for S3, or none, where S3 is wherever AWS_ENDPOINT_URL says. Every line on stdin is a JSON object with `argv` and, for folders,
`secrets` (hexadecimal, by leg and use), or with `copy`, a Parquet file to scan and write plainly, `to`, where, and
`mixed`, whether its rows shall stand in an order that tells nothing; every
line that begins with `#` on stdout answers one.
"""

import json
import os
import pathlib
import sys
import time
import traceback

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).parent
ROOT = HERE.parents[2]
GLUE = str(ROOT / "lib/engine/glue")
sys.path[:0] = [GLUE, str(HERE)]
# Workers find the job's modules as its own process does.
os.environ["PYTHONPATH"] = os.pathsep.join([GLUE, str(HERE)])
os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable

import aws_store  # noqa: E402
import barter_job  # noqa: E402
import folder_store  # noqa: E402

LOCAL = {
    "spark.master": "local[2]",
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "2g",
    # Small data: compiling a query takes longer than running it.
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}

# As it is on a cluster: what Spark and Java find out by themselves.
MEASURED = {
    "spark.driver.extraJavaOptions": "",
    "spark.sql.codegen.wholeStage": "true",
    "spark.sql.codegen.factoryMode": "FALLBACK",
}


def of_s3():
    """S3 as Glue 5.1 reaches it: by S3A. Which committer that uses is the job's to say; how Spark comes to it differs."""
    commit = "org.apache.spark.internal.io.cloud"
    return {
        "spark.jars": ",".join(str(jar) for jar in sorted((ROOT / ".venv/spark-jars").glob("*.jar"))),
        "spark.hadoop.fs.s3.impl": "org.apache.hadoop.fs.s3a.S3AFileSystem",
        "spark.hadoop.fs.s3a.endpoint": os.environ["AWS_ENDPOINT_URL"],
        "spark.hadoop.fs.s3a.endpoint.region": os.environ["AWS_REGION"],
        "spark.hadoop.fs.s3a.path.style.access": "true",
        "spark.hadoop.fs.s3a.aws.credentials.provider": "com.amazonaws.auth.EnvironmentVariableCredentialsProvider",
        "spark.hadoop.mapreduce.outputcommitter.factory.scheme.s3": "org.apache.hadoop.fs.s3a.commit.S3ACommitterFactory",
        "spark.sql.sources.commitProtocolClass": f"{commit}.PathOutputCommitProtocol",
        "spark.sql.parquet.output.committer.class": f"{commit}.BindingParquetOutputCommitter",
    }


def open_session(scratch, settings, is_folder):
    local = {"spark.local.dir": f"{scratch}/spark", "spark.sql.warehouse.dir": f"{scratch}/warehouse"}
    return barter_job.open_session({**LOCAL, **({} if is_folder else of_s3()), **local, **settings})


def record_plans(spark, plans, wanted):
    """Lets every query that is run be explained in full, where that is asked for."""
    query = spark.sql

    def explained(sql):
        frame = query(sql)
        if wanted:
            plans.append(sql + "\n" + frame._jdf.queryExecution().toString())
        return frame

    spark.sql = explained


def time_steps(spark, steps):
    """Lets every step of a task be timed: what it is, seconds, and seconds of Spark's processor time."""

    def timed(do):
        def carry_out(run, step, *more):
            start, before = time.monotonic(), used(spark)
            do(run, step, *more)
            what = step.get("name") or step.get("table") or step.get("folder") or ""
            steps.append([f"{step.get('do', 'open')} {what}".strip(), time.monotonic() - start, used(spark) - before])

        return carry_out

    for name in vars(barter_job.Run).copy():
        if name.startswith("do_") or name == "open_delivery":
            setattr(barter_job.Run, name, timed(getattr(barter_job.Run, name)))


def used(spark):
    """Processor time of Spark's own process so far, in seconds; 0 where the system does not tell."""
    try:
        told = pathlib.Path(f"/proc/{spark.sparkContext._gateway.proc.pid}/stat").read_text()
    except OSError:
        return 0
    return sum(map(int, told.rpartition(")")[2].split()[11:13])) / os.sysconf("SC_CLK_TCK")


# What Java calls its threads, where it is not the work on rows.
KINDS = {"compilers": ("C1 ", "C2 "), "collector": ("G1 ", "GC "), "planning": ("Thread-",)}


def used_by_kind(spark):
    """Of the processor time of Spark's process so far what was not spent on rows, in seconds."""
    seconds = dict.fromkeys(KINDS, 0)
    for path in pathlib.Path(f"/proc/{spark.sparkContext._gateway.proc.pid}/task").glob("*/stat"):
        try:
            told = path.read_text()
        except OSError:
            continue
        thread = told.split("(", 1)[1]
        for kind, names in KINDS.items():
            if thread.startswith(names):
                seconds[kind] += sum(map(int, told.rpartition(")")[2].split()[11:13])) / os.sysconf("SC_CLK_TCK")
    return seconds


def run(order, buckets, spark):
    if "copy" in order:
        frame = spark.read.parquet(f"file://{order['copy']}")
        if order.get("mixed"):
            from pyspark.sql import functions

            place = functions.xxhash64(*frame.columns)
            frame = frame.repartition(place).sortWithinPartitions(place)
        frame.write.parquet(f"file://{order['to']}", compression="zstd", mode="overwrite")
        return
    if buckets is None:
        barter_job.run_task(order["argv"], aws_store.Store(), aws_store.derive_secrets, lambda: spark)
        return
    secrets = lambda leg: {use: bytes.fromhex(order["secrets"][leg["leg"]][use]) for use in leg["messages"]}
    barter_job.run_task(order["argv"], folder_store.Store(buckets), secrets, lambda: spark)


def main(scratch, settings, buckets=None, measured=False):
    spark = open_session(scratch, {**(MEASURED if measured else {}), **settings}, buckets is not None)
    plans = []
    wanted = []
    steps = []
    if measured:
        time_steps(spark, steps)
    record_plans(spark, plans, wanted)
    for line in sys.stdin:
        order = json.loads(line)
        plans.clear()
        steps.clear()
        wanted[:] = [True] if order.get("explain") else []
        before, kinds = used(spark), used_by_kind(spark)
        try:
            run(order, buckets, spark)
            answer = {"kind": "done"}
        except Exception as error:  # noqa: BLE001: the test looks into what was said
            trace = "".join(traceback.format_exception(error))
            answer = {"kind": "failed", "name": type(error).__name__, "message": str(error), "trace": trace}
        answer.update(plans=list(plans), steps=list(steps), processor=used(spark) - before)
        answer["kinds"] = {kind: seconds - kinds[kind] for kind, seconds in used_by_kind(spark).items()}
        print("#" + json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(**json.loads(sys.argv[1]))
