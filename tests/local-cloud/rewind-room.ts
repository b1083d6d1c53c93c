import { serialize } from 'node:v8';
import type { Moto } from './start-moto';

/** Takes a room back to a moment that it remembers, all that its cloud knows. Functions stay as warm as they are. */
export interface Rewinder {
  /** Keeps this moment, beside those before it. */
  remember(): Promise<void>;
  /** Back to the last moment that was kept. */
  rewind(): Promise<void>;
  /** Back there, and the moment is kept no longer: the last one is the one before. */
  forget(): Promise<void>;
  /** What there is by now, to be compared: what stand-ins know; all that moto does, where `isWhole`. */
  describe(isWhole: boolean): Promise<string>;
}

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
    describe: async (isWhole) => `${await standIns.describe(isWhole)}${isWhole ? await moto.fingerprint() : ''}`,
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
    describe: async () => serialize(collections).toString('latin1'),
  };
}

function refill(collection: Collection, was: Collection): void {
  if (Array.isArray(collection)) collection.splice(0, Number.POSITIVE_INFINITY, ...(was as readonly unknown[]));
  else {
    collection.clear();
    for (const [key, value] of was as Map<unknown, unknown>) collection.set(key, value);
  }
}
