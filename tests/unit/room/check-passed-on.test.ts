import { checkSides } from '../../../lib/domain/room/check-sides';
import { parseRoom } from '../../../lib/domain/room/parse-room';
import { parseText, readCase } from '../agreement/agreement-cases';

const READING = parseText(readCase('valid', 'telco-retail.yaml'));

test.each([
  ['peers, as many as are passed on', 'topology: { peer: telco }', 100, 0],
  ['peers, one more', 'topology: { peer: telco }', 101, 1],
  ['one room for all', 'topology: hosted', 101, 0],
])('legs of one agreement: %s', (_, topology, count, mistakes) => {
  const read = parseRoom('room.yaml', `agreements: agreements\n${topology}\n`);
  if (read.kind === 'invalid' || READING.kind === 'invalid') throw new Error(JSON.stringify(read));
  const { agreement } = READING;
  const legs = Array.from({ length: count }, () => agreement.legs[0]).flatMap((leg) => leg ?? []);
  const findings = checkSides(read.room, read.place, [{ ...READING, agreement: { ...agreement, legs } }]);
  const told = findings.filter(({ problem }) => problem.startsWith('101 legs, '));
  expect(told.map(({ severity }) => severity)).toEqual(Array(mistakes).fill('error'));
});
