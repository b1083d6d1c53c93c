import { RECORD_CASES } from './record-cases';

describe.each(RECORD_CASES)('$topic', ({ cases, read }) => {
  it.each(cases)('$name', ({ record, expect: { absent = [], ...expected } }) => {
    const reading = read(record);
    expect(reading).toMatchObject(expected);
    if (reading.kind !== 'access') return expect(reading).toEqual(expected);
    for (const field of absent) expect(reading.access).not.toHaveProperty(field);
    expect(reading.clipped).toEqual([]);
    // What the case does not name, it does not forbid; but nothing may be there that is undefined.
    expect(JSON.parse(JSON.stringify(reading.access))).toEqual(reading.access);
  });
});
