import type { ControlEvidence, ReportSection } from '../../domain/audit/report/audit-report';
import { html, type Markup } from '../html';
import type { AuditPage } from './audit-page';

/** Control by control: what this report shows for it, and what it does not. */
export function renderStandards({ report }: AuditPage): Markup {
  const frameworks = [...new Set(report.standards.map(({ framework }) => framework))];
  return html`<p>Evidence for an assessor to weigh, not a statement of conformity. What has to come from elsewhere is said beside it.</p>
${frameworks.map((framework) => {
  const controls = report.standards.filter((each) => each.framework === framework);
  return html`<details class="standard"><summary><strong>${framework}</strong> <span class="soft">${controls[0]?.control} to ${controls.at(-1)?.control}</span></summary>
<table class="rows controls" role="table"><caption class="hidden">${framework}</caption><thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Control</th><th role="columnheader" scope="col">Shown here</th><th role="columnheader" scope="col">Not covered here</th></tr></thead><tbody role="rowgroup">${controls.map(renderControl)}</tbody></table></details>`;
})}`;
}

function renderControl({ control, title, shown, notCovered }: ControlEvidence): Markup {
  return html`<tr role="row"><td role="cell"><strong>${control}</strong><span class="note">${title}</span></td>
<td role="cell">${shown.length === 0 ? html`<span class="soft">nothing</span>` : html`<ul>${shown.map(({ section, sentence }) => html`<li><bdi>${sentence}</bdi> <a href="#${section}">${SECTION_NAMES[section]}</a></li>`)}</ul>`}</td>
<td role="cell" data-label="not covered here"><span class="soft">${notCovered}</span></td></tr>`;
}

const SECTION_NAMES: Readonly<Record<ReportSection, string>> = {
  exceptions: 'Exceptions',
  accesses: 'Accesses',
  coverage: 'Coverage',
  integrity: 'Integrity',
  trails: 'Trails',
  functions: 'Code',
  agreements: 'Agreements',
  breaches: 'Breaches',
  rounds: 'Rounds',
  releases: 'Releases',
  processing: 'Record of processing',
  destruction: 'Destruction',
  operator: 'Operator',
  unseen: 'Not seen',
};
