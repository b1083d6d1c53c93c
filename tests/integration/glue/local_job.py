"""Runs the Glue job in Spark's local mode, with folders for buckets. One session for many runs: orders come line by line.

Every line on stdin is a JSON object with `argv` and `secrets` (hexadecimal, by leg and use); every line that begins with
`#` on stdout answers one.
"""

import json
import os
import pathlib
import sys

sys.dont_write_bytecode = True
GLUE = str(pathlib.Path(__file__).parents[3] / "lib/engine/glue")
sys.path[:0] = [GLUE, str(pathlib.Path(__file__).parent)]
# Workers find the job's modules as its own process does.
os.environ["PYTHONPATH"] = os.pathsep.join([GLUE, str(pathlib.Path(__file__).parent)])
os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable

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


def open_session(root, more):
    spark = barter_job.open_session({**LOCAL, "spark.local.dir": f"{root}/spark", "spark.sql.warehouse.dir": f"{root}/warehouse", **more})
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def record_plans(spark, plans, wanted):
    """Lets every query that is run be explained in full, where that is asked for."""
    query = spark.sql

    def explained(sql):
        frame = query(sql)
        if wanted:
            plans.append(sql + "\n" + frame._jdf.queryExecution().toString())
        return frame

    spark.sql = explained


def run(order, root, spark):
    secrets = lambda leg: {use: bytes.fromhex(order["secrets"][leg["leg"]][use]) for use in leg["messages"]}
    barter_job.run_task(order["argv"], folder_store.Store(root), secrets, lambda: spark)


def main(root, more):
    spark = open_session(root, more)
    plans = []
    wanted = []
    record_plans(spark, plans, wanted)
    for line in sys.stdin:
        order = json.loads(line)
        plans.clear()
        wanted[:] = [True] if order.get("explain") else []
        try:
            run(order, root, spark)
            answer = {"kind": "done"}
        except Exception as error:  # noqa: BLE001: the test looks into what was said
            answer = {"kind": "failed", "name": type(error).__name__, "message": str(error)}
        answer["plans"] = list(plans)
        print("#" + json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]) if len(sys.argv) > 2 else {})
