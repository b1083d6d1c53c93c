import fc from 'fast-check';
import { formatInputLine, parseInputLine } from '../../../lib/audit/grounds/input-list';
import { INPUT_LABELS, type InputLabel, nameInput, splitInputName } from '../../../lib/audit/grounds/input-names';

/** Paths as a walk through a folder gives them: hostile, but never absolute, and without empty parts. */
const part = fc.oneof(
  fc.constantFrom(...Object.values(INPUT_LABELS), 'a', '\n', '\\', '\\n', '\r', 'x  y', '‮', '...'),
  fc.string({ minLength: 1, unit: 'grapheme' }).map((text) => text.replaceAll('/', '|')),
);
const path = fc
  .array(part, { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join('/'))
  .filter((text) => !/(^|\/)\.\.?(\/|$)/.test(text));
const label = fc.constantFrom<InputLabel>('', ...Object.values(INPUT_LABELS));

test('every input has a name of its own, that tells which it is', () => {
  fc.assert(
    fc.property(label, path, (given, file) => {
      expect(splitInputName(nameInput(given, file))).toEqual({ label: given, file });
    }),
    { numRuns: 2000, seed: 6 },
  );
});

test('a name cannot pass for another, or for two: its line is one, and is read back as it was', () => {
  const sha256 = 'ab'.repeat(32);
  fc.assert(
    fc.property(path, (file) => {
      const line = formatInputLine({ file, sha256 });
      expect(line).not.toMatch(/[\n\r]/);
      expect(parseInputLine(line)).toEqual({ file, sha256 });
    }),
    { numRuns: 2000, seed: 6 },
  );
});

test.each([[''], ['ab  x'], [`${'ab'.repeat(32)} x`], [`${'ab'.repeat(32)}  `]])('%j names no input', (line) => {
  expect(parseInputLine(line)).toBeUndefined();
});
