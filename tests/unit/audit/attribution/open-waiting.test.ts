import fc from 'fast-check';
import { openWaiting } from '../../../../lib/domain/audit/attribution/open-waiting';

const WINDOW = 10;

const event = fc.record({
  time: fc.nat(60),
  names: fc.subarray(['a', 'b', 'c'], { minLength: 1 }),
  kind: fc.constantFrom('put', 'explain'),
});

it('what nothing near in time explains is told once, and nothing else', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), (unordered) => {
      const events = unordered.toSorted((left, right) => left.time - right.time);
      const waiting = openWaiting<number>(WINDOW);
      const told = events.flatMap(({ time, names, kind }, at) => {
        const vain = waiting.pass(time);
        if (kind === 'put') waiting.put(names, time, at);
        else for (const name of names) waiting.explain(name, time);
        // Nothing is told before its time is over.
        expect(vain.every((each) => time - events[each]!.time > WINDOW)).toBe(true);
        return vain;
      });
      const lone = events.flatMap(({ time, names, kind }, at) => {
        const isExplained = events.some(
          (other) =>
            other.kind === 'explain' &&
            Math.abs(other.time - time) <= WINDOW &&
            other.names.some((name) => names.includes(name)),
        );
        return kind === 'put' && !isExplained ? [at] : [];
      });
      expect([...told, ...waiting.finish()]).toEqual(lone);
    }),
  );
});
