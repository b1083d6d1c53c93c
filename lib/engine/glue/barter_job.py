"""One generic Glue job for both runs of a delivery's way through the room.

Glue 5.1: Spark 3.5.6, Python 3.11. It decides nothing: it is told a task and a run, reads the orders that were left for that
run, and carries them out step by step. What is done to which column is SQL, written where the plan was read.

Arguments name objects and hashes. Key material never stands in them: Glue shows them to whoever may list its runs. It is
derived by KMS when it is needed, and reaches Spark inside a function, so that no plan, statement or file shows it.
"""

import functools
import hashlib
import json
import re
import sys
import uuid

import delivered_texts
import failures
from failures import Refused

# What every run is told, and what each must look like. Anything else would be part of a path.
ARGUMENTS = {
    "task": r"clean-and-count|treat-and-measure",
    "landing": r"[a-z0-9][a-z0-9.-]{2,62}",
    "lake": r"[a-z0-9][a-z0-9.-]{2,62}",
    "agreement": r"[a-z][a-z0-9-]{2,59}",
    "dataset": r"[a-z][a-z0-9_-]{0,30}",
    "run": r"[A-Za-z0-9_-]{1,80}",
    "delivery": r"[^\x00-\x1f]{1,1024}",
    "orders-sha256": r"[0-9a-f]{64}",
}

# What the dialect counts on. Days before 1582 stay what they are, overflow fails, names differ by case, and nothing in a
# text is replaced. What goes to local disks is encrypted: it is raw.
SETTINGS = {
    # Uploads that are completed or not, by S3A's magic committer: nothing is renamed, and nothing need be deleted, which the
    # role may not. What is left of a committer under `__magic` holds no values.
    "spark.hadoop.fs.s3a.committer.abort.pending.uploads": "false",
    "spark.hadoop.fs.s3a.committer.magic.enabled": "true",
    "spark.hadoop.fs.s3a.committer.name": "magic",
    "spark.hadoop.fs.s3a.directory.marker.retention": "keep",
    "spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs": "false",
    "spark.io.encryption.enabled": "true",
    # What the driver would log of a task that failed quotes values of rows. What may be said of it, `failures` says.
    "spark.log.level": "OFF",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "true",
    # A run has more generated classes than Spark remembers by itself: it would compile them over and over, for every task.
    "spark.sql.codegen.cache.maxEntries": "2000",
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.legacy.parquet.nanosAsLong": "true",
    # All tables of a folder are written at once: rows need not be sorted by the table that they are of.
    "spark.sql.maxConcurrentOutputFileWriters": "50",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.sql.parquet.int96RebaseModeInRead": "CORRECTED",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.variable.substitute": "false",
}

# What a worker would log of a task that failed quotes values of rows, too: it logs nothing. There is no file of that name.
WORKER_OPTIONS = "spark.executor.extraJavaOptions"
SILENT = "-Dlog4j2.configurationFile=none -Dlog4j2.level=OFF"


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


def read_orders(arguments, store):
    """What the run is to do."""
    written = store.read(arguments["landing"], f"{work_prefix(arguments)}orders.json")
    if hashlib.sha256(written).hexdigest() != arguments["orders-sha256"]:
        raise Refused("The orders are not those that the delivery was taken in under.")
    try:
        orders = json.loads(written)
        version, agreement, dataset = orders["ordersVersion"], orders["agreement"], orders["dataset"]
        orders["tasks"][arguments["task"]], orders["delivery"]["kind"]
    except (ValueError, KeyError, TypeError) as error:
        raise Refused("The orders cannot be read.") from error
    if version != 1:
        raise Refused("The orders are of a version that this job does not know: deploy the room again.")
    if (agreement, dataset) != (arguments["agreement"], arguments["dataset"]):
        raise Refused("The orders are not of that agreement and dataset.")
    return orders


def begin_task(arguments, store):
    """A task is begun once. Whoever starts a job and is not answered starts it again: two at work would leave each row twice."""
    own = uuid.uuid4().hex.encode()
    if store.claim(arguments["landing"], f"{work_prefix(arguments)}begun/{arguments['task']}", own) != own:
        raise Refused("This task of the run was begun before: take the delivery out of quarantine and start it anew.")


