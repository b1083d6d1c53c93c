import type { AuditReport, CoverageRun } from '../../../../lib/domain/audit/report/audit-report';
import type { ReportedException } from '../../../../lib/domain/audit/report/reported-exception';
import { drawAccountFlow } from '../../../../lib/report/audit/account-flow';
import { openAuditPage } from '../../../../lib/report/audit/audit-page';
import { drawCoverage } from '../../../../lib/report/audit/coverage';
import { drawHeatmap } from '../../../../lib/report/audit/heatmap';
import { drawTimeline } from '../../../../lib/report/audit/timeline';
import { renderInputs } from '../../../../lib/report/audit/trust';
import { type Markup, renderMarkup } from '../../../../lib/report/html';
import { tellAuditStory } from '../../../fixtures/audit-story';
import { pageOfStory } from '../../../fixtures/page-of-story';

/** A week, so that a bar holds two hours; all figures are by hand. */
const STORY = tellAuditStory({ accesses: 1, quiet: true });
const [TELCO, RETAIL, CLINIC] = STORY.report.parties;
const ROOM = STORY.report.header.room.accounts[0]!;
const STRANGER = '777766665555';

const BY_HOUR: AuditReport['accesses']['byHour'] = [
  { hour: '2026-03-02T00:00:00Z', party: 'retail', dataset: 'usage', accesses: 3, refused: 1 },
  { hour: '2026-03-02T01:00:00Z', party: 'retail', dataset: 'usage', accesses: 5, refused: 0 },
  { hour: '2026-03-02T01:00:00Z', party: 'clinic', dataset: 'purchases', accesses: 4, refused: 0 },
  { hour: '2026-03-04T07:00:00Z', party: 'clinic', dataset: 'purchases', accesses: 6, refused: 0 },
  { hour: '2026-03-08T23:00:00Z', party: 'retail', dataset: 'visits', accesses: 2, refused: 0 },
  { hour: '2026-03-08T23:00:00Z', accesses: 7, refused: 0 },
];

const FLOWS: AuditReport['accesses']['flows'] = [
  { from: ROOM, to: CLINIC!.account, accesses: 10, bytes: 4_000_000 },
  { from: RETAIL!.account, to: ROOM, accesses: 8, bytes: 1_000_000 },
  { from: ROOM, to: ROOM, accesses: 30, bytes: 500_000 },
  { to: STRANGER, accesses: 1, bytes: 200 },
];

const RUNS: readonly (readonly [hours: number, state: CoverageRun['state']])[] = [
  [24, 'validated'],
  [12, 'quiet'],
  [6, 'silent'],
  [48, 'partly-validated'],
  [30, 'logged'],
  [48, 'incomplete'],
];

function raise(kind: 'bypass' | 'coverage-gap' | 'unused-decision', at: string, whose = {}): ReportedException {
  const severity = ({ bypass: 'breach', 'coverage-gap': 'gap', 'unused-decision': 'notice' } as const)[kind];
  return { kind, severity, at, detail: '', evidence: [], ...whose };
}

const PAGE = openAuditPage(
  {
    ...STORY.report,
    accesses: { ...STORY.report.accesses, total: 40, internal: 13, byHour: BY_HOUR, flows: FLOWS },
    exceptions: {
      counts: [],
      beyond: 0,
      listed: [
        raise('bypass', '2026-03-02T00:00:00Z', { party: 'retail', leg: 'telco-retail-usage' }),
        raise('bypass', '2026-03-05T12:00:00Z', { party: 'retail', leg: 'telco-retail-usage' }),
        raise('coverage-gap', '2026-03-05T12:00:00Z'),
        raise('unused-decision', '2026-03-07T06:00:00Z', { party: 'clinic', leg: 'retail-clinic-purchases' }),
      ],
    },
    coverage: RUNS.map(([hours, state], at) => ({
      trail: 'barter-room',
      account: ROOM,
      region: 'eu-central-1',
      from: new Date(
        Date.UTC(
          2026,
          2,
          2,
          RUNS.slice(0, at).reduce((sum, [before]) => sum + before, 0),
        ),
      ).toISOString(),
      hours,
      state,
    })),
    header: {
      ...STORY.report.header,
      records: {
        read: 90,
        accesses: 41,
        duplicates: 11,
        conflicts: 2,
        internal: [
          { what: 's3 GetObject', records: 13, first: { file: 'f', record: 0 } },
          { what: 's3 PutObject', records: 4, first: { file: 'f', record: 1 } },
        ],
        unknown: [{ what: 's3 GetFoo', records: 12, first: { file: 'f', record: 2 } }],
        malformed: [{ what: 'no time', records: 7, first: { file: 'f', record: 3 } }],
      },
    },
  },
  pageOfStory(STORY),
);

const draw = (markup: Markup) => renderMarkup(markup);
const describePlots = (drawn: string) => [...drawn.matchAll(/<desc[^>]*>(.*?)<\/desc>/gs)].map(([, text]) => text);
/** What a drawing has of an element, by these of its attributes. */
function listElements(drawn: string, element: string, ...names: readonly string[]): readonly (readonly string[])[] {
  return [...drawn.matchAll(new RegExp(`<${element} [^>]*>`, 'g'))].map(([tag]) =>
    names.map((name) => new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? ''),
  );
}

