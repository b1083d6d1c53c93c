import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT_FOLDER } from '../root-folder';

const manifest: { version: string } = JSON.parse(readFileSync(join(ROOT_FOLDER, 'package.json'), 'utf8'));

/** As in package.json; certificates name it. */
export const TOOL_VERSION = manifest.version;
