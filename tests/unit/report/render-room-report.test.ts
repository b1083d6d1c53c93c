import fc from 'fast-check';
import type { Plan } from '../../../lib/domain/agreement/plan/plan';
import { buildRoomReport } from '../../../lib/domain/exchange/report/build-room-report';
import type { RoomReport } from '../../../lib/domain/exchange/report/room-report';
import type { RoundOutcome } from '../../../lib/domain/exchange/rounds/round';
import { formatCount, formatShare } from '../../../lib/domain/format';
import { renderRoomReport } from '../../../lib/report/render-room-report';
import { CODE_POINT } from '../../fixtures/code-point';
import { deliverRound, SECRET_DETAIL, withholdRound } from '../../fixtures/round-outcome';
import { makeCrowdedPlan, makePlanWithoutClasses, makeRingPlan, makeTwoPartyPlan } from '../../fixtures/sample-plan';

const META = { toolVersion: '0.1.0', produced: '2026-03-02' };
const HOSTILE = `<script>alert(1)</script>"><img src=x onerror=alert(1)>' ]]> \u202Eevil`;

function report(plan: Plan, round: (plan: Plan) => RoundOutcome = deliverRound): RoomReport {
  return buildRoomReport(plan, round(plan), META);
}

const SAMPLES: readonly (readonly [string, () => RoomReport])[] = [
  ['two parties, delivered', () => report(makeTwoPartyPlan())],
  ['two parties, withheld', () => report(makeTwoPartyPlan(), withholdRound)],
  ['three parties in a ring', () => report(makeRingPlan())],
  ['no classes', () => report(makePlanWithoutClasses())],
  ['ten parties, twenty legs', () => report(makeCrowdedPlan(10, 20))],
  ['hostile names', () => report(makeHostilePlan(HOSTILE), (plan) => makeHostile(withholdRound(plan), HOSTILE))],
];

/** What a reader sees, as one line of text. */
function textOf(page: string): string {
  const body = page.slice(page.indexOf('<body>'));
  const text = body
    .replace(/<[^>]*>/g, ' ')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'");
  return text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&').replace(/\s+/g, ' ');
}

