import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawExampleRoom, insertPicture } from '../lib/cli/draw-example-room';

// `npm run picture`: draws the stacks of this repository's own room into docs/architecture.md.
const file = join(__dirname, '../docs/architecture.md');
writeFileSync(file, insertPicture(readFileSync(file, 'utf8'), drawExampleRoom(join(__dirname, '../room.yaml'))));
