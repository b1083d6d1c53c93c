"""Run with Python's own unittest: neither Spark nor AWS is needed to see that the job refuses."""

import hashlib
import json
import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[3] / "lib/engine/glue"))

import barter_job  # noqa: E402

PLAN = {"planVersion": 1, "agreement": {"id": "telco-retail-2026"}, "datasets": [{"id": "usage"}]}
KEY = "_work/telco-retail-2026/usage/run-1/plan.json"


def order(plan=PLAN, **changes):
    """The arguments of a run, as Glue passes them on, and a bucket that holds its plan."""
    written = plan if isinstance(plan, bytes) else json.dumps(plan).encode()
    arguments = {
        "task": "clean-and-count",
        "landing": "the-landing",
        "lake": "the-lake",
        "agreement": "telco-retail-2026",
        "dataset": "usage",
        "run": "run-1",
        "delivery": "telco-retail-2026/usage/upload/march.csv",
        "plan-sha256": hashlib.sha256(written).hexdigest(),
        **{name.replace("_", "-"): value for name, value in changes.items()},
    }
    argv = ["--JOB_NAME", "clean", "--enable-metrics", "true"]
    for name, value in arguments.items():
        argv += [] if value is None else [f"--{name}", value]
    held = {("the-landing", KEY): written}
    return argv, lambda bucket, key: held[(bucket, key)]


class BarterJobTest(unittest.TestCase):
    def refuse(self, expected, *ordered):
        with self.assertRaises(barter_job.Refused) as caught:
            barter_job.run_task(*ordered)
        self.assertRegex(str(caught.exception), expected)

    def test_good_orders_are_refused_last(self):
        for task in ("clean-and-count", "treat-and-measure"):
            self.refuse(f"^{task} of telco-retail-2026/usage is not done", *order(task=task))

    def test_a_dataset_may_have_any_id_that_an_agreement_takes(self):
        for dataset in ("a", "call_records-2026", "x" * 31):
            held = json.dumps({**PLAN, "datasets": [{"id": dataset}]}).encode()
            delivery = f"telco-retail-2026/{dataset}/upload/march.csv"
            argv, _ = order(held, dataset=dataset, delivery=delivery)
            self.refuse(f"{dataset} is not done", argv, lambda bucket, key: held)

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
            ("plan-sha256", "abc"),
        ]:
            self.refuse(f"^--{name} is not what it can be", *order(**{name: value}))

    def test_a_delivery_of_another_dataset_is_refused(self):
        self.refuse("^--delivery is not of that", *order(delivery="telco-retail-2026/salaries/upload/march.csv"))

    def test_another_plan_than_the_one_taken_in_is_refused(self):
        self.refuse("not the one that the delivery was taken in under", *order(plan_sha256="0" * 64))

    def test_a_plan_that_does_not_fit_is_refused(self):
        for plan, expected in [
            (b"not json", "cannot be read"),
            (b"[]", "cannot be read"),
            ({**PLAN, "planVersion": 2}, "of a version"),
            ({**PLAN, "agreement": {"id": "another-2026"}}, "not of that agreement"),
            ({**PLAN, "datasets": []}, "not of that agreement"),
        ]:
            self.refuse(expected, *order(plan))

    def test_no_argument_is_key_material(self):
        self.assertFalse([name for name in barter_job.ARGUMENTS if "key" in name or "secret" in name])


if __name__ == "__main__":
    unittest.main()
