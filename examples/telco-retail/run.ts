import { join, relative } from 'node:path';
import { runCli } from '../../lib/cli/run-cli';
import { generateTelcoRetail } from './generate';

/** `npm start`: makes both companies' files, then rehearses the barter as anybody would with files of their own. */
async function runExample(): Promise<number> {
  const here = relative(process.cwd(), __dirname);
  const data = join('out', 'telco-retail-data');
  const out = join('out', 'telco-retail');
  console.error('Making the files that the two companies deliver (about half a million rows) …');
  const { usage, purchases } = await generateTelcoRetail({ directory: data });
  const args = [
    'rehearse',
    join(here, 'agreement.yaml'),
    '--data',
    `usage=${usage}`,
    '--data',
    `purchases=${purchases}`,
    '--out',
    out,
  ];
  console.error(`$ npx barter ${args.join(' ')}`);
  return runCli(args);
}

runExample().then((exitCode) => {
  process.exitCode = exitCode;
});
