import fc from 'fast-check';
import type { Evidence } from '../../../../lib/domain/audit/access';
import { collectAccesses } from '../../../../lib/domain/audit/records/collect-accesses';
import type { RecordReading } from '../../../../lib/domain/audit/records/record-reading';
import { makeAccess } from '../ledger/accesses';

const at = (record: number): Evidence => ({ file: 'a.json.gz', record });
const reading = (number: number): RecordReading => ({ kind: 'access', access: makeAccess(number), clipped: [] });

it('takes each access once, whatever is repeated and in whatever order', () => {
  const numbers = fc.array(fc.nat(30), { maxLength: 80 });
  fc.assert(
    fc.property(numbers, (sequence) => {
      const collector = collectAccesses();
      for (const [record, number] of sequence.entries()) collector.add(reading(number), at(record));
      const { accesses, records } = collector.finish();
      const ids = accesses.map(({ access }) => access.id);
      expect(ids.toSorted()).toEqual([...new Set(sequence.map((n) => makeAccess(n).id))].toSorted());
      expect(accesses.flatMap(({ evidence }) => evidence)).toHaveLength(sequence.length);
      expect(records.read).toBe(records.accesses + records.duplicates);
      const times = accesses.map(({ access }) => access.at);
      expect(times).toEqual(times.toSorted());
    }),
  );
});

it('keeps apart a copy that says something else', () => {
  const collector = collectAccesses();
  collector.add(reading(1), at(0));
  collector.add({ kind: 'access', access: { ...makeAccess(1), outcome: 'denied' }, clipped: ['client.agent'] }, at(1));
  expect(collector.finish()).toEqual({
    accesses: [{ access: makeAccess(1), clipped: [], evidence: [at(0)], conflicting: [at(1)] }],
    records: { read: 2, accesses: 1, duplicates: 0, conflicts: 1, internal: [], unknown: [], malformed: [] },
  });
});

it('counts what is no access, most frequent first, and without end', () => {
  const collector = collectAccesses();
  for (const [record, what] of ['ec2 A', 'ec2 B', 'ec2 B'].entries())
    collector.add({ kind: 'unknown', what }, at(record));
  collector.add({ kind: 'malformed', problem: 'no object' }, at(3));
  for (let kind = 0; kind < 2000; kind += 1) collector.add({ kind: 'unknown', what: `kind ${kind}` }, at(4 + kind));
  const { unknown, malformed, read } = collector.finish().records;
  expect(read).toBe(2004);
  expect(unknown.slice(0, 2)).toEqual([
    { what: 'other kinds', records: 1002, first: at(1002) },
    { what: 'ec2 B', records: 2, first: at(1) },
  ]);
  expect(unknown.reduce((sum, { records }) => sum + records, 0)).toBe(2003);
  expect(malformed).toEqual([{ what: 'no object', records: 1, first: at(3) }]);
});
