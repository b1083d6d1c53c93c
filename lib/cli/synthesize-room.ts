import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import cdkJson from '../../cdk.json';
import type { LoadedRoom } from './read/load-room';

export interface SynthesizedStack {
  readonly id: string;
  /** Ids of the stacks that are deployed before it. */
  readonly dependencies: readonly string[];
  readonly template: { readonly Resources: Readonly<Record<string, { readonly Type: string }>> };
}

/**
 * The templates that `cdk synth` would write of this room. What makes them is slow to load, so it is loaded here.
 * @throws InvalidInput where an agreement is more than a stack can hold.
 */
export function synthesizeRoom(loaded: Extract<LoadedRoom, { readonly kind: 'valid' }>): readonly SynthesizedStack[] {
  // `import()` would bypass the loader that bin/barter.js puts in place.
  const { App }: typeof import('aws-cdk-lib') = require('aws-cdk-lib');
  const { drawRoom }: typeof import('./draw-room') = require('./draw-room');
  const outdir = mkdtempSync(join(tmpdir(), 'barter-room-'));
  try {
    // The code of functions is not needed, only that they are there.
    const app = new App({ outdir, context: { ...cdkJson.context, 'aws:cdk:bundling-stacks': [] } });
    const { stacks } = drawRoom(app, loaded);
    const names = new Set(stacks.map(({ id }) => id));
    return stacks.map(({ id, template, dependencies }) => ({
      id,
      template,
      dependencies: dependencies.flatMap((each) => (names.has(each.id) ? [each.id] : [])),
    }));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
