import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const manifest: { version: string } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8'));

/** As in package.json; certificates name it. */
export const TOOL_VERSION = manifest.version;
