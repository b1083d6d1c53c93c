import { openReported } from '../../domain/audit/attribution/find-lateness';
import { openSpool } from '../spool/open-spool';
import type { ScannedAccess, ScanResult, ScanSetting } from './scan-files';

/** Takes the accesses that logs tell of, of the time that was asked for. */
interface ScanSpool {
  /** @param isReported whether an earlier report was made of the file that it stands in */
  readonly put: (scanned: ScannedAccess, isReported?: boolean) => void;
  readonly finish: () => Pick<ScanResult, 'held' | 'outside' | 'first' | 'last' | 'reported' | 'late'>;
}

export function openScanSpool({ folder, writer, from, to, earlier }: ScanSetting): ScanSpool {
  const spool = openSpool<ScannedAccess>(folder, 'scanned', { writer, asText: true });
  const [earliest, latest] = [Date.parse(from ?? ''), Date.parse(to ?? '')];
  const begin = Date.parse(earlier?.begin ?? '');
  const isOfReport = openReported(earlier?.periods ?? []);
  const reported = new Set<string>();
  const late = new Set<string>();
  let outside = 0;
  let first: string | undefined;
  let last: string | undefined;
  return {
    put: (scanned, isReported = false) => {
      const { at, id } = scanned[3];
      const time = Date.parse(at);
      // Compared with what is no time, nothing is outside.
      const isLate = time < earliest && !isReported && isOfReport(time);
      if ((time < earliest && !isLate) || time >= latest) {
        outside += 1;
        return;
      }
      if (isLate) late.add(at.slice(0, HOUR));
      if (isReported && time < begin) reported.add(scanned[0]);
      if (first === undefined || at < first) first = at;
      if (last === undefined || at > last) last = at;
      spool.put(id, scanned);
    },
    finish: () => ({
      held: spool.finish(),
      outside,
      reported: [...reported],
      late: [...late],
      ...(first === undefined ? {} : { first }),
      ...(last === undefined ? {} : { last }),
    }),
  };
}

/** Of a time: `YYYY-MM-DDTHH`. */
const HOUR = 13;