def run_task(argv, store, derive_secrets, open_spark):
    """Carries out one task of a run, which nobody has begun before.

    `store` reads and writes objects of buckets; `derive_secrets` makes a leg's secrets by what the orders say of them, 32
    bytes per use; `open_spark` gives a session with `SETTINGS`. Raises `Refused` or `Failed`.
    """
    try:
        carry_out(argv, store, derive_secrets, open_spark)
        return
    except Refused:
        raise
    except Exception as error:
        told = failures.tell(error)
    raise told


def carry_out(argv, store, derive_secrets, open_spark):
    arguments = read_arguments(argv)
    orders = read_orders(arguments, store)
    begin_task(arguments, store)
    run = Run(arguments, store, derive_secrets, open_spark())
    run.open_delivery(orders["delivery"])
    for step in orders["tasks"][arguments["task"]]:
        getattr(run, f"do_{step['do']}")(step)
    run.confirm_delivery()


class Run:
    """One task under way: the steps of job-orders.ts, each a method."""

    def __init__(self, arguments, store, derive_secrets, spark):
        self.arguments, self.store, self.derive_secrets, self.spark = arguments, store, derive_secrets, spark
        self.landing, self.lake = arguments["landing"], arguments["lake"]
        self.work = work_prefix(arguments)
        self.cached, self.empty, self.released, self.beside = [], set(), [], 0
        self.before = store.describe(self.landing, arguments["delivery"])

    def open_delivery(self, order):
        """Names the view `delivered`. Text is parsed once, by the first run."""
        if order["kind"] == "parquet":
            url = self.store.url(self.landing, self.arguments["delivery"])
            given = self.spark.read.option("globPaths", "false").parquet(url).selectExpr(*order["columns"])
            given.createOrReplaceTempView("delivered")
            return
        if self.arguments["task"] == "clean-and-count":
            self.keep("delivered_texts", self.parse_delivery(order))
        else:
            self.load("delivered_texts")
        self.spark.table("delivered_texts").where("bad IS NULL").drop("bad").createOrReplaceTempView("delivered")
        bad = self.spark.table("delivered_texts").where("bad IS NOT NULL").withColumnRenamed("bad", "reason")
        bad.createOrReplaceTempView("bad_records")

    def parse_delivery(self, order):
        count = len(order["fields"] if order["kind"] == "csv" else order["columns"])
        given = ", ".join(f"given_{place} STRING" for place in range(count))
        read = functools.partial(read_texts, self.store.open, self.landing, self.arguments["delivery"], order)
        rows = self.spark.sparkContext.parallelize([0], 1).mapPartitions(read)
        return self.spark.createDataFrame(rows, f"position BIGINT, bad STRING, {given}", verifySchema=False)

    def confirm_delivery(self):
        """Queries read the file again and again: what was hashed must be what was released."""
        if self.store.describe(self.landing, self.arguments["delivery"]) != self.before:
            raise Refused("The delivery was changed while it was read. Deliver it again.")
        for frame in self.cached:
            frame.unpersist()

    def do_view(self, step):
        self.spark.sql(step["sql"]).createOrReplaceTempView(step["name"])

    def do_cache(self, step):
        from pyspark.sql import functions

        frame = self.spark.sql(step["sql"])
        if not self.shows_nothing(frame, step["sql"]):
            frame = (frame.repartition(step["by"]) if "by" in step else frame.repartition(1) if "whole" in step else frame)
            frame.persist()
            if frame.count() > 0:
                self.cached.append(frame)
                (functions.broadcast(frame) if step.get("everywhere") else frame).createOrReplaceTempView(step["name"])
                self.empty.discard(step["name"])
                return
            frame.unpersist()
        self.spark.sql(select_nothing(frame.schema)).createOrReplaceTempView(step["name"])
        self.empty.add(step["name"])

    def shows_nothing(self, frame, sql):
        """Whether Spark sees that there are no rows before it looks: only where a table is asked for that has none."""
        if not any(quote(name) in sql for name in self.empty):
            return False
        most = frame._jdf.queryExecution().optimizedPlan().maxRows()
        return most.isDefined() and most.get() == 0

    def do_keep(self, step):
        self.keep(step["name"], self.spark.sql(step["sql"]))

    def keep(self, name, frame):
        frame.write.parquet(self.store.url(self.landing, f"{self.work}tables/{name}/"), compression="snappy")
        self.load(name, frame.schema)

    def do_load(self, step):
        self.load(step["name"])

    def load(self, name, schema=None):
        """Where the schema is known, no file need be opened to find it out."""
        url = self.store.url(self.landing, f"{self.work}tables/{name}/")
        read = self.spark.read if schema is None else self.spark.read.schema(schema)
        read.parquet(url).createOrReplaceTempView(name)

    def do_read(self, step):
        url = self.store.url(self.landing, f"{self.work}{step['path']}/")
        read = self.spark.read.schema(step["schema"]).option("mode", "FAILFAST").json(url)
        read.createOrReplaceTempView(step["name"])

    def do_write(self, step):
        """All tables in one query: planning and committing have their price, however few the rows.

        Rows are written by whoever has them. To bring those of a table together first would move every row with the columns
        of all tables.
        """
        from pyspark.sql import DataFrame, Observation, functions

        names = [table["name"] for table in step["tables"]]
        each = [self.spark.sql(table["sql"]).withColumn("table", functions.lit(table["name"])) for table in step["tables"]]
        rows = functools.reduce(functools.partial(DataFrame.unionByName, allowMissingColumns=True), each)
        counted = Observation()
        counts = [functions.count(functions.when(functions.col("table") == name, 1)).alias(name) for name in names]
        url = self.store.url(self.landing, f"{self.work}{step['folder']}/tables/")
        placed = rows.observe(counted, *counts).coalesce(self.spark.sparkContext.defaultParallelism)
        placed.write.partitionBy("table").parquet(url, compression="snappy")
        self.say_whole(step, {name: counted.get[name] for name in names})

    def say_whole(self, step, tables):
        about = step.get("about")
        files, more = [], {}
        if about == "delivery":
            key = self.arguments["delivery"]
            files = [{"file": key.rsplit("/", 1)[-1], **self.store.hash(self.landing, key)}]
        elif about == "release":
            files, more = self.released, {"beside": self.beside}
        manifest = {
            **step["manifest"],
            **more,
            "engine": f"Spark {self.spark.version}",
            "tables": tables,
            "files": files,
        }
        self.store.write(self.landing, f"{self.work}{step['folder']}/manifest.json", json.dumps(manifest).encode())

    def do_quarantine(self, step):
        if step["sql"] == "":
            return
        lines = (join_fields([row[0] + 1, *row[1:]]) for row in self.spark.sql(step["sql"]).toLocalIterator())
        first = next(lines, None)
        if first is None:
            return
        name = f"_quarantine/{self.arguments['agreement']}/{self.arguments['dataset']}/{self.arguments['run']}.csv"
        with self.store.create(self.landing, name) as file:
            file.write(join_fields(step["header"]))
            file.write(first)
            for line in lines:
                file.write(line)

    def do_keys(self, step):
        """A one-row view whose values stand in a function, not in a plan: Spark shows neither its rows nor its code.

        `wanted` is 1, for those who look the keys up only for some rows: to lay them beside all is far dearer.
        """
        from pyspark.sql import functions

        secrets = self.derive_secrets(step["leg"])
        columns = [*(f"{use}_{side} BINARY" for use in secrets for side in ("inner", "outer")), "wanted INT"]
        values = (*(bytearray(pad) for secret in secrets.values() for pad in pad_key(secret)), 1)
        rows = self.spark.sparkContext.parallelize([0], 1).map(lambda _: values)
        frame = self.spark.createDataFrame(rows, ", ".join(columns), verifySchema=False)
        functions.broadcast(frame).createOrReplaceTempView("keys")

    def do_release(self, step):
        """Rows go by a hash of what is released of them, to their file and within it: nothing is left of the delivery's order.
        Those of a subject, where the file tells, go to one file, side by side.

        A release's place gets its files and nothing else, whatever the committer leaves where it writes.
        """
        from pyspark.sql import functions

        treated = self.spark.sql(step["sql"])
        place = functions.xxhash64(*(functions.col(quote(column["from"])) for column in step["columns"]))
        by, order = place, place
        if "together" in step:
            owner = functions.col(quote(step["together"]))
            # Rows of nobody are spread, or one file would have them all.
            by = functions.when(owner.isNull(), place).otherwise(functions.xxhash64(owner))
            # Half of either hash, as one number: Spark sorts by one in half the time that two take.
            order = functions.shiftleft(by, 32).bitwiseOR(place.bitwiseAND(functions.lit(0xFFFFFFFF)))
        mixed = treated.repartition(by).sortWithinPartitions(order)
        renamed = mixed.selectExpr(*(f"{quote(c['from'])} AS {quote(c['to'])}" for c in step["columns"]))
        staged = f"{self.work}{step['folder']}/staged/"
        renamed.write.parquet(self.store.url(self.landing, staged), compression="zstd")
        keys = sorted(key for key in self.store.list(self.landing, staged) if is_data(key[len(staged) :]))
        self.released = []
        for place, key in enumerate(keys):
            file = f"part-{place:05d}.parquet"
            self.store.copy(self.landing, key, self.lake, f"{step['prefix']}{file}")
            self.released.append({"file": file, **self.store.hash(self.lake, f"{step['prefix']}{file}")})
        self.beside = 0
        self.name_release("written", [f"{step['prefix']}{each['file']}" for each in self.released], step["columns"])

    def do_earlier(self, step):
        """What was released before; where it is no longer there, nobody is in it, and the manifest does not count it."""
        keys = sorted(key for key in self.store.list(self.lake, step["prefix"]) if key.endswith(".parquet"))
        if keys:
            self.beside += 1
            self.name_release(step["name"], keys, step["columns"])
        else:
            self.spark.table("written").limit(0).createOrReplaceTempView(step["name"])

    def name_release(self, name, keys, columns):
        files = self.spark.read.parquet(*(self.store.url(self.lake, key) for key in keys))
        files.selectExpr(*(f"{quote(c['to'])} AS {quote(c['from'])}" for c in columns)).createOrReplaceTempView(name)


