import type { Moto } from './start-moto';

/** Takes a room back to a moment that it remembers, all that its cloud knows. Functions stay as warm as they are. */
export interface Rewinder {
  /** Keeps this moment, beside those before it. */
  remember(): Promise<void>;
  /** Back to the last moment that was kept. */
  rewind(): Promise<void>;
  /** Back there, and the moment is kept no longer: the last one is the one before. */
  forget(): Promise<void>;
  /** What there is by now, to be compared. */
  describe(how: Comparison): Promise<string>;
}

/** What stand-ins know; that and all that moto does; all, but for seconds and for names drawn by chance. */
export type Comparison = 'stand-ins' | 'whole' | 'likeness';

/** What a stand-in knows, in whose place nothing else may be put: it is filled anew. */
export type Collection = Map<unknown, unknown> | unknown[];

/** moto goes back by itself. */
export function rewindRoom(moto: Moto, collections: readonly Collection[]): Rewinder {
  const standIns = rewindCollections(collections);
  const both = (act: 'remember' | 'rewind' | 'forget') => async () => {
    await standIns[act]();
    await moto[act]();
  };
  return {
    remember: both('remember'),
    rewind: both('rewind'),
    forget: both('forget'),
    describe: async (how) => {
      const ofMoto = how === 'stand-ins' ? '' : await (how === 'whole' ? moto.fingerprint() : moto.likeness());
      return `${await standIns.describe(how)}${ofMoto}`;
    },
  };
}

export function rewindCollections(collections: readonly Collection[]): Rewinder {
  const kept: (readonly Collection[])[] = [];
  const rewind = async () => {
    for (const [index, was] of structuredClone(kept.at(-1) ?? []).entries()) refill(collections[index]!, was);
  };
  return {
    async remember() {
      kept.push(structuredClone(collections));
    },
    rewind,
    async forget() {
      await rewind();
      kept.pop();
    },
    describe: async (how) => {
      const text = JSON.stringify(collections, writeCollection);
      return how === 'likeness' ? placeDrawn(text.replace(SECONDS, '$1').replace(SIGNATURE, 'signature')) : text;
    },
  };
}

const SECONDS = /(\d{4}-\d\d-\d\dT\d\d:\d\d):\d\d(\.\d+)?/g;
/** By ECDSA. */
const SIGNATURE = /\bME[A-Za-z0-9+/]{90,94}={0,2}/g;

const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Who is known by a name that was drawn by chance goes by its place among such. */
function placeDrawn(text: string): string {
  const places = new Map<string, number>();
  return text.replace(UUID, (drawn) => {
    const place = places.get(drawn) ?? places.size;
    places.set(drawn, place);
    return `drawn ${place}`;
  });
}

/** JSON has none. */
function writeCollection(_: string, value: unknown): unknown {
  // What was cloned is of another realm to a test.
  const kind = Object.prototype.toString.call(value);
  return kind === '[object Map]' || kind === '[object Set]' ? [kind, ...(value as Iterable<unknown>)] : value;
}

function refill(collection: Collection, was: Collection): void {
  if (Array.isArray(collection)) collection.splice(0, Number.POSITIVE_INFINITY, ...(was as readonly unknown[]));
  else {
    collection.clear();
    for (const [key, value] of was as Map<unknown, unknown>) collection.set(key, value);
  }
}
