"""Run with Python's own unittest: neither Spark nor AWS is needed to see what the job refuses, and how it reads texts."""

import hashlib
import io
import json
import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[3] / "lib/engine/glue"))

import barter_job  # noqa: E402
import delivered_texts  # noqa: E402

TASKS = {"clean-and-count": [], "treat-and-measure": []}
ORDERS = {
    "ordersVersion": 1,
    "agreement": "telco-retail-2026",
    "dataset": "usage",
    "delivery": {"kind": "parquet", "columns": []},
    "tasks": TASKS,
}
KEY = "_work/telco-retail-2026/usage/run-1/orders.json"


class Held:
    """A store that holds the orders alone, and another delivery every time one looks."""

    def __init__(self, held):
        self.held, self.looks = held, 0

    def read(self, bucket, key):
        return self.held[(bucket, key)]

    def claim(self, bucket, key, body):
        return self.held.setdefault((bucket, key), body)

    def describe(self, bucket, key):
        self.looks += 1
        return [self.looks]


def order(orders=ORDERS, **changes):
    """The arguments of a run, as Glue passes them on, and a bucket that holds its orders."""
    written = orders if isinstance(orders, bytes) else json.dumps(orders).encode()
    arguments = {
        "task": "clean-and-count",
        "landing": "the-landing",
        "lake": "the-lake",
        "agreement": "telco-retail-2026",
        "dataset": "usage",
        "run": "run-1",
        "delivery": "telco-retail-2026/usage/upload/march.csv",
        "orders-sha256": hashlib.sha256(written).hexdigest(),
        **{name.replace("_", "-"): value for name, value in changes.items()},
    }
    argv = ["--JOB_NAME", "clean", "--enable-metrics", "true"]
    for name, value in arguments.items():
        argv += [] if value is None else [f"--{name}", value]
    return argv, Held({("the-landing", KEY): written})


class BarterJobTest(unittest.TestCase):
    def refuse(self, expected, argv, store):
        def no_spark():
            raise AssertionError("Spark is opened for nothing that is refused.")

        with self.assertRaises(barter_job.Refused) as caught:
            barter_job.run_task(argv, store, None, no_spark)
        self.assertRegex(str(caught.exception), expected)

    def test_every_argument_is_needed(self):
        for name in barter_job.ARGUMENTS:
            self.refuse(f"^--{name} is missing", *order(**{name: None}))

    def test_arguments_that_could_lead_elsewhere_are_refused(self):
        for name, value in [
            ("task", "release"),
            ("agreement", "../telco"),
            ("dataset", "usage/.."),
            ("run", "a/b"),
            ("run", "run-1\n"),
            ("landing", "s3://the-landing"),
            ("orders-sha256", "abc"),
        ]:
            self.refuse(f"^--{name} is not what it can be", *order(**{name: value}))

    def test_a_delivery_of_another_dataset_is_refused(self):
        self.refuse("^--delivery is not of that", *order(delivery="telco-retail-2026/salaries/upload/march.csv"))

    def test_other_orders_than_those_taken_in_are_refused(self):
        self.refuse("not those that the delivery was taken in under", *order(orders_sha256="0" * 64))

    def test_orders_that_do_not_fit_are_refused(self):
        for orders, expected in [
            (b"not json", "cannot be read"),
            (b"[]", "cannot be read"),
            ({**ORDERS, "tasks": {}}, "cannot be read"),
            ({**ORDERS, "ordersVersion": 2}, "of a version"),
            ({**ORDERS, "agreement": "another-2026"}, "not of that agreement"),
            ({**ORDERS, "dataset": "salaries"}, "not of that agreement"),
        ]:
            self.refuse(expected, *order(orders))

    def test_a_task_is_begun_once(self):
        argv, store = order()
        another, _ = order(task="treat-and-measure")
        _, elsewhere = order()
        arguments, other = barter_job.read_arguments(argv), barter_job.read_arguments(another)
        for begun in [(arguments, store), (other, store), (arguments, elsewhere)]:
            barter_job.begin_task(*begun)
        self.refuse("was begun before", argv, store)
        self.refuse("was begun before", another, store)

    def test_no_argument_is_key_material(self):
        self.assertFalse([name for name in barter_job.ARGUMENTS if "key" in name or "secret" in name])

    def test_a_delivery_that_changes_while_it_is_read_is_refused(self):
        argv, store = order()
        run = barter_job.Run(barter_job.read_arguments(argv), store, None, None)
        with self.assertRaisesRegex(barter_job.Refused, "was changed while it was read"):
            run.confirm_delivery()


class DeliveredTextsTest(unittest.TestCase):
    def read(self, text, names, delimiter=",", chunk=3):
        delivered_texts.CHUNK = chunk
        order = {"delimiter": delimiter, "skip": 0, "width": len(names), "fields": list(range(len(names)))}
        return [row[1:] for row in delivered_texts.read_csv(io.BytesIO(text.encode()), order)]

    def test_records_whatever_the_pieces_they_are_read_in(self):
        text = 'a,b\r\n1,"x\r\ny"\n\n"","q""q"\r3,st"ray\r\ntoo,many,fields\n"behind"it,x\nlast,€😀'
        for chunk in range(1, 40):
            self.assertEqual(
                self.read(text, "ab", chunk=chunk),
                [
                    (None, "1", "x\r\ny"),
                    (None, "", 'q"q'),
                    (None, "3", 'st"ray'),
                    ("3 fields instead of 2", "too", "many,fields"),
                    ("text behind a closing quote", '"behind"it', "x"),
                    (None, "last", "€😀"),
                ],
            )

    def test_files_that_cannot_be_taken(self):
        for text, expected in [
            (b"a,b\n1,\xff\n", "not UTF-8"),
            (b"a,b\n1,\0\n", "NUL"),
            (b'a,b\n1,2\n1,"open\n', "quote is opened in row 2"),
        ]:
            delivered_texts.CHUNK = 4
            order = {"delimiter": ",", "skip": 0, "width": 2, "fields": [0, 1]}
            with self.assertRaisesRegex(delivered_texts.BadFile, expected):
                list(delivered_texts.read_csv(io.BytesIO(text), order))

    def test_json_lines(self):
        text = '{"a": 1.10, "b": "x"}\r\n\n[1]\n{"a": 1e2, "b": null}\n{"a": 1, "a": 2}\n{"a": true}\n{"a": "\\ud800"}\n'
        order = {"skip": 0, "columns": [{"name": "a", "isWhole": True}, {"name": "b", "isWhole": False}]}
        rows = list(delivered_texts.read_json_lines(io.BytesIO(text.encode()), order))
        self.assertEqual([row[0] for row in rows], list(range(6)))
        self.assertEqual(rows[0][1:], (None, "1.10", "x"))
        self.assertEqual(rows[2][1:], (None, "100", None))
        self.assertEqual(rows[4][1:], (None, "true", None))
        self.assertRegex(rows[1][1], "^not a JSON object")
        self.assertRegex(rows[3][1], "^a name is there more than once")
        self.assertRegex(rows[5][1], "^not a JSON object")

    def test_a_table_without_rows_keeps_its_columns(self):
        class Type:
            def __init__(self, name):
                self.simpleString = lambda: name

        class Field:
            def __init__(self, name, kind):
                self.name, self.dataType = name, Type(kind)

        nothing = barter_job.select_nothing([Field("place", "int"), Field("odd ` name", "decimal(38,0)")])
        self.assertEqual(
            nothing, "SELECT CAST(NULL AS int) AS `place`, CAST(NULL AS decimal(38,0)) AS `odd `` name` WHERE false"
        )


if __name__ == "__main__":
    unittest.main()