def read_texts(open_object, bucket, key, order, _):
    """Runs on a worker: the records of the delivered text."""
    read = delivered_texts.read_csv if order["kind"] == "csv" else delivered_texts.read_json_lines
    with open_object(bucket, key) as stream:
        yield from read(stream, order)


def is_data(path):
    """A file of rows; what begins with `_` or `.` is the committer's own."""
    return path.endswith(".parquet") and not re.search(r"(^|/)[_.]", path)


def select_nothing(schema):
    """A table that Spark sees to be empty: what is joined with it, or counted of it, is known before it is looked for."""
    columns = (f"CAST(NULL AS {field.dataType.simpleString()}) AS {quote(field.name)}" for field in schema)
    return f"SELECT {', '.join(columns)} WHERE false"


def quote(name):
    return "`" + name.replace("`", "``") + "`"


def join_fields(fields):
    """One record of CSV. A missing value is an empty field without quotes."""
    return ",".join("" if field is None else '"' + str(field).replace('"', '""') + '"' for field in fields) + "\n"


def pad_key(secret):
    """HMAC's two pads of a key (RFC 2104), as in lib/engine/sql/key-pads.ts."""
    padded = secret.ljust(64, b"\0")
    return bytes(byte ^ 0x36 for byte in padded), bytes(byte ^ 0x5C for byte in padded)


def open_session(more=None):
    """With `SETTINGS`. What whoever began Java asks of its workers' stays, but for what they log: the last option counts."""
    from pyspark import SparkConf, SparkContext
    from pyspark.sql import SparkSession

    conf = SparkConf(loadDefaults=False).setAll({**SETTINGS, **(more or {})}.items())
    SparkContext._ensure_initialized(conf=conf)
    options = f"{SparkConf().get(WORKER_OPTIONS, '')} {SILENT}".strip()
    return SparkSession.builder.config(conf=conf).config(WORKER_OPTIONS, options).getOrCreate()


if __name__ == "__main__":
    import aws_store

    run_task(sys.argv[1:], aws_store.Store(), aws_store.derive_secrets, open_session)
