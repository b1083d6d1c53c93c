import { readdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checkOverlaps } from '../../domain/agreement/checks/check-overlaps';
import type { Agreement } from '../../domain/agreement/schema/agreement';
import type { Finding } from '../../domain/agreement/yaml/finding';
import { errorAt, type Remark, warningAt } from '../../domain/agreement/yaml/remark';
import { checkSides, type PlacedAgreement } from '../../domain/room/check-sides';
import { parseRoom } from '../../domain/room/parse-room';
import type { Room } from '../../domain/room/room';
import { errorCode } from '../../error-code';
import { loadAgreement } from './load-agreement';
import { readTextFile, resolveInside, UnreadableFile } from './read-text-file';

export type LoadedRoom =
  | {
      readonly kind: 'valid';
      readonly room: Room;
      /** By file name: of each agreement the version that the room is drawn from. */
      readonly agreements: readonly Agreement[];
      /** Later versions of these, which wait for signatures. */
      readonly proposed: readonly Agreement[];
      /** Gives the line of its file to what turns out wrong with an agreement later. */
      readonly locate: (agreement: string, remark: Remark) => Finding;
      readonly warnings: readonly Finding[];
    }
  | { readonly kind: 'invalid'; readonly findings: readonly Finding[] };

/** Reads a room.yaml and every agreement in the folder that it names. One that cannot be read makes all invalid. */
export function loadRoom(file: string): LoadedRoom {
  try {
    const reading = parseRoom(file, readTextFile(file, file));
    if (reading.kind === 'invalid') return reading;
    const { room, place } = reading;
    const folder = join(dirname(file), room.agreements);
    const files = listAgreements(folder);
    if (files === undefined) {
      const missing = errorAt(['agreements'], `there is no folder \`${folder}\``, 'Name the folder of the agreements.');
      return { kind: 'invalid', findings: [place(missing)] };
    }
    const { agreements, findings } = loadAgreements(files);
    findings.push(...checkBoth(room, place, agreements));
    if (files.length === 0) {
      const remedy = 'Put one there: a .yaml file with the key `agreement`. Until then the room serves nobody.';
      findings.push(place(warningAt(['agreements'], `the folder \`${folder}\` holds no agreement`, remedy)));
    }
    return findings.some(({ severity }) => severity === 'error')
      ? { kind: 'invalid', findings }
      : {
          kind: 'valid',
          room,
          ...unplace(splitVersions(agreements)),
          locate: (id, remark) =>
            (agreements.find(({ agreement }) => agreement.agreement === id)?.place ?? place)(remark),
          warnings: findings,
        };
  } catch (error) {
    if (error instanceof UnreadableFile) return { kind: 'invalid', findings: [error.finding] };
    throw error;
  }
}

/** The YAML files with a key `agreement` at the top, by name; undefined where there is no such folder. */
export function listAgreements(folder: string): readonly string[] | undefined {
  try {
    const real = realpathSync(folder);
    return readdirSync(real)
      .filter((name) => /\.ya?ml$/i.test(name))
      .sort()
      .map((name) => join(folder, name))
      .filter((path) => AGREEMENT_KEY.test(readTextFile(resolveInside(real, path, path), path)));
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

const AGREEMENT_KEY = /^\{?\s*["']?agreement["']?\s*:/m;

function loadAgreements(files: readonly string[]) {
  const agreements: PlacedAgreement[] = [];
  const findings: Finding[] = [];
  const filesOf = new Map<string, { readonly file: string; readonly version: number }[]>();
  for (const file of files) {
    const reading = loadAgreement(file);
    if (reading.kind === 'invalid') {
      findings.push(...reading.findings);
      continue;
    }
    const { agreement, warnings, place } = reading;
    findings.push(...warnings);
    const { agreement: id, version } = agreement;
    const others = filesOf.get(id) ?? [];
    const twin = others.find((other) => other.version === version) ?? others[1];
    if (twin === undefined) agreements.push({ agreement, place });
    else findings.push(reportTwin(file, id, twin.file));
    filesOf.set(id, [...others, { file, version }]);
  }
  return { agreements, findings };
}

/** The older of two versions is in force, the newer waits for signatures. */
function splitVersions(all: readonly PlacedAgreement[]) {
  const isLater = ({ agreement: { agreement, version } }: PlacedAgreement) =>
    all.some(({ agreement: other }) => other.agreement === agreement && other.version < version);
  return { agreements: all.filter((each) => !isLater(each)), proposed: all.filter(isLater) };
}

function unplace({ agreements, proposed }: ReturnType<typeof splitVersions>) {
  const text = ({ agreement }: PlacedAgreement) => agreement;
  return { agreements: agreements.map(text), proposed: proposed.map(text) };
}

/** The room has to be able to serve what is in force, and what will be once all have signed. */
function checkBoth(room: Room, place: Parameters<typeof checkSides>[1], all: readonly PlacedAgreement[]): Finding[] {
  const { agreements, proposed } = splitVersions(all);
  const now = [...checkSides(room, place, agreements), ...warnOfOverlaps(agreements)];
  if (proposed.length === 0) return now;
  const isAmended = ({ agreement: { agreement } }: PlacedAgreement) =>
    proposed.some(({ agreement: next }) => next.agreement === agreement);
  const later = [...agreements.filter((each) => !isAmended(each)), ...proposed];
  const then = [...checkSides(room, place, later), ...warnOfOverlaps(later)];
  const known = new Set(now.map((each) => JSON.stringify(each)));
  return [...now, ...then.filter((each) => !known.has(JSON.stringify(each)))];
}

function warnOfOverlaps(all: readonly PlacedAgreement[]): Finding[] {
  return checkOverlaps(all.map(({ agreement }) => agreement)).flatMap(({ agreement, remark }) =>
    all.filter((each) => each.agreement === agreement).map(({ place }) => place(remark)),
  );
}

function reportTwin(file: string, id: string, other: string): Finding {
  const problem = `the agreement \`${id}\` is also in ${other}`;
  const remedy =
    'Keep one file of the version in force, and beside it at most one of a later version, which waits for signatures.';
  return { severity: 'error', file, line: 1, column: 1, path: 'agreement', problem, remedy };
}
