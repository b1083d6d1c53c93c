import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { compareSpooled, type SpooledAccess } from '../../../lib/audit/spool/join-spooled';
import { openSorter } from '../../../lib/audit/spool/open-sorter';
import { drainPart, openSpool, PARTS } from '../../../lib/audit/spool/open-spool';
import { openSortedRuns } from '../../../lib/audit/spool/sorted-runs';
import { joinAccesses } from '../../../lib/domain/audit/records/join-accesses';
import { collect, makeS3Read, PARTNER } from '../../unit/audit/scenario';
import { makeFolder } from './audit-trial';

interface Noted {
  readonly name: string;
  readonly note: string;
}

const noted = fc.array(fc.record({ name: fc.string({ maxLength: 3 }), note: fc.string() }), { maxLength: 200 });

it('a spool that goes to disk gives what one in memory gives, part by part and in the same order', () => {
  fc.assert(
    fc.property(noted, noted, fc.integer({ min: 0, max: 20 }), (first, second, maxHeld) => {
      const [disk, memory] = [maxHeld, 1000].map((limit) => {
        const folder = makeFolder();
        const held = [first, second].map((values, writer) => {
          const spool = openSpool<Noted>(folder, 'noted', { writer, maxHeld: limit, asText: writer === 1 });
          for (const value of values) spool.put(value.name, value);
          return spool.finish();
        });
        const parts = Array.from({ length: PARTS }, (_, part) => [...drainPart(folder, 'noted', part, held)]);
        return { parts, left: readdirSync(folder) };
      });
      expect(disk).toEqual(memory);
      expect(disk?.left).toEqual([]);
      expect(disk?.parts.flat()).toHaveLength(first.length + second.length);
    }),
    { numRuns: 30 },
  );
});

it('runs on disk and in memory are merged in order of time and id, and none of them is left', () => {
  const minutes = fc.array(fc.array(fc.integer({ min: 0, max: 59 }), { maxLength: 30 }), { maxLength: 5 });
  fc.assert(
    fc.property(minutes, fc.integer({ min: 0, max: 40 }), (runs, maxHeld) => {
      const folder = makeFolder();
      const sorted = openSortedRuns(folder, 'run', compareSpooled, maxHeld);
      const all: SpooledAccess[] = [];
      for (const run of runs) {
        const reads = run.flatMap((minute) =>
          makeS3Read({ key: 'k', at: `2026-03-01T09:${String(minute).padStart(2, '0')}:00Z`, account: PARTNER }),
        );
        const spooled = joinAccesses(collect(reads), new Map(), []).map(
          (joined): SpooledAccess => ({
            attributed: { joined, attribution: { kind: 'unattributed', reason: 'no-party' } },
            evidence: {},
          }),
        );
        sorted.add(spooled);
        all.push(...spooled);
      }
      const name = ({ attributed }: SpooledAccess) => `${attributed.joined.access.at} ${attributed.joined.access.id}`;
      const merged = [...sorted.merge()];
      expect(merged.map(name)).toEqual(all.map(name).toSorted());
      expect(new Set(merged.map((each) => JSON.stringify(each)))).toEqual(
        new Set(all.map((each) => JSON.stringify(each))),
      );
      expect(readdirSync(folder)).toEqual([]);
    }),
    { numRuns: 30 },
  );
});

it('a sorter gives all that was put, in order, alike ones as they came, on disk as in memory', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(9), { maxLength: 200 }), fc.integer({ min: 0, max: 50 }), (keys, maxHeld) => {
      const folder = makeFolder();
      const sorter = openSorter<{ readonly key: number; readonly at: number }>(
        folder,
        'sorted',
        (left, right) => left.key - right.key,
        maxHeld,
      );
      const values = keys.map((key, at) => ({ key, at }));
      for (const value of values) sorter.put(value);
      expect([...sorter.drain()]).toEqual(values.toSorted((left, right) => left.key - right.key));
      expect(readdirSync(folder)).toEqual([]);
    }),
    { numRuns: 30 },
  );
});