describe('the timeline', () => {
  const drawn = draw(drawTimeline(PAGE));

  it('says what each party did in all, and at most at once', () => {
    expect(describePlots(drawn)).toEqual([
      '27 accesses, at most 12 in 2 hours. retail: 10, clinic: 10, not attributed: 7.',
    ]);
    const legend = [...drawn.matchAll(/<span class="soft">(\d+)<\/span><\/li>/g)].map(([, count]) => count);
    expect(legend).toEqual(['10', '10', '7']);
  });

  it('has a bar for each party and bin, as high as what was done in all its hours', () => {
    // 84 bins of two hours; the highest of 12 accesses is 150 pixels high.
    const bin = (at: number) => `${Number((((at + 0.07) / 84) * 100).toFixed(3))}%`;
    const hue = (party: string) => PAGE.cast.get(party)?.hue;
    expect(listElements(drawn, 'rect', 'class', 'x', 'height')).toEqual([
      [`stack ${hue('retail')}`, bin(0), '100.0'],
      [`stack ${hue('clinic')}`, bin(0), '50.0'],
      [`stack ${hue('clinic')}`, bin(27), '75.0'],
      [`stack ${hue('retail')}`, bin(83), '25.0'],
      ['stack stranger', bin(83), '87.5'],
    ]);
  });

  it('marks each exception where it was', () => {
    const marks = [...drawn.matchAll(/<svg x="([\d.]+)%"[^>]*><(?:path|circle) class="mark (\w+)"/g)];
    expect(marks.map(([, x, severity]) => [x, severity])).toEqual([
      ['0', 'breach'],
      ['50', 'breach'],
      ['50', 'gap'],
      ['75', 'notice'],
    ]);
  });
});

describe('the heatmap', () => {
  const drawn = draw(drawHeatmap(PAGE));

  it('says of each party and dataset how often', () => {
    expect(describePlots(drawn)).toEqual([
      [
        `${RETAIL!.name}, usage: 8, breaches: 2`,
        `${CLINIC!.name}, purchases: 10`,
        `${RETAIL!.name}, visits: 2`,
        'not attributed, no dataset told: 7.',
      ].join('; '),
    ]);
  });

  it('shows a stranger’s breach with the dataset that was reached, and what is of none by itself', () => {
    const story = tellAuditStory({ accesses: 0 });
    const page = openAuditPage(story.report, pageOfStory(story));
    const dataset = page.report.agreements[0]!.legs[0]!.dataset;
    const [cells] = describePlots(draw(drawHeatmap(page)));
    const strangers = (cells ?? '').split('; ').filter((cell) => cell.startsWith('not attributed'));
    expect(strangers).toEqual([
      `not attributed, ${dataset}: 1, breaches: 1`,
      // Somebody of the room took a party's role, and one opened it to a stranger.
      'not attributed, no dataset told: 2, breaches: 2.',
    ]);
  });

  it('has no row for what is of no dataset where there is none such', () => {
    const { report, rows } = PAGE;
    const byHour = BY_HOUR.filter(({ dataset }) => dataset !== undefined);
    const own = openAuditPage({ ...report, accesses: { ...report.accesses, byHour } }, rows);
    expect(draw(drawHeatmap(own))).not.toContain('not told');
    const atDoor = { hour: '2026-03-02T00:00:00Z', party: 'retail', accesses: 1, refused: 0 };
    const signedIn = openAuditPage({ ...report, accesses: { ...report.accesses, byHour: [...byHour, atDoor] } }, rows);
    expect(draw(drawHeatmap(signedIn))).toContain('not told');
  });

  it('has these figures in their cells, with the breaches in them, and nothing in the others', () => {
    const middle = (column: number) => `${Number(((column / 4 + 0.12) * 100).toFixed(3))}%`;
    const cells = [...drawn.matchAll(/<text x="([^"]*)" y="(\d+)" text-anchor="middle">(.*?)<\/text>/g)].map(
      ([, x, y, text = '']) => [x, Math.floor(Number(y) / 58), text.replaceAll(/<[^>]*>/g, ' ').trim()],
    );
    expect(cells).toEqual([
      [middle(1), 0, '8 ▲2'],
      [middle(2), 1, '10'],
      [middle(1), 2, '2'],
      [middle(3), 3, '7'],
    ]);
    expect(listElements(drawn, 'rect', 'class').filter(([cell]) => cell === 'cell none')).toHaveLength(12);
  });
});

