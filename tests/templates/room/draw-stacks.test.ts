import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawExampleRoom, insertPicture } from '../../../lib/cli/draw-example-room';
import { drawStacks } from '../../../lib/domain/room/draw-stacks';

const ROOT = join(__dirname, '../../..');

test('the picture in the documents is what is synthesized now (else: npm run picture)', () => {
  const text = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');
  expect(text).toBe(insertPicture(text, drawExampleRoom(join(ROOT, 'room.yaml'))));
});

test('a stack is drawn with what it holds, and an arrow from each that it needs at once', () => {
  const bucket = { Type: 'AWS::S3::Bucket' };
  const drawn = drawStacks([
    {
      id: 'A',
      dependencies: [],
      template: { Resources: { K: { Type: 'AWS::KMS::Key' }, L: { Type: 'AWS::KMS::Key' } } },
    },
    {
      id: 'B',
      dependencies: ['A'],
      template: { Resources: { LandingF95672E9: bucket, R: { Type: 'AWS::IAM::Role' } } },
    },
    { id: 'C-1', dependencies: ['A', 'B', 'elsewhere'], template: { Resources: {} } },
  ]);
  expect(drawn.split('\n')).toEqual([
    '```mermaid',
    'flowchart TB',
    '  A["<b>A</b><br/>2 keys"]',
    '  B["<b>B</b><br/>bucket: Landing"]',
    '  C_1["<b>C-1</b>"]',
    '  A --> B',
    '  B --> C_1',
    '```',
  ]);
});

test('a text without the marks is left alone', () => {
  expect(() => insertPicture('no marks', 'picture')).toThrow('has no');
});
