import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import * as z from 'zod';
import { parseJson } from '../../domain/parse-json';
import { errorCode } from '../../error-code';
import { INPUT_LABELS } from '../grounds/input-names';
import { listPackFiles, MANIFEST, MANIFEST_NOTE } from './sign-pack';

/** Where packs are to lie. */
interface PackPlaces {
  readonly out: string;
  /** Absent: no party has its own. */
  readonly parties?: string;
}

/** Packs in the making, beside those that lie there: these stay until all is written and signed. */
export interface DraftPacks {
  /** As given, but where the drafts are. */
  readonly places: PackPlaces;
  /** A folder of this run alone, for what does not fit into memory. */
  readonly work: string;
  /** Where a draft is to lie. */
  readonly placeOf: (draft: string) => string;
  /** Puts the drafts where they belong, or leaves all as it was. @param own the drafts of the parties' packs */
  readonly publish: (own: readonly string[]) => void;
  /** Removes what is left of them, and what lay in their places. */
  readonly close: () => void;
}

/** Hidden, and in the folder itself, so that what is done there can be moved: another may be of another disk. */
const WORK = '.work-';
/** In it, what lay in the places of a pack until the pack has taken them. */
const FORMER = 'former';
/** And the parties' packs, out of the whole one. */
const READY = 'ready';

/** Whatever fails, nothing that lay in the folders is changed. */
export function openDrafts({ out, parties }: PackPlaces): DraftPacks {
  const places = [out, ...(parties === undefined ? [] : [parties])].filter((place) => !existsSync(place));
  const isNew = new Set(places.map((place) => resolve(place)));
  const work = openWork(out);
  const pack = join(work, 'pack');
  mkdirSync(pack);
  const record = join(out, INPUT_LABELS.record);
  if (existsSync(record)) cpSync(record, join(pack, INPUT_LABELS.record), { recursive: true });
  const within = parties === undefined ? undefined : relative(resolve(out), resolve(parties));
  const isWithin =
    within !== undefined && within.split(sep)[0] !== '..' && resolve(out, within) === resolve(parties ?? '');
  const apart = parties === undefined || isWithin ? undefined : openWork(parties);
  const own = parties === undefined ? {} : { parties: apart ?? join(pack, within ?? '') };
  const roots: readonly (readonly [draft: string, place: string])[] = [
    [pack, out],
    ...(apart === undefined || parties === undefined ? [] : [[apart, parties] as const]),
  ];
  const placeOf = (draft: string) => {
    const [from, to] = roots.find(([root]) => draft === root || draft.startsWith(`${root}${sep}`)) ?? [draft, draft];
    return join(to, relative(from, draft));
  };
  let isKept = false;
  return {
    places: { out: pack, ...own },
    work,
    placeOf,
    publish: (drafts) => {
      const moves = openMoves();
      try {
        publishPacks(moves, { work, pack, out }, { work: apart ?? work, drafts, placeOf });
      } catch (error) {
        // Where not even that is done, what lay there is in the drafts.
        isKept = true;
        moves.undo();
        isKept = false;
        throw error;
      }
    },
    close: () => {
      if (isKept) return;
      for (const folder of [work, ...(apart === undefined ? [] : [apart])]) {
        rmSync(folder, { recursive: true, force: true });
        const place = dirname(folder);
        if (isNew.has(resolve(place)) && readdirSync(place).length === 0) rmdirSync(place);
      }
    },
  };
}

/** Without what a run that was killed left behind: another audit may be writing packs of other parties there. */
function openWork(folder: string): string {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder))
    if (name.startsWith(WORK) && isLeftBehind(join(folder, name)))
      rmSync(join(folder, name), { recursive: true, force: true });
  return mkdtempSync(join(folder, `${WORK}${process.pid}-`));
}

/** Whether the process that made it is gone. In a container the next one often has the number of the one before. */
function isLeftBehind(work: string): boolean {
  const owner = Number(basename(work).slice(WORK.length).split('-')[0]);
  if (!Number.isInteger(owner) || owner <= 0) return true;
  if (owner === process.pid)
    return (statSync(work, { throwIfNoEntry: false })?.mtimeMs ?? 0) < Date.now() - process.uptime() * 1000;
  try {
    process.kill(owner, 0);
    return false;
  } catch (error) {
    return errorCode(error) === 'ESRCH';
  }
}

interface Moves {
  readonly move: (from: string, to: string) => void;
  /** Everything back, the last first. */
  readonly undo: () => void;
}

function openMoves(): Moves {
  const done: (readonly [from: string, to: string])[] = [];
  return {
    move: (from, to) => {
      mkdirSync(dirname(to), { recursive: true });
      renameSync(from, to);
      done.push([from, to]);
    },
    undo: () => {
      for (const [from, to] of done.toReversed()) {
        mkdirSync(dirname(from), { recursive: true });
        renameSync(to, from);
      }
    },
  };
}

interface OwnDrafts {
  /** Of the disk of their places. */
  readonly work: string;
  readonly drafts: readonly string[];
  readonly placeOf: DraftPacks['placeOf'];
}

/**
 * The signature goes first and comes last: what is between is no pack. What an earlier one had there, and this one has not,
 * goes; of the parties' folder nothing is touched but the packs that are replaced.
 */
function publishPacks(
  { move }: Moves,
  { work, pack, out }: { readonly work: string; readonly pack: string; readonly out: string },
  own: OwnDrafts,
): void {
  const former = listFormer(out);
  let aside = 0;
  const setAside = (path: string, folder: string) => {
    if (existsSync(path)) move(path, join(folder, FORMER, String(aside++)));
  };
  const last = [MANIFEST, MANIFEST_NOTE];
  for (const name of last.toReversed()) setAside(join(out, name), work);
  for (const file of former) setAside(join(out, file), work);
  const ready = own.drafts.map((draft, at) => [join(own.work, READY, String(at)), own.placeOf(draft)] as const);
  own.drafts.forEach((draft, at) => {
    move(draft, join(own.work, READY, String(at)));
    removeEmpty(dirname(draft), pack);
  });
  const names = readdirSync(pack).filter((name) => !last.includes(name));
  for (const name of names) {
    setAside(join(out, name), work);
    move(join(pack, name), join(out, name));
  }
  for (const [draft, place] of ready) {
    setAside(place, own.work);
    move(draft, place);
  }
  for (const name of last) move(join(pack, name), join(out, name));
}

/** What holds nothing any more. */
function removeEmpty(folder: string, root: string): void {
  for (let each = folder; each !== root && readdirSync(each).length === 0; each = dirname(each)) rmdirSync(each);
}

const manifestSchema = z.object({ files: z.array(z.object({ file: z.string() })) });

/** The files of the pack that lies there; whatever else does is not ours. */
function listFormer(out: string): readonly string[] {
  const path = join(out, MANIFEST);
  const manifest = existsSync(path) ? manifestSchema.safeParse(parseJson(readFileSync(path, 'utf8'))).data : undefined;
  const named = new Set(manifest?.files.map(({ file }) => file));
  return named.size === 0 ? [] : listPackFiles(out).filter((file) => named.has(file));
}
