import { App } from 'aws-cdk-lib';
import { EXIT } from '../lib/cli/exit-code';
import { loadRoom } from '../lib/cli/load-room';
import { formatFinding } from '../lib/domain/agreement/finding';
import { planAgreement } from '../lib/domain/agreement/plan-agreement';
import { buildRoom } from '../lib/stacks/build-room';

// What `cdk` runs: room.yaml and the agreements it names, as stacks. Nothing is synthesized from a file that has an error.
const loaded = loadRoom('room.yaml');
const findings = loaded.kind === 'valid' ? loaded.warnings : loaded.findings;
for (const finding of findings) console.error(formatFinding(finding));
if (loaded.kind === 'valid') buildRoom(new App(), loaded.room, loaded.agreements.map(planAgreement));
else process.exitCode = EXIT.invalid;
