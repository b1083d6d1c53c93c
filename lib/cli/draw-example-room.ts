import { formatFinding } from '../domain/agreement/yaml/finding';
import { drawStacks } from '../domain/room/draw-stacks';
import { InvalidInput } from './describe/exit-code';
import { loadRoom } from './read/load-room';
import { synthesizeRoom } from './synthesize-room';

/** The picture of a room's stacks, as `docs/architecture.md` has it of this repository's own. */
export function drawExampleRoom(file: string): string {
  const loaded = loadRoom(file);
  if (loaded.kind === 'invalid') throw new InvalidInput(loaded.findings.map(formatFinding).join('\n'));
  return drawStacks(synthesizeRoom(loaded));
}

const BEGIN = '<!-- drawn by `npm run picture` from what `cdk synth` makes of room.yaml -->';
const END = '<!-- end of the picture -->';

/** @throws Error for a text without the marks that the picture stands between. */
export function insertPicture(text: string, picture: string): string {
  const [before, rest] = text.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`The text has no ${BEGIN} … ${END}.`);
  return `${before}${BEGIN}\n\n${picture}\n\n${END}${after}`;
}
