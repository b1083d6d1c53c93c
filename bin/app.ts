import { App } from 'aws-cdk-lib';
import { EXIT, InvalidInput } from '../lib/cli/describe/exit-code';
import { drawRoom } from '../lib/cli/draw-room';
import { loadRoom } from '../lib/cli/read/load-room';
import { formatFinding } from '../lib/domain/agreement/yaml/finding';

// What `cdk` runs: room.yaml and the agreements it names, as stacks. Nothing is synthesized from a file that has an error.
const loaded = loadRoom('room.yaml');
const findings = loaded.kind === 'valid' ? loaded.warnings : loaded.findings;
for (const finding of findings) console.error(formatFinding(finding));
if (loaded.kind === 'valid') draw(loaded);
else process.exitCode = EXIT.invalid;

function draw(room: Extract<typeof loaded, { readonly kind: 'valid' }>): void {
  try {
    drawRoom(new App({ autoSynth: false }), room);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    console.error(error.message);
    process.exitCode = EXIT.invalid;
  }
}
