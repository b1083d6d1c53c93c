import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import * as z from 'zod';
import { parseJson } from '../../domain/parse-json';
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
  /** Puts the drafts where they belong. @param own the drafts of the parties' packs */
  readonly publish: (own: readonly string[]) => void;
  /** Removes what is left of them. */
  readonly close: () => void;
}

/** Hidden, and in the folder itself, so that what is done there can be moved: another may be of another disk. */
const WORK = '.work-';

/** Whatever fails until `publish`, nothing that lay in the folders is changed. */
export function openDrafts({ out, parties }: PackPlaces): DraftPacks {
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
  return {
    places: { out: pack, ...own },
    work,
    placeOf,
    publish: (drafts) => {
      if (apart !== undefined) for (const draft of drafts) replace(draft, placeOf(draft));
      publishPack(pack, out);
    },
    close: () => {
      for (const folder of [work, ...(apart === undefined ? [] : [apart])])
        rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Without what a run that was killed left behind. */
function openWork(folder: string): string {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder))
    if (name.startsWith(WORK)) rmSync(join(folder, name), { recursive: true, force: true });
  return mkdtempSync(join(folder, WORK));
}

/** The signature goes first and comes last: what is between is no pack. What an earlier one had there, and this one has not, goes. */
function publishPack(draft: string, out: string): void {
  const former = listFormer(out);
  const last = [MANIFEST, MANIFEST_NOTE];
  for (const name of last.toReversed()) rmSync(join(out, name), { force: true });
  for (const file of former) rmSync(join(out, file), { force: true });
  const names = readdirSync(draft).filter((name) => !last.includes(name));
  for (const name of [...names, ...last]) replace(join(draft, name), join(out, name));
}

function replace(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  rmSync(to, { recursive: true, force: true });
  renameSync(from, to);
}

const manifestSchema = z.object({ files: z.array(z.object({ file: z.string() })) });

/** The files of the pack that lies there; whatever else does is not ours. */
function listFormer(out: string): readonly string[] {
  const path = join(out, MANIFEST);
  const manifest = existsSync(path) ? manifestSchema.safeParse(parseJson(readFileSync(path, 'utf8'))).data : undefined;
  const named = new Set(manifest?.files.map(({ file }) => file));
  return named.size === 0 ? [] : listPackFiles(out).filter((file) => named.has(file));
}
