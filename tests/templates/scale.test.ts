import { buildRoom } from '../../lib/stacks/build-room';
import { planNamed } from '../fixtures/plan';
import { makeRoom } from '../fixtures/room';
import { newApp } from '../fixtures/template';

const ROOM = makeRoom({ agreements: 'agreements' });
const MANY = 30;
/** CloudFormation takes 500 resources and a template of a million bytes. */
const MAX_RESOURCES = 460;
const MAX_BYTES = 500_000;

function synthesize(agreements: number) {
  const app = newApp();
  const plans = Array.from({ length: agreements }, (_, index) => planNamed(`agreement-${index}`));
  buildRoom(app, ROOM, plans);
  return new Map(app.synth().stacks.map(({ id, template }) => [id, template]));
}

const one = synthesize(1);
const many = synthesize(MANY);

test('each agreement is a stack of its own', () => {
  expect(many.size - one.size).toBe(MANY - 1);
});

test('no stack comes near what CloudFormation takes', () => {
  for (const [id, template] of many) {
    const size = { id, resources: Object.keys(template.Resources).length, bytes: JSON.stringify(template).length };
    const { resources, bytes } = size;
    expect({ ...size, fits: resources <= MAX_RESOURCES && bytes <= MAX_BYTES }).toEqual({ ...size, fits: true });
  }
});

test('a room that gains agreements leaves the stack of each other as it was', () => {
  expect(many.get('BarterAgreement-agreement-0')).toEqual(one.get('BarterAgreement-agreement-0'));
});
