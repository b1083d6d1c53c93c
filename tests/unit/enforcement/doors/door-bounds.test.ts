import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DOOR_BOUNDS } from '../../../../lib/domain/enforcement/doors/door-bounds';

const { refusals, permissions, seconds } = DOOR_BOUNDS;

test.each([
  ['docs/terms.md', [`${permissions} equal permissions`, `${refusals} refusals`, `last ${seconds} seconds`]],
  ['docs/registry.md', [`up to ${permissions} equal`, `up to ${refusals} a day`, `since ${seconds} seconds`]],
  ['README.md', [`${permissions + 1}st equal permission`, `${refusals + 1}st refusal`]],
])('%s says how much of what is decided at a door is on record whole', (page, said) => {
  const text = readFileSync(join(__dirname, '../../../..', page), 'utf8');
  for (const each of said) expect(text).toContain(each);
});
