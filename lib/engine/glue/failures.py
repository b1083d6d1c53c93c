"""How a run fails: what Spark says of a failure may quote the values that it failed at, and Glue shows and keeps what a script says."""

import re
import traceback


class Refused(Exception):
    """The run cannot be done as ordered. The message never holds a value of the data."""


class Failed(Exception):
    """Something broke. The message never holds a value of the data either."""


# What helps whoever reads it, and is looked for in messages that are not shown.
KNOWN = ("ExecutorLostFailure", "OutOfMemoryError", "No space left on device", "FetchFailed")

# The clients of AWS tell of objects, keys and roles, never of what is in an object.
CLIENTS = ("boto3", "botocore", "s3transfer")


def tell(error):
    """What may be said of an exception, as one to raise outside of its handler: what is raised inside brings it along."""
    if type(error).__module__.split(".")[0] in CLIENTS:
        return Failed(f"{locate(error)}: {type(error).__name__}: {error}")
    causes = list(list_causes(error))
    for cause in causes:
        bad = re.search(r"\ndelivered_texts\.BadFile: (.+)\s*\Z", cause.getMessage() or "")
        if name_of(cause) == "org.apache.spark.api.python.PythonException" and bad:
            return Refused(bad.group(1))
    named = [type(error).__name__, *map(describe, causes)]
    return Failed(f"{locate(error)}: {', '.join(named)}. What it says itself may hold values of the delivery, and is not shown.")


def locate(error):
    """Where, by the names of the functions that were at work, the outermost first."""
    return "The run failed in " + ", ".join(frame.name for frame in traceback.extract_tb(error.__traceback__)[:5])


def list_causes(error):
    """What Java threw, from the outermost on."""
    cause = getattr(error, "java_exception", None) or getattr(error, "_origin", None)
    for _ in range(10):
        if cause is None:
            return
        yield cause
        cause = cause.getCause()


def name_of(cause):
    return cause.getClass().getName()


def describe(cause):
    """Its class, and that of the error where Spark has one, which stands before the message."""
    name, message = name_of(cause), cause.getMessage() or ""
    error = re.match(r"\[[A-Z0-9_.]{3,80}\]", message) if name.startswith("org.apache.spark.") else None
    known = [word for word in KNOWN if word in message]
    return " ".join([name, *([error.group()] if error else []), *known])
