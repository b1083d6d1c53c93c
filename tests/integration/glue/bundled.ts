import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type { readSchema as ReadSchema } from '../../../lambda/shared/read-schema';
import type { ReadColumns } from '../../../lambda/solve-generalisation/read-histogram';

const folder = mkdtempSync(join(tmpdir(), 'bundled-'));

/** Parquet readers as functions are bundled: their library is not one that jest can load. */
export const readColumns: ReadColumns = bundle('read-columns').readColumns;
export const readSchema: typeof ReadSchema = bundle('read-schema').readSchema;

function bundle(name: string) {
  const outfile = join(folder, `${name}.js`);
  const entry = join(__dirname, `../../../lambda/shared/${name}.ts`);
  buildSync({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'cjs', target: 'node20' });
  return require(outfile);
}
