"""Records of delivered text files, as the intake of the other engine tells them apart: lib/engine/intake.

CSV is RFC 4180 with any one-byte delimiter and LF, CRLF or CR between records. A quote counts only at the start of a field,
a doubled one in quotes stands for itself. What has no values of its own is handed on with the reason.
"""

import codecs
import json
import re

# Longest record, in bytes: as lib/engine/intake/scan-text-file.ts.
MOST = 16 * 1024 * 1024
CHUNK = 1024 * 1024


class BadFile(Exception):
    """The file cannot be taken at all. The message holds no value of it."""


def read_texts(stream, skip):
    """The text of a binary stream in pieces, behind the first `skip` bytes."""
    stream.read(skip)
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    while True:
        data = stream.read(CHUNK)
        try:
            text = decoder.decode(data, final=not data)
        except UnicodeDecodeError:
            raise BadFile("The bytes are not UTF-8. Save the file as UTF-8.") from None
        if "\0" in text:
            raise BadFile("There is a NUL byte. Deliver plain text in UTF-8.")
        if text:
            yield text
        if not data:
            return


def split_records(texts, delimiter):
    """The records of a CSV file without their line ends, blank ones included."""
    other = f"[^{re.escape(delimiter)}\r\n]"
    plain = f"[^{re.escape(delimiter)}\r\n\"]{other}*+"
    field = f"(?:\"(?:[^\"]++|\"\")*+\"{other}*+|{plain}|)"
    record = re.compile(f"({field}(?:{re.escape(delimiter)}{field})*+)(\r\n|\n|\r(?!\\Z)|\r(?=\\Z))")
    buffer, at, known = "", 0, 0
    for text in texts:
        buffer, at = buffer[at:] + text, 0
        while True:
            found = record.match(buffer, at)
            # A CR at the end may be half of a CRLF.
            if found is None or (found.end() == len(buffer) and buffer[-1] == "\r"):
                break
            yield refuse_long(found.group(1), known)
            known += 1
            at = found.end()
        if len(buffer) - at > MOST:
            refuse_long(buffer[at:], known)
    rest = buffer[at:]
    if rest.endswith("\r") and not rest.endswith("\r\r"):
        found = record.match(rest)
        if found is not None and found.end() == len(rest):
            yield refuse_long(found.group(1), known)
            return
    if rest and re.fullmatch(f"{field}(?:{re.escape(delimiter)}{field})*+", rest) is None:
        where = "the header" if known == 0 else f"row {known}"
        raise BadFile(f"A quote is opened in {where} and never closed. Close it, or write it twice inside quotes.")
    if rest:
        yield refuse_long(rest, known)


def refuse_long(text, known):
    if len(text) * 4 > MOST and len(text.encode()) > MOST:
        raise BadFile(f"Record {known} is longer than 16 MiB. Check the file's quotes and line ends.")
    return text


def split_fields(record, delimiter, most=None):
    """The fields of a record and whether one has text behind its closing quote; what is left after `most` is the last."""
    if '"' not in record:
        return (record.split(delimiter) if most is None else record.split(delimiter, most - 1)), False
    fields, start, broken = [], 0, False
    while most is None or len(fields) + 1 < most:
        end = find_end(record, delimiter, start)
        value, odd = unquote(record[start:end])
        fields.append(value)
        broken = broken or odd
        if end == len(record):
            return fields, broken
        start = end + 1
    rest = record[start:]
    whole = find_end(record, delimiter, start) == len(record)
    fields.append(unquote(rest)[0] if whole else rest)
    return fields, broken


def find_end(record, delimiter, start):
    at = start
    if record[at : at + 1] == '"':
        while True:
            closing = record.find('"', at + 1)
            if closing < 0:
                return len(record)
            at = closing + 1
            if record[at : at + 1] != '"':
                break
    end = record.find(delimiter, at)
    return len(record) if end < 0 else end


QUOTED = re.compile(r'"(?:[^"]++|"")*+"')


def unquote(field):
    if not field.startswith('"'):
        return field, False
    if QUOTED.fullmatch(field) is None:
        return field, True
    return field[1:-1].replace('""', '"'), False


def read_csv(stream, order):
    """Per record behind the header its position, why it has no values (or None), and the given columns."""
    delimiter, width, places = order["delimiter"], order["width"], order["fields"]
    position = -1
    for record in split_records(read_texts(stream, order["skip"]), delimiter):
        if record == "" and (width > 1 or position < 0):
            continue
        if position < 0:
            position = 0
            continue
        fields, broken = split_fields(record, delimiter)
        reason = None
        if broken:
            reason = "text behind a closing quote"
        elif len(fields) != width:
            reason = f"{len(fields)} {'field' if len(fields) == 1 else 'fields'} instead of {width}"
        if reason is not None:
            fields, _ = split_fields(record, delimiter, width)
            fields += [""] * (width - len(fields))
        yield (position, reason, *(fields[place] for place in places))
        position += 1


class Flawed(Exception):
    pass


def name_once(pairs):
    names = dict(pairs)
    if len(names) != len(pairs):
        raise Flawed("a name is there more than once")
    return names


class Written(str):
    """A number as it is written."""


def refuse_constant(_):
    raise ValueError


DECODER = json.JSONDecoder(
    object_pairs_hook=lambda pairs: pairs, parse_float=Written, parse_int=Written, parse_constant=refuse_constant
)


def read_json_lines(stream, order):
    """As `read_csv`, of one object per line."""
    columns = order["columns"]
    position = 0
    for line in split_lines(read_texts(stream, order["skip"])):
        if line.strip("\t\n\v\f\r ") == "":
            continue
        line = line[:-1] if line.endswith("\r") else line
        try:
            yield (position, None, *read_object(line, columns))
        except Flawed as flaw:
            yield (position, f"{flaw}: the first column holds the whole line", line, *[""] * (len(columns) - 1))
        position += 1


def read_object(line, columns):
    try:
        pairs = DECODER.decode(line.strip("\t\n\v\f\r "))
        line.encode()
    except (ValueError, RecursionError):
        raise Flawed("not a JSON object") from None
    if not line.lstrip().startswith("{"):
        raise Flawed("not a JSON object")
    held = name_once(pairs)
    unknown = held.keys() - {column["name"] for column in columns}
    if unknown:
        raise BadFile("An object has a name that is no column of the dataset. Take it out, or add it to the agreement.")
    return [to_text(held.get(column["name"]), column["isWhole"]) for column in columns]


def to_text(value, is_whole):
    if value is None or (isinstance(value, str) and not isinstance(value, Written)):
        if value is not None and not is_encodable(value):
            raise Flawed("not a JSON object")
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Written):
        return to_whole(value) if is_whole and re.search("[.eE]", value) else str(value)
    raise BadFile("A column holds an object or an array. Write one value per column.")


def is_encodable(text):
    try:
        text.encode()
        return True
    except UnicodeEncodeError:
        return False


def to_whole(written):
    """`1e2` and `100.0` are 100, as long as a double has all digits."""
    number = float(written)
    return str(int(number)) if abs(number) <= 2**53 - 1 and number == int(number) else str(written)


def split_lines(texts):
    begun = []
    for text in texts:
        *lines, rest = text.split("\n")
        for line in lines:
            yield refuse_long("".join([*begun, line]), 0)
            begun = []
        begun.append(rest)
        if sum(map(len, begun)) > MOST:
            raise BadFile("A line is longer than 16 MiB. Write one object per line.")
    if any(begun):
        yield "".join(begun)
