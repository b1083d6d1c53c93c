import { checkSides } from '../../../lib/domain/room/check-sides';
import { parseRoom } from '../../../lib/domain/room/parse-room';
import { parseText, readCase } from '../agreement/agreement-cases';

const TEXT = readCase('valid', 'telco-retail.yaml');
const PRODUCT = 'via: { product: { productId: prod-1 } }';

/** An agreement in which one of the legs goes by the product. */
function place(name: string, from: string, rename = (text: string) => text) {
  const lines = rename(TEXT.replace(/^agreement: .*$/m, `agreement: ${name}`)).split('\n');
  let isLeg = false;
  const text = lines
    .map((line) => {
      if (/^\s*- \{? ?from: /.test(line)) isLeg = line.includes(`from: ${from}`);
      return isLeg ? line.replace(/via: (\{.*?\}\s*\}|[\w-]+)/, PRODUCT) : line;
    })
    .join('\n');
  expect(text).toContain(PRODUCT);
  const reading = parseText(text);
  if (reading.kind === 'invalid') throw new Error(JSON.stringify(reading));
  return reading;
}

test.each([
  ['one receiver', 'telco', 0],
  ['two receivers', 'retail', 1],
  ['one account of two names', 'telco', 0, (text: string) => text.replaceAll(/\bretail\b/g, 'shop')],
])('a product for %s, by two agreements of a room', (_, from, mistakes, rename = (text: string) => text) => {
  const room = parseRoom('room.yaml', 'agreements: agreements\n');
  if (room.kind === 'invalid') throw new Error('Not valid.');
  const findings = checkSides(room.room, room.place, [place('one', 'telco'), place('two', from, rename)]);
  const told = findings.filter(({ problem }) => problem.includes('this product'));
  expect(told.map(({ severity, remedy }) => [severity, remedy])).toEqual(
    Array(mistakes).fill(['error', 'Make a product for `telco`.']),
  );
});
