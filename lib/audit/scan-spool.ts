import { openSpool } from './open-spool';
import type { ScannedAccess, ScanResult, ScanSetting } from './scan-files';

/** Takes the accesses that logs tell of, of the time that was asked for. */
interface ScanSpool {
  readonly put: (scanned: ScannedAccess) => void;
  readonly finish: () => Pick<ScanResult, 'held' | 'outside' | 'first' | 'last'>;
}

export function openScanSpool({ folder, writer, from, to }: ScanSetting): ScanSpool {
  const spool = openSpool<ScannedAccess>(folder, 'scanned', writer);
  const [earliest, latest] = [Date.parse(from ?? ''), Date.parse(to ?? '')];
  let outside = 0;
  let first: string | undefined;
  let last: string | undefined;
  return {
    put: (scanned) => {
      const { at, id } = scanned[3];
      const time = Date.parse(at);
      // Compared with what is no time, nothing is outside.
      if (time < earliest || time >= latest) {
        outside += 1;
        return;
      }
      if (first === undefined || at < first) first = at;
      if (last === undefined || at > last) last = at;
      spool.put(id, scanned);
    },
    finish: () => ({
      held: spool.finish(),
      outside,
      ...(first === undefined ? {} : { first }),
      ...(last === undefined ? {} : { last }),
    }),
  };
}