describe('the coverage', () => {
  const drawn = draw(drawCoverage(PAGE));

  it('says how many hours are proven, and how', () => {
    const words = [
      '24 proven by digests',
      '12 proven quiet: digests name no log file',
      '48 proven in part',
      '30 log files, no digest',
      '48 a log file is missing or changed',
      '6 nothing tells of it',
    ];
    expect(describePlots(drawn)).toEqual([`barter-room · eu-central-1 · ${ROOM}: ${words.join(', ')}.`]);
    const legend = [...drawn.matchAll(/<span class="soft">(\d+) hours<\/span>/g)].map(([, hours]) => hours);
    expect(legend).toEqual(['24', '12', '48', '30', '48', '6']);
  });

  it('draws each run where it was, and the worse the lower', () => {
    const percent = (hours: number) => `${Number(((hours / 168) * 100).toFixed(3))}%`;
    const heights = { validated: 18, quiet: 18, 'partly-validated': 13, logged: 8, incomplete: 5, silent: 3 };
    let before = 0;
    const expected = RUNS.map(([hours, state]) => {
      const at = before;
      before += hours;
      return [`covered ${state}`, percent(at), percent(hours), String(heights[state])];
    });
    expect(listElements(drawn, 'rect', 'class', 'x', 'width', 'height')).toEqual(expected);
  });
});

describe('the flow between accounts', () => {
  const drawn = draw(drawAccountFlow(PAGE));

  it('has an arrow for what went from one account to another, and from nobody to itself', () => {
    const titles = [...drawn.matchAll(/<title[^>]*>(.*?)<\/title>/g)].map(([, title]) => title);
    expect(titles).toEqual([`the room → ${CLINIC!.name}`, `${RETAIL!.name} → the room`]);
    expect(describePlots(drawn)).toEqual(['4.0 MB, in 10 accesses.', '1.0 MB, in 8 accesses.']);
  });

  it('says of what no record tells the size that it is not told', () => {
    const { report, rows } = PAGE;
    const flows = [{ from: ROOM, to: RETAIL!.account, accesses: 2, bytes: 0 }];
    const page = openAuditPage({ ...report, accesses: { ...report.accesses, flows } }, rows);
    expect(describePlots(draw(drawAccountFlow(page)))).toEqual(['size not told, in 2 accesses.']);
  });

  it('leads each from where its account stands to where the other does', () => {
    // Three accounts stand in this order: the room, the clinic, the retailer.
    const ends = drawn.split('<li>').flatMap((leg) => {
      const [dot] = listElements(leg.slice(leg.indexOf('class="arrow')), 'circle', 'cx');
      const tip = /<svg x="([\d.]+%)" y="31"/.exec(leg)?.[1];
      return tip === undefined ? [] : [[dot?.[0], tip]];
    });
    expect(ends).toEqual([
      ['16.667%', '50%'],
      ['83.333%', '16.667%'],
    ]);
  });

  it('tells in figures all that went, also within an account and from where nobody knows', () => {
    const rows = [...drawn.matchAll(/<td class="n">([\d,]+)<\/td><td class="n">([^<]*)<\/td>/g)];
    expect(rows.map(([, accesses, sent]) => [accesses, sent])).toEqual([
      ['10', '4.0 MB'],
      ['8', '1.0 MB'],
      ['30', '500 kB'],
      ['1', '200 B'],
    ]);
  });
});

describe('the caption of the flow between accounts', () => {
  const caption = (flows: AuditReport['accesses']['flows']) => {
    const { report, rows } = PAGE;
    const page = openAuditPage({ ...report, accesses: { ...report.accesses, flows } }, rows);
    return /<figcaption>(.*?)<\/figcaption>/s.exec(draw(drawAccountFlow(page)))?.[1];
  };

  it('says what has no arrow, and how much that is', () => {
    expect(caption(FLOWS)).toMatch(
      / is not counted\. Without an arrow: 30 accesses within one account \(500 kB\), 1 access of which an account is not told \(200 B\)\.$/,
    );
  });

  it('says how many arrows would have been too many', () => {
    const strangers = Array.from({ length: 12 }, (_, at) => ({
      from: ROOM,
      to: `7777666655${10 + at}`,
      accesses: 2,
      bytes: 10,
    }));
    expect(caption(strangers)).toMatch(/ Without an arrow: 10 accesses between further accounts \(50 B\)\.$/);
  });

  it.each([
    ['all have one', FLOWS.slice(0, 2)],
    ['nothing went', []],
  ])('says nothing of that where %s, and always what is counted', (_, flows) => {
    expect(caption(flows)).toMatch(/by SFTP or by a link is counted .* is not counted\.$/);
  });
});

test('what was read is told by kind, and adds up', () => {
  const told = [...draw(renderInputs(PAGE)).matchAll(/<dt>(.*?)<\/dt><dd>([\d,]+)<\/dd>/g)];
  expect(told.map(([, name, count]) => [name, Number(count)])).toEqual([
    ['Records read', 90],
    ['Accesses', 41],
    ['Copies of these', 11],
    ['Copies that differ', 2],
    ['The room’s own, counted', 17],
    ['Of no concern, or unknown', 12],
    ['Malformed', 7],
  ]);
  const [read, ...parts] = told.map(([, , count]) => Number(count));
  expect(parts.reduce((sum, part) => sum + part, 0)).toBe(read);
});

test('the parties of the story are three, and one of them runs the room', () => {
  expect([TELCO, RETAIL, CLINIC].map((party) => party?.id)).toEqual(['telco', 'retail', 'clinic']);
});