describe.each(SAMPLES)('%s', (_, make) => {
  const page = renderRoomReport(make());

  test('is the same page for the same report', () => expect(renderRoomReport(make())).toBe(page));

  test('forbids and asks for nothing from outside', () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? '';
    expect(policy).toMatch(/^default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; img-src data:/);
    expect(page).not.toMatch(
      /https?:|<script|<link(?! rel="icon" href="data:,">)|<(img|iframe|object|embed|form|base)\b|@import/i,
    );
    expect(page).not.toMatch(/url\((?!#leg-\d+-hatch\))/);
    // Attributes that run code; a hostile text's own quotes are escaped, so it has none.
    expect(page).not.toMatch(/<[^>]*\son\w+="/);
  });

  test('has a language, a title, landmarks and headings in order', () => {
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(page).toMatch(/<title>[^<]+<\/title>/);
    for (const landmark of ['header', 'nav', 'main', 'footer']) expect(page).toContain(`<${landmark}`);
    const levels = [...page.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    levels.forEach((level, at) => {
      expect(level - (levels[at - 1] ?? 0)).toBeLessThanOrEqual(1);
    });
  });

  test('describes every drawing, and names nothing that is not there', () => {
    const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id ?? '');
    expect(new Set(ids).size).toBe(ids.length);
    const references = [...page.matchAll(/aria-(?:labelledby|describedby)="([^"]*)"|href="#([^"]*)"/g)];
    for (const [, named, linked] of references) expect(ids).toContain(named ?? linked);
    const drawings = [...page.matchAll(/<svg(?! x=)([^>]*)>(<title id="[^"]*">[^<]+<\/title>)?/g)];
    for (const [, attributes, title] of drawings) {
      expect(attributes).toContain('role="img"');
      expect(title).toBeDefined();
    }
  });

  test('gives every table a caption and every header cell a scope', () => {
    const tables = page.split('<table').slice(1);
    for (const table of tables) expect(table).toMatch(/^[^>]*><caption>[^<]+<\/caption>/);
    for (const [cell] of page.matchAll(/<th\b[^>]*>/g)) expect(cell).toMatch(/scope="(col|row)"/);
  });

  test('lists every party, clause, column and gate, and the figures of every leg', () => {
    const text = textOf(page);
    const { parties, clauses, legs } = make();
    for (const { name } of parties) expect(text).toContain(visible(name));
    for (const clause of clauses) expect(text).toContain(`${clause.id} ${visible(clause.text)}`);
    for (const leg of legs) {
      for (const column of leg.columns) expect(text).toContain(visible(column.name));
      for (const { finding } of leg.gates.filter((gate) => 'finding' in gate)) expect(text).toContain(visible(finding));
      const { rows, certificate } = leg;
      for (const count of rows ? [rows.received, rows.rejected, rows.suppressed, rows.released] : []) {
        expect(text).toContain(`${formatCount(count)} · ${formatShare(count / (rows?.received ?? 1))}`);
      }
      for (const { rows: count, reason } of rows?.rejectedBy ?? [])
        expect(text).toContain(`${visible(reason)} ${formatCount(count)}`);
      if (certificate === undefined) continue;
      expect(text).toContain(certificate.hashes.output);
      expect(text).toContain(certificate.hashes.plan);
      for (const assumption of certificate.assumptions) expect(text).toContain(visible(assumption));
      const { privacy, risk } = certificate;
      if (privacy === undefined || risk === undefined) continue;
      expect(text).toContain(`${privacy.k} subjects ✓ holds`);
      expect(text).toContain(`${formatShare(risk.before.marketer)} ${formatShare(risk.after.marketer)}`);
      for (const { from, to, classes } of privacy.classSizes) {
        expect(text).toContain(`${formatCount(from)}–${formatCount(to)} ${formatCount(classes)}`);
      }
      if (privacy.linkedK === undefined) continue;
      expect(text).toContain(`at least ${privacy.linkedK} subjects`);
      expect(text).toContain('The risks told here are those of these groups');
    }
  });

  test('never claims that the data is anonymous, and never tells what is for one party alone', () => {
    expect(page).not.toMatch(/\banonymous|anonymi[sz]ed/i);
    expect(page).not.toContain(SECRET_DETAIL);
    expect(page).not.toContain('gold-plated-oddity');
  });

  test('shows no control that could reorder a line', () => expect(page).not.toMatch(/\p{Bidi_Control}/u));
});

/** As the page shows it: control characters by their code, white space folded. */
function visible(text: string): string {
  return text.replace(/\u202E/g, '[U+202E]').replace(/\s+/g, ' ');
}

function makeHostilePlan(text: string): Plan {
  const plan = makeTwoPartyPlan();
  return {
    ...plan,
    agreement: { ...plan.agreement, title: text },
    parties: plan.parties.map((party) => ({ ...party, name: text })),
    datasets: plan.datasets.map((dataset) => ({
      ...dataset,
      title: text,
      columns: [...dataset.columns, { ...dataset.columns[0]!, name: text }],
    })),
    controls: plan.controls.map((control) => ({ ...control, title: text, setting: text })),
    clauses: plan.clauses.map((clause) => ({ ...clause, text })),
  };
}

function makeHostile(outcome: RoundOutcome, text: string): RoundOutcome {
  return {
    ...outcome,
    legs: outcome.legs.map((leg) => ({
      ...leg,
      gates: leg.gates.map((gate) => ({ ...gate, finding: text, remedy: text })),
      ...(leg.rows && { rows: { ...leg.rows, rejectedBy: [{ reason: text, rows: 7 }] } }),
      ...(leg.certificate && {
        certificate: {
          ...leg.certificate,
          assumptions: [text],
          hashes: { ...leg.certificate.hashes, input: text },
        },
      }),
    })),
  };
}

test('no text of an agreement or a round adds a tag, whatever it holds', () => {
  const tags = (text: string): number => {
    const page = renderRoomReport(report(makeHostilePlan(text), (plan) => makeHostile(withholdRound(plan), text)));
    return page.split('<').length;
  };
  const plain = tags('plain');
  fc.assert(
    fc.property(fc.string({ unit: CODE_POINT, minLength: 1 }), (text) => {
      expect(tags(text)).toBe(plain);
    }),
    { numRuns: 40 },
  );
});

test('an agreement of ten parties and twenty legs stays below a megabyte', () => {
  const page = renderRoomReport(report(makeCrowdedPlan(10, 20)));
  expect(Buffer.byteLength(page)).toBeLessThan(1_000_000);
});

test('a withheld round says so first, and then why and what to change', () => {
  const page = renderRoomReport(report(makeTwoPartyPlan(), withholdRound));
  const text = textOf(page);
  expect(page).toContain('<title>Withheld: ');
  const order = [
    'Withheld: nothing was delivered',
    '1 of 2 releases did not pass. The other release was not handed over either',
    'segment.csv lacks 3 values of column segment of usage.',
    'To change: Add the values to the hierarchy file',
    'The swap at a glance',
    'stopped: hierarchies',
    'rows held back',
    'Accepted, not treated',
  ].map((words) => text.indexOf(words));
  expect(order).not.toContain(-1);
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(text).not.toContain('certificate.json');
});

test('an unfair round that the agreement only warns of is delivered with the warning on top', () => {
  const plan = makeTwoPartyPlan();
  const outcome = deliverRound(plan);
  const balance = outcome.balance.map((party) => ({ ...party, difference: -0.31, withinTolerance: false }));
  const text = textOf(renderRoomReport(buildRoomReport(plan, { ...outcome, balance }, META)));
  expect(text).toMatch(
    /Both releases delivered .* outside the agreed tolerance for Northwind Mobile , Harbour Stores .* The swap at a glance/,
  );
  expect(text).toContain('−31 % ✕ outside');
});

test('a reason that stops every leg is told once', () => {
  const plan = makeRingPlan();
  const outcome = deliverRound(plan);
  const finding = 'telco gets 40 % less than it gives; the agreement allows 20 %.';
  const legs = outcome.legs.map((leg) => ({
    ...leg,
    gates: leg.gates.map((gate) => (gate.gate === 'fairness' ? { ...gate, passed: false, finding } : gate)),
  }));
  const text = textOf(renderRoomReport(buildRoomReport(plan, { ...outcome, kind: 'withheld', legs }, META)));
  const top = text.slice(0, text.indexOf('The swap at a glance'));
  expect(top.split(finding)).toHaveLength(2);
  for (const dataset of ['usage', 'purchases', 'visits']) expect(top).toContain(`${dataset} from `);
  expect(text).toContain('3 of 3 releases did not pass.');
  expect(text).toContain('stopped: fairness');
});

test('the footer says where each certificate is, and where the rows of a query-only leg stay', () => {
  const plan = makeTwoPartyPlan();
  const legs = plan.legs.map((leg, at) => (at === 0 ? { ...leg, via: { kind: 'query-only' } as const } : leg));
  const text = textOf(renderRoomReport(report({ ...plan, legs })));
  expect(text).toContain('retail/inbox/usage/certificate.json');
  expect(text).toContain('telco/inbox/purchases/certificate.json');
  expect(text).toContain('telco/held/retail/usage/release.parquet');
});

test('the outline of a delivered barter', () => {
  const page = renderRoomReport(report(makeTwoPartyPlan()));
  const headings = [...page.matchAll(/<h([1-6])[^>]*>(.*?)<\/h\1>/gs)];
  const outline = headings.map(
    ([, level, text]) => `${'  '.repeat(Number(level) - 1)}${textOf(`<body>${text}`).trim()}`,
  );
  expect(outline.join('\n')).toMatchInlineSnapshot(`
"Both releases delivered
  The swap at a glance
    Who gave what to whom
    Fairness
  Leg by leg
    Mobile usage per month NM Northwind Mobile → to HS Harbour Stores
      From delivery to release
      Gates
      Class sizes
      Measured against the agreed floor
      What happened to each column
      How the classes were found
      Risk before and after
      Measured under these assumptions
    Purchases per basket HS Harbour Stores → to NM Northwind Mobile
      From delivery to release
      Gates
      Class sizes
      Measured against the agreed floor
      What happened to each column
      How the classes were found
      Risk before and after
      Measured under these assumptions
  What each clause rests on
  How to verify
  About this report"
`);
});

test('says of each leg how its classes were found, how far from the best they may be, and what they are worth', () => {
  const text = textOf(renderRoomReport(report(makeCrowdedPlan(4, 4))));
  for (const wanted of [
    'Full-domain One level per column, the same for all rows. Proven: no other levels lose less.',
    'Multidimensional: higher risk',
    'The search was ended by its time limit: proven to be within 3.4 % of the best there is.',
    'The levels are those of the earlier rounds.',
    'Average class (AECS) 38.4 rows',
    'Discernibility 0.21 % of all accepted rows',
  ])
    expect(text).toContain(wanted);
});
