import fc from 'fast-check';
import { renderAuditReport } from '../../../../lib/report/audit/render-audit-report';
import { type AuditStory, tellAuditStory } from '../../../fixtures/audit-story';
import { CODE_POINT } from '../../../fixtures/code-point';
import { pageOfStory } from '../../../fixtures/page-of-story';

function pageOf(story: AuditStory): string {
  return renderAuditReport(story.report, pageOfStory(story));
}

test('no text of a log adds a tag, whatever it holds', () => {
  const tags = (hostile: string) =>
    pageOf(tellAuditStory({ accesses: 3, hostile }))
      .replace(/<script type="application\/octet-stream".*?<\/script>/gs, '')
      .split('<').length;
  const plain = tags('plain');
  fc.assert(
    fc.property(fc.string({ unit: CODE_POINT, minLength: 1 }), (text) => {
      expect(tags(text)).toBe(plain);
    }),
    { numRuns: 30 },
  );
});
