import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import loadAssembler from 'wabt';

const LIB = join(__dirname, '../lib');

/** What is written in WebAssembly, and the module that holds what it is assembled to. */
export const KERNELS = [
  { source: 'audit/logs/walk-record.wat', code: 'audit/logs/walk-record-code.ts', name: 'WALKER_CODE' },
  {
    source: 'domain/privacy/search/count-rows.wat',
    code: 'domain/privacy/search/count-rows-code.ts',
    name: 'COUNT_ROWS_CODE',
  },
].map(({ source, code, name }) => ({ source: join(LIB, source), code: join(LIB, code), name }));

/** The text of the module: the code in base 64. */
export async function assembleKernel({ source, name }: (typeof KERNELS)[number]): Promise<string> {
  const assembler = await loadAssembler();
  const module = assembler.parseWat(source, readFileSync(source, 'utf8'), { simd: true, bulk_memory: true });
  const code = Buffer.from(module.toBinary({}).buffer).toString('base64');
  module.destroy();
  const lines = code.match(/.{1,110}/g)?.map((line) => `  '${line}'`) ?? [];
  const file = source.split('/').at(-1);
  return `/** Assembled from ${file} by \`npm run kernels\`. */\nexport const ${name} = [\n${lines.join(',\n')},\n].join('');\n`;
}

async function assembleKernels(): Promise<void> {
  for (const kernel of KERNELS) writeFileSync(kernel.code, await assembleKernel(kernel));
}

if (require.main === module) assembleKernels();
