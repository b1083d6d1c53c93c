import { checkSides } from '../../../lib/domain/room/check-sides';
import { parseRoom } from '../../../lib/domain/room/parse-room';
import { parseText, readCase } from '../agreement/agreement-cases';

const TEXT = readCase('valid', 'telco-retail.yaml');

/** What is said of how long logs are kept: of a term of 2026, and thirty days until all is destroyed. */
function judge(logs: string) {
  const reading = parseRoom('room.yaml', `agreements: agreements\nretention: { logs: ${logs} }\n`);
  const agreement = parseText(TEXT);
  if (reading.kind === 'invalid' || agreement.kind === 'invalid') throw new Error('Not valid.');
  const findings = checkSides(reading.room, reading.place, [agreement]);
  return findings.filter(({ path }) => path === 'retention.logs').map(({ severity, remedy }) => [severity, remedy]);
}

test.each([
  ['P395D', []],
  ['P394D', [['warning', expect.stringContaining('`logs: P395D`')]]],
])('logs that are kept for %s', (logs, expected) => {
  expect(judge(logs)).toEqual(expected);
});
