import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import loadAssembler from 'wabt';

const AUDIT = join(__dirname, '../lib/audit');
const SOURCE = 'walk-record.wat';
export const WALKER_CODE = join(AUDIT, 'walk-record-code.ts');

/** The text of the module that holds what `walk-record.wat` is assembled to. */
export async function assembleWalker(): Promise<string> {
  const assembler = await loadAssembler();
  const module = assembler.parseWat(SOURCE, readFileSync(join(AUDIT, SOURCE), 'utf8'), { simd: true });
  const code = Buffer.from(module.toBinary({}).buffer).toString('base64');
  module.destroy();
  const lines = code.match(/.{1,110}/g)?.map((line) => `  '${line}'`) ?? [];
  return `/** Assembled from ${SOURCE} by \`npm run walker\`. */\nexport const WALKER_CODE = [\n${lines.join(',\n')},\n].join('');\n`;
}

if (require.main === module) assembleWalker().then((text) => writeFileSync(WALKER_CODE, text));
